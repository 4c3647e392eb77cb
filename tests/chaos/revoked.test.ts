import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { FILES_ANNOTATION } from "../../common/names.ts";
import { CLIENT_LABEL, type ClientPod, untilConnects, withClientPods } from "../e2e/clientPods.ts";
import { inPod, type Kubernetes, pods } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import {
    ACLS,
    adminTool,
    CONFIGS,
    javaCommand,
    RETRYING,
    serverIn,
    TOPICS,
    VERIFIABLE_PRODUCER,
    withRetries,
} from "../e2e/kafkaTools.ts";
import { Load } from "../e2e/load.ts";
import { allArrived, SAMPLE, SAMPLE_LINES, send, unity } from "../e2e/unity.ts";
import { assertHealthy, type Config, changed, configOf, ScenarioStack } from "./stack.ts";

const STACK = "revoked";
const RED = `${STACK}-red`;
const CLIENTS = `${RED}-clients`;
const SETTINGS = "/etc/kafka-client/client.properties";

describe("a revoked key", function () {
    this.timeout("15m");
    const loader = { name: "loader", produce: ["orders"] };
    const courier = { name: "courier", consume: ["orders"], quotas: { consume: "5MB/s" } };
    const config = (components: object[], operatorKey = 2): Config =>
        configOf(STACK, [
            {
                name: "red",
                topics: [{ name: "orders", partitions: 3 }],
                components,
                certificates: { operatorKey },
            },
        ]);
    const withFirst = config([loader, courier], 1);
    const withNext = config([loader, courier]);
    const stack = new ScenarioStack(STACK);
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        k = await sharedPlatform();
        await stack.create();
        await stack.up(withFirst);
    });
    after(() => stack.destroy(withNext));

    const clientPod = (name: string, secret: string): ClientPod => ({
        namespace: CLIENTS,
        name,
        labels: CLIENT_LABEL,
        secrets: { "/etc/kafka-client": secret },
    });
    const writer = clientPod("writer", "kafka-client-loader");
    const thief = clientPod("thief", "stolen");
    const brokers = async () =>
        (await pods(k, RED, "kafka")).map(({ metadata }) => ({
            uid: metadata!.uid!,
            superUsers: /^super\.users=(.*)$/m.exec(
                metadata!.annotations![`${FILES_ANNOTATION}/server.properties`]!,
            )![1],
        }));
    const secret = async (name: string, namespace = RED) => {
        const { data } = await k.core.readNamespacedSecret({ namespace, name });
        return data!;
    };
    /** What Kafka's tool prints in the thief's pod, errors too. */
    const steal = (mainClass: string, ...args: string[]) => {
        const command = javaCommand(mainClass, [...serverIn(RED), "--command-config", SETTINGS, ...args]);
        return inPod(k, CLIENTS, thief.name, ["sh", "-c", '"$@" 2>&1 || true', "sh", ...command]);
    };
    const steals = async () => ({
        topics: /^orders$/m.test(await steal(TOPICS, "--list")),
        acls: /User:loader/.test(await steal(ACLS, "--list")),
    });
    const listed = async () => ({
        acls: await adminTool(k, RED, ACLS, "--list"),
        quotas: await adminTool(k, RED, CONFIGS, "--describe", "--entity-type", "users"),
    });

    it("of the operator is refused after the up, also where one was killed in the middle, and no other client notices", async () => {
        await k.core.createNamespacedSecret({
            namespace: CLIENTS,
            body: { metadata: { name: "stolen" }, data: await secret("kafka-operator") },
        });
        await withClientPods(k, [writer, thief], async () => {
            await untilConnects(k, writer, `kafka-bootstrap.${RED}`, 9092);
            await untilConnects(k, thief, `kafka-bootstrap.${RED}`, 9092);
            const load = new Load(
                k,
                CLIENTS,
                writer.name,
                javaCommand(
                    VERIFIABLE_PRODUCER,
                    [
                        ...serverIn(RED),
                        "--topic",
                        "orders",
                        "--throughput",
                        "50",
                        "--producer.config",
                        RETRYING,
                    ],
                    [withRetries(SETTINGS)],
                ),
            );
            try {
                await load.untilMore(50);
                assert.deepEqual(await steals(), { topics: true, acls: true });
                const old = new Set((await brokers()).map(({ uid }) => uid));
                const restarted = async () => (await brokers()).some(({ uid }) => !old.has(uid));
                await stack.interruptUp(withNext, restarted, "SIGKILL");
                // Some brokers know the next key as a super user, and the others by its ACLs.
                const known = new Set((await brokers()).map(({ superUsers }) => superUsers));
                assert.equal(known.size, 2, [...known].join());
                const { subject } = new X509Certificate(
                    Buffer.from((await secret("kafka-operator"))["tls.crt"]!, "base64"),
                );
                assert.equal(subject, "CN=operator.unity-kafka.2");
                assert.deepEqual(await send(RED, SAMPLE), allArrived(SAMPLE_LINES));

                await stack.create();
                await stack.up(withNext);
                await load.untilMore(50);
                assert.deepEqual(await steals(), { topics: false, acls: false });
                assert.match(await steal(ACLS, "--list"), /ClusterAuthorizationException/);
            } finally {
                await load.stop();
            }
            assert.equal(load.failed, 0, "records of the component");
        });
        assert.deepEqual(
            new Set((await brokers()).map(({ superUsers }) => superUsers)),
            new Set(["User:brokers.unity-kafka;User:operator.unity-kafka.2"]),
        );
        assert.doesNotMatch((await listed()).acls, /operator/);
        await assertHealthy(k, RED);
        await stack.pulumi(["preview", "--refresh", "--run-program", "--expect-no-changes"], withNext);
    });

    it("of a component that was taken out of config is refused although the brokers do not roll out", async () => {
        const broken = changed(config([loader]), { kafka: { jvmOptions: ["-XX:+NoSuchFlag"] } });
        const isStuck = async () =>
            (await pods(k, RED, "kafka")).some(({ status }) =>
                status?.containerStatuses?.some(({ restartCount, ready }) => restartCount > 0 && !ready),
            );
        await stack.interruptUp(broken, isStuck);
        const { acls, quotas } = await listed();
        assert.match(acls, /User:loader/);
        assert.doesNotMatch(acls, /courier/);
        assert.doesNotMatch(quotas, /courier/);
        await assert.rejects(secret("kafka-client-courier", CLIENTS), { code: 404 });
        await assert.rejects(unity(["connect", "courier", "--local", "--namespace", RED]));
        await stack.up(config([loader]));
        await assertHealthy(k, RED);
    });
});

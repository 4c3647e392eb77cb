import assert from "node:assert/strict";
import { type Kubernetes, killJava, until, untilReady } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, runBeside, sharedEnvironment, sharedPlatform } from "./environment.ts";
import {
    allowedAtIkp,
    atFakeIkp,
    BOOTSTRAP_SERVERS,
    IKP_NAMESPACE,
    IKP_USER,
    ikpToolCommand,
    removeFakeIkp,
    startFakeIkp,
    untilFakeIkpReady,
} from "./fakeIkpCluster.ts";
import {
    adminTool,
    CONSUMER,
    CONSUMER_CONNECTION,
    SERVER,
    TOOL_SETTINGS,
    TOPICS,
    toolCommand,
    VERIFIABLE_PRODUCER,
} from "./kafkaTools.ts";
import { Load, Reader } from "./load.ts";
import { assertPanelsHaveData } from "./panels.ts";
import { changed, pulumi, stackFile, up } from "./stack.ts";
import { unity } from "./unity.ts";

/** Topics of blue that are mirrored. */
const MIRRORED = ["rates", "customers", "invoices"];
/** Value of records that the bridge finds at IKP when it begins. */
const OLD = "old";

describe("bridge to IKP", function () {
    this.timeout("20m");
    let k: Kubernetes;
    let ca: string;
    const startIkp = runBeside(async () => {
        k = await sharedPlatform();
        ({ ca } = await startFakeIkp(k));
        await prepareIkp();
    });
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    /** Has topics and ACLs created at the fake IKP, and records that are older than the bridge. */
    async function prepareIkp(): Promise<void> {
        const mayUse = allowedAtIkp.bind(undefined, IKP_USER.username, "topic");
        await atFakeIkp(async (admin, producer) => {
            const topics = ["rates", "crm.customers", "invoices", "secret"];
            await admin.createTopics({
                topics: topics.map((name) => ({ topic: name, numPartitions: 2 })),
                waitForLeaders: true,
            });
            await admin.createAcls({
                acl: [
                    // It may read secret too, which config does not list.
                    ...["rates", "crm.customers", "secret"].flatMap((name) =>
                        mayUse(name, "describe", "read"),
                    ),
                    ...mayUse("invoices", "describe", "write"),
                ],
            });
            await producer.send({
                topic: "rates",
                messages: [0, 1].map((partition) => ({ partition, value: OLD })),
            });
        });
    }

    /** Topics there, but for the one that this test's own consumer brings about. */
    async function topicsAtIkp(): Promise<string[]> {
        const topics = await atFakeIkp((admin) => admin.listTopics());
        return topics.filter((name) => name !== "__consumer_offsets").sort();
    }

    const topic = (name: string) => ({ name, partitions: 2 });
    const bridged = () =>
        changed((settings) => {
            settings.ikp = {
                bootstrapServers: BOOTSTRAP_SERVERS,
                authority: ca,
            };
            const blue = settings.projects[0]!;
            blue.topics!.push(...MIRRORED.map(topic));
            blue.bridge = {
                ikp: { sasl: { mechanism: "PLAIN", username: IKP_USER.username } },
                inbound: ["rates", { from: "crm.customers", to: "customers" }],
                outbound: ["invoices"],
                heap: "256Mi",
                memory: "640Mi",
                cpu: "50m",
                jvmOptions: ["-XX:TieredStopAtLevel=1"],
            };
        });

    it("listed topics are mirrored without loss while brokers of both sides are killed, no other topic is, and dashboards have data", async () => {
        const loads: Load[] = [];
        const readers: Reader[] = [];
        try {
            await startIkp();
            const before = await topicsAtIkp();
            const file = stackFile(bridged());
            const password = [
                "--path",
                "unity-kafka:projects[0].bridge.ikp.sasl.password",
                IKP_USER.password,
            ];
            await pulumi(["config", "set", "--secret", ...password], file);
            await pulumi(["up", "--yes", "--skip-preview"], file);

            const produce = ["--throughput", "150", "--acks", "-1", "--topic"];
            const atIkp = (name: string) =>
                new Load(k, IKP_NAMESPACE, "ikp-0", ikpToolCommand(VERIFIABLE_PRODUCER, ...produce, name));
            const settings = ["--producer.config", TOOL_SETTINGS];
            const inBlue = toolCommand(VERIFIABLE_PRODUCER, [...SERVER, ...settings, ...produce, "invoices"]);
            loads.push(atIkp("rates"), atIkp("crm.customers"), new Load(k, BLUE, "kafka-0", inBlue));
            // A broker that is not killed, and has no load beside it.
            for (const name of ["rates", "customers"]) {
                readers.push(
                    new Reader(k, BLUE, "kafka-2", toolCommand(CONSUMER, CONSUMER_CONNECTION), name),
                );
            }
            readers.push(new Reader(k, IKP_NAMESPACE, "ikp-2", ikpToolCommand(CONSUMER), "invoices"));
            const unlisted = atIkp("secret");
            const more = (count: number) => Promise.all(loads.map((load) => load.untilMore(count)));
            await Promise.all([more(300), unlisted.untilMore(50).then(() => unlisted.stop())]);
            await killJava(k, IKP_NAMESPACE, "ikp-1");
            await more(300);
            await killJava(k, BLUE, "kafka-1");
            await more(300);
            for (const load of loads) {
                load.assertRunning();
            }
            await Promise.all(loads.map((load) => load.stop()));
            await Promise.all([
                ...loads.map(({ acknowledged }, i) => readers[i]!.untilRead(acknowledged, 180)),
                untilFakeIkpReady(k),
                untilReady(k, BLUE, "kafka", 3),
                pulumi(["preview", "--expect-no-changes"], file),
            ]);
            assert(!readers[0]!.values.has(OLD), "it begins at the end");
            await assertPanelsHaveData(
                k,
                BLUE,
                ["kafka", "zookeeper", "bridge"],
                /^(?!kubelet|kafka_consumergroup)/,
            );
            const [status, own, there] = await Promise.all([
                unity(["status", "--local", "--namespace", BLUE]),
                adminTool(k, BLUE, TOPICS, "--list"),
                topicsAtIkp(),
            ]);
            assert.match(status, /^ {2}rates +ikp -> unity-e2e-blue +0$/m);
            assert.match(status, /^ {2}invoices +unity-e2e-blue -> ikp +0$/m);
            assert.doesNotMatch(own, /secret|crm\.customers/);
            assert.deepEqual(there, before, "nothing is created at IKP");
        } finally {
            await Promise.allSettled([...loads, ...readers].map((each) => each.stop()));
            // Removed from config, the bridge is deleted; its topics hold data, which takes a word.
            const allowDestroy = MIRRORED.map((name) => `topic/blue/${name}`);
            await up(changed((settings) => Object.assign(settings, { allowDestroy })));
            await removeFakeIkp(k);
        }
        await until("the bridge is gone", 60, async () => {
            const { items } = await k.apps.listNamespacedDeployment({ namespace: BLUE });
            return items.length === 0;
        });
        assert.doesNotMatch(await adminTool(k, BLUE, TOPICS, "--list"), /rates|customers|invoices/);
    });
});

import assert from "node:assert/strict";
import { type Kubernetes, killJava, until, untilReady } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, runBeside, sharedEnvironment, sharedPlatform } from "./environment.ts";
import {
    BOOTSTRAP_SERVERS,
    IKP_NAMESPACE,
    IKP_USER,
    ikpTool,
    ikpToolCommand,
    removeFakeIkp,
    startFakeIkp,
    untilFakeIkpReady,
} from "./fakeIkpCluster.ts";
import {
    ACLS,
    adminTool,
    CONSUMER,
    consumeAll,
    SERVER,
    TOOL_SETTINGS,
    TOPICS,
    toolCommand,
    VERIFIABLE_PRODUCER,
} from "./kafkaTools.ts";
import { Load } from "./load.ts";
import { changed, pulumi, stackFile, up } from "./stack.ts";
import { unity } from "./unity.ts";

/** Topics of blue that are mirrored. */
const MIRRORED = ["rates", "customers", "invoices"];

describe("bridge to IKP", function () {
    this.timeout("20m");
    let k: Kubernetes;
    let ca: string;
    const startIkp = runBeside(async () => {
        k = await sharedPlatform();
        ca = await startFakeIkp(k);
        await prepareIkp();
    });
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    /** Has topics and ACLs created at the fake IKP. */
    async function prepareIkp(): Promise<void> {
        const create = (name: string) => ikpTool(k, TOPICS, "--create", "--topic", name, "--partitions", "2");
        const allow = (names: readonly string[], ...operations: string[]) =>
            ikpTool(
                k,
                ACLS,
                ...["--add", "--allow-principal", `User:${IKP_USER.username}`],
                ...names.flatMap((name) => ["--topic", name]),
                ...operations.flatMap((operation) => ["--operation", operation]),
            );
        await Promise.all([
            ...["rates", "crm.customers", "invoices", "secret"].map(create),
            // It may read this one too, which config does not list.
            allow(["rates", "crm.customers", "secret"], "Describe", "Read", "DescribeConfigs"),
            allow(["invoices"], "Describe", "Write"),
        ]);
        const values = ["--max-messages", "20", "--throughput", "-1", "--value-prefix", "9"];
        await ikpTool(k, VERIFIABLE_PRODUCER, "--topic", "rates", ...values);
    }

    /** Topics there, but for the one that this test's own consumer brings about. */
    async function topicsAtIkp(): Promise<string> {
        return (await ikpTool(k, TOPICS, "--list")).replace("__consumer_offsets\n", "");
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

    it("listed topics are mirrored without loss while brokers of both sides are killed, and no other topic is", async () => {
        const loads: Load[] = [];
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
            await untilFakeIkpReady(k);
            await untilReady(k, BLUE, "kafka", 3);

            const all = ["--from-beginning", "--timeout-ms", "6000", "--topic", "invoices"];
            const read = [
                () => consumeAll(k, BLUE, "rates"),
                () => consumeAll(k, BLUE, "customers"),
                () => ikpTool(k, CONSUMER, ...all),
            ];
            await Promise.all(
                loads.map(({ acknowledged }, i) =>
                    until(`every acknowledged record is mirrored to ${MIRRORED[i]}`, 180, async () => {
                        const arrived = new Set((await read[i]!()).split("\n"));
                        return acknowledged.every((value) => arrived.has(value));
                    }),
                ),
            );
            assert.doesNotMatch(await consumeAll(k, BLUE, "rates"), /^9\./m, "it begins at the end");
            const status = await unity(["status", "--local", "--namespace", BLUE]);
            assert.match(status, /^ {2}rates +ikp -> unity-e2e-blue +0$/m);
            assert.match(status, /^ {2}invoices +unity-e2e-blue -> ikp +0$/m);
            assert.doesNotMatch(await adminTool(k, BLUE, TOPICS, "--list"), /secret|crm\.customers/);
            assert.equal(await topicsAtIkp(), before, "nothing is created at IKP");
            await pulumi(["preview", "--expect-no-changes"], file);
        } finally {
            await Promise.allSettled(loads.map((load) => load.stop()));
            await removeFakeIkp(k);
            // Removed from config, the bridge is deleted; its topics hold data, which takes a word.
            const allowDestroy = MIRRORED.map((name) => `topic/blue/${name}`);
            await up(changed((settings) => Object.assign(settings, { allowDestroy })));
        }
        await until("the bridge is gone", 60, async () => {
            const { items } = await k.apps.listNamespacedDeployment({ namespace: BLUE });
            return items.length === 0;
        });
        assert.doesNotMatch(await adminTool(k, BLUE, TOPICS, "--list"), /rates|customers|invoices/);
    });
});

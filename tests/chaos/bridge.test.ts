import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { BRIDGE } from "../../common/names.ts";
import { type Kubernetes, killJava, pods, until, untilReady } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import {
    allowedAtIkp,
    atFakeIkp,
    IKP_NAMESPACE,
    ikpTool,
    ikpToolCommand,
    MTLS_SERVERS,
    MTLS_USER,
    removeFakeIkp,
    startFakeIkp,
} from "../e2e/fakeIkpCluster.ts";
import {
    adminTool,
    CONSUMER,
    CONSUMER_CONNECTION,
    consume,
    GROUPS,
    OFFSETS,
    SERVER,
    TOOL_SETTINGS,
    toolCommand,
    VERIFIABLE_PRODUCER,
} from "../e2e/kafkaTools.ts";
import { Load, Reader } from "../e2e/load.ts";
import { unityStatus } from "../e2e/unity.ts";
import { type Config, configOf, ScenarioStack } from "./stack.ts";

const STACK = "bridge";
const RED = `${STACK}-red`;
/** Bytes that topic documents takes at IKP, and later here as well. */
const LARGE = { "max.message.bytes": 4_000_000 };

const topic = (name: string, partitions: number, config = {}) => ({ name, partitions, config });

describe("a bridge of two pods that logs in by a certificate", function () {
    this.timeout("12m");
    const stack = new ScenarioStack(STACK);
    const running: (Load | Reader)[] = [];
    let k: Kubernetes;
    let config: Config;
    let rates: Reader;
    let invoices: Reader;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        k = await sharedPlatform();
        const { ca, client } = await startFakeIkp(k);
        await Promise.all([prepareIkp(), stack.create()]);
        const red = {
            name: "red",
            topics: [topic("rates", 2), topic("documents", 1), topic("invoices", 2)],
            bridge: {
                ikp: { tls: { certificate: client.certificate } },
                inbound: ["rates", "documents"],
                outbound: ["invoices"],
                groups: ["importer", "exporter"],
                replicas: 2,
                heap: "256Mi",
                memory: "640Mi",
                cpu: "50m",
                jvmOptions: ["-XX:TieredStopAtLevel=1"],
            },
        };
        const ikp = { bootstrapServers: MTLS_SERVERS, authority: ca };
        const plain = { ...configOf(STACK, [red]), ikp };
        config = await stack.withSecret(plain, "projects[0].bridge.ikp.tls.key", client.key);
        await stack.up(config);
        const own = toolCommand(CONSUMER, CONSUMER_CONNECTION);
        rates = new Reader(k, RED, "kafka-2", own, "rates");
        invoices = new Reader(k, IKP_NAMESPACE, "ikp-2", ikpToolCommand(CONSUMER), "invoices");
        running.push(rates, invoices);
    });
    after(async () => {
        await Promise.allSettled(running.map((each) => each.stop()));
        await removeFakeIkp(k);
        await stack.destroy(config);
    });

    const documents = { topic: "documents", numPartitions: 1 };

    async function prepareIkp(): Promise<void> {
        const may = allowedAtIkp.bind(undefined, MTLS_USER);
        await atFakeIkp(async (admin) => {
            await admin.createTopics({
                topics: [
                    { topic: "rates", numPartitions: 2 },
                    { topic: "invoices", numPartitions: 2 },
                    { ...documents, configEntries: [{ name: "max.message.bytes", value: "4000000" }] },
                ],
                waitForLeaders: true,
            });
            await admin.createAcls({
                acl: [
                    ...may("topic", "rates", "describe", "read"),
                    ...may("topic", "documents", "describe", "read"),
                    ...may("topic", "invoices", "describe", "read", "write"),
                    ...may("group", "importer", "read"),
                    ...may("group", "exporter", "read"),
                ],
            });
        });
        // Which the bridge does not carry, so that offsets differ on both sides.
        await produceAtIkp("rates", Array(100).fill("old"));
    }

    async function produceAtIkp(name: string, values: readonly (string | Buffer)[]): Promise<void> {
        const messages = values.map((value) => ({ value }));
        await atFakeIkp((_, producer) => producer.send({ topic: name, messages }));
    }

    /** Produces to rates at IKP and to invoices here, until it is stopped. */
    function startLoads(): { readonly atIkp: Load; readonly here: Load } {
        const produce = ["--throughput", "100", "--acks", "-1", "--topic"];
        const own = [...SERVER, "--producer.config", TOOL_SETTINGS, ...produce, "invoices"];
        const there = ikpToolCommand(VERIFIABLE_PRODUCER, ...produce, "rates");
        const loads = {
            atIkp: new Load(k, IKP_NAMESPACE, "ikp-0", there),
            here: new Load(k, RED, "kafka-0", toolCommand(VERIFIABLE_PRODUCER, own)),
        };
        running.push(loads.atIkp, loads.here);
        return loads;
    }

    /** Stops both, and waits until all that they have produced has crossed. */
    async function untilAllCrossed(atIkp: Load, here: Load): Promise<void> {
        await Promise.all([atIkp.stop(), here.stop()]);
        await Promise.all([
            rates.untilRead(atIkp.acknowledged, 240),
            invoices.untilRead(here.acknowledged, 240),
        ]);
    }

    /** Problems that `unity status` names, a line each. */
    async function problems(): Promise<string> {
        const [exitCode, text] = await unityStatus(RED);
        const lines = text.split("\n").filter((line) => line.startsWith("  ! "));
        assert.equal(exitCode, lines.length > 0 ? 10 : 0, text);
        return lines.join("\n");
    }

    const untilNamed = (problem: RegExp) =>
        until(`a problem like ${problem}`, 240, async () => problem.test(await problems()));
    const untilHealthy = () => until("it is healthy", 240, async () => (await problems()) === "");

    /** Changes a topic of the Project by `up`. */
    async function upWith(changed: ReturnType<typeof topic>): Promise<void> {
        const [red] = config.projects as { topics: ReturnType<typeof topic>[] }[];
        const topics = red!.topics.map((each) => (each.name === changed.name ? changed : each));
        config = { ...config, projects: [{ ...red, topics }] };
        await stack.up(config);
    }

    async function scaleBridge(replicas: number): Promise<void> {
        const name = { name: BRIDGE.name, namespace: RED };
        const deployment = await k.apps.readNamespacedDeployment(name);
        deployment.spec!.replicas = replicas;
        await k.apps.replaceNamespacedDeployment({ ...name, body: deployment });
        await untilReady(k, RED, BRIDGE.name, replicas, 240);
    }

    const ownEnd = async (name: string) => {
        const line = await adminTool(k, RED, OFFSETS, "--topic", name);
        return Number(line.trim().split(":").at(-1));
    };

    /** Waits until the offsets of a group are on the other side, and returns the records that it reads there then. */
    async function moveGroup(
        describeOther: () => Promise<string>,
        readRest: () => Promise<string>,
        meanwhile = async () => {},
    ): Promise<string[]> {
        await until("its offsets are on the other side", 120, async () =>
            // The tool fails as long as there is no such group.
            /^\w+ +\w+ +\d+ +[1-9]/m.test(await describeOther().catch(() => "")),
        );
        await meanwhile();
        return (await readRest()).trim().split("\n");
    }

    /** Asserts that a group that was moved has left nothing out, and has not begun again. */
    function assertWentOn(
        produced: readonly string[],
        before: readonly string[],
        after: readonly string[],
    ): void {
        const read = new Set([...before, ...after]);
        assert.deepEqual(
            produced.filter((value) => !read.has(value)),
            [],
        );
        assert(after.length < produced.length, `it has read ${after.length} of ${produced.length}`);
    }

    it("has groups of both sides go on at the other, from IKP wherever they are, from the Project at the end of their topic", async () => {
        const first = startLoads();
        await Promise.all([first.atIkp, first.here].map((load) => load.untilMore(600)));
        await untilAllCrossed(first.atIkp, first.here);

        const importer = ["--group", "importer", "--topic", "rates", "--from-beginning"];
        const exporter = ["--group", "exporter", "--topic", "invoices", "--from-beginning"];
        const idle = ["--timeout-ms", "8000"];
        const describe = (group: string) => ["--describe", "--group", group];
        const lines = async (read: Promise<string>) => (await read).trim().split("\n");
        const [some, all] = await Promise.all([
            lines(ikpTool(k, CONSUMER, ...importer, "--max-messages", "350")),
            lines(consume(k, RED, ...exporter, ...idle)),
        ]);
        const imported = await moveGroup(
            () => adminTool(k, RED, GROUPS, ...describe("importer")),
            () => consume(k, RED, ...importer, ...idle),
        );
        assertWentOn(first.atIkp.acknowledged, some, imported);

        const later: string[] = [];
        const exported = await moveGroup(
            () => ikpTool(k, GROUPS, ...describe("exporter")),
            () => ikpTool(k, CONSUMER, ...exporter, ...idle),
            async () => {
                const { atIkp, here } = startLoads();
                await Promise.all([atIkp, here].map((load) => load.untilMore(200)));
                await untilAllCrossed(atIkp, here);
                later.push(...here.acknowledged);
            },
        );
        assertWentOn([...first.here.acknowledged, ...later], all, exported);
    });

    it("carries every record in both directions while one of its pods is killed", async () => {
        const { atIkp, here } = startLoads();
        const more = () => Promise.all([atIkp, here].map((load) => load.untilMore(300)));
        await more();
        const [pod] = await pods(k, RED, BRIDGE.name);
        await killJava(k, RED, pod!.metadata!.name!);
        await more();
        await untilAllCrossed(atIkp, here);
        await untilReady(k, RED, BRIDGE.name, 2, 240);
        await untilHealthy();
    });

    it("stops no other topic at a record that is too large, names it, and goes on when its topic takes it", async () => {
        await produceAtIkp("documents", [randomBytes(2_000_000)]);
        await untilNamed(/the bridge has stopped at documents-0 \(ikp -> \S+\): RecordTooLargeException/);
        const { atIkp, here } = startLoads();
        await Promise.all([atIkp, here].map((load) => load.untilMore(200)));
        await untilAllCrossed(atIkp, here);
        assert.match(await problems(), /documents-0/);

        await upWith(topic("documents", 1, LARGE));
        for (const { metadata } of await pods(k, RED, BRIDGE.name)) {
            await k.core.deleteNamespacedPod({ namespace: RED, name: metadata!.name! });
        }
        await until("it has crossed", 240, async () => (await ownEnd("documents")) === 1);
        await untilHealthy();
    });

    it("goes on with the other partitions where IKP has got one more than the Project, names it, and carries it when the Project has it too", async () => {
        const topicPartitions = [{ topic: "rates", count: 3 }];
        await atFakeIkp((admin) => admin.createPartitions({ topicPartitions }));
        const { atIkp, here } = startLoads();
        await untilNamed(/the bridge waits at rates-2 \(ikp -> \S+\)/);
        await Promise.all([atIkp, here].map((load) => load.stop()));
        const crossing = atIkp.acknowledged.filter((value) => atIkp.partitions.get(value)! < 2);
        assert(crossing.length < atIkp.acknowledged.length, "there are records in the new partition");
        await rates.untilRead(crossing, 60);
        assert.doesNotMatch(await problems(), /rates-[01]/);

        await upWith(topic("rates", 3));
        await rates.untilRead(atIkp.acknowledged, 240);
        await untilHealthy();
    });

    it("names the records that IKP has deleted before they crossed, and a topic that IKP has created again", async () => {
        await scaleBridge(0);
        await produceAtIkp("documents", Array(30).fill("new"));
        const partitions = [{ partition: 0, offset: "21" }];
        await atFakeIkp(async (admin) => {
            // Without it, kafkajs does not know the topic.
            await admin.fetchTopicOffsets("documents");
            await admin.deleteTopicRecords({ topic: "documents", partitions });
        });
        await scaleBridge(2);
        await untilNamed(
            /the bridge lost 20 records of documents-0 on .*before they crossed \(offsets 1 to 20\)/,
        );
        assert.equal(await ownEnd("documents"), 11);

        await scaleBridge(0);
        await atFakeIkp(async (admin) => {
            await admin.deleteTopics({ topics: ["documents"] });
            await admin.createTopics({ topics: [documents], waitForLeaders: true });
        });
        await produceAtIkp("documents", Array(5).fill("again"));
        await scaleBridge(2);
        await untilNamed(/documents-0 was created again at the source .*offset 31, and went on at 0/);
        assert.equal(await ownEnd("documents"), 16);
    });
});

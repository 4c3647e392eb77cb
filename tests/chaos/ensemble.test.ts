import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { hangs, ready } from "../e2e/brokerFaults.ts";
import { CLIENT_LABEL, type ClientPod, untilConnects, withClientPods } from "../e2e/clientPods.ts";
import { inPod, isReady, type Kubernetes, pods, restarts, until, untilReady } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import {
    CONSUMER,
    javaCommand,
    RETRYING,
    serverIn,
    VERIFIABLE_PRODUCER,
    withRetries,
} from "../e2e/kafkaTools.ts";
import { Load } from "../e2e/load.ts";
import { assertRefused } from "../e2e/refused.ts";
import { zookeeperShell } from "../e2e/zookeeper.ts";
import { type Config, changed, configOf, ScenarioStack } from "./stack.ts";
import { Modes, Znodes } from "./zookeeperLoad.ts";

const STACK = "ensemble";
const RED = `${STACK}-red`;
const TOPIC = "counted";
const PARENT = "/load";
const RATE = 100;
const CLIENT = "/etc/kafka-client/client.properties";
const ZOO_CFG = "files.unity-kafka/zoo.cfg";

const client: ClientPod = {
    namespace: `${RED}-clients`,
    name: "load",
    labels: CLIENT_LABEL,
    secrets: { "/etc/kafka-client": "kafka-client-loader" },
};

describe("an ensemble that grows and shrinks under load", function () {
    this.timeout("40m");
    const config = configOf(STACK, [
        {
            name: "red",
            topics: [{ name: TOPIC, partitions: 6 }],
            components: [{ name: "loader", produce: [TOPIC], consume: [TOPIC], groups: ["check"] }],
        },
    ]);
    const of = (servers: number): Config => changed(config, { zookeeper: { servers } });
    const stack = new ScenarioStack(STACK);
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        // One server on a node.
        k = await sharedPlatform(5);
        await stack.create();
        await stack.up(of(3));
    });
    after(() => stack.destroy(of(3)));

    /** Begins an `up` and kills it when two servers have the list between, so that others have still the one before. */
    async function killedUp(servers: number, list: RegExp): Promise<void> {
        await stack.interruptUp(
            of(servers),
            async () =>
                (await pods(k, RED, "zookeeper")).filter(({ metadata }) =>
                    list.test(metadata?.annotations?.[ZOO_CFG] ?? ""),
                ).length === 2,
            "SIGKILL",
        );
        await stack.create();
    }

    async function assertEnsembleOf(servers: number): Promise<void> {
        const all = await pods(k, RED, "zookeeper");
        assert.deepEqual([all.length, all.every(isReady)], [servers, true]);
        for (const { metadata } of all) {
            const zooCfg = metadata!.annotations![ZOO_CFG]!;
            assert.equal(zooCfg.match(/^server\./gm)?.length, servers);
            assert.doesNotMatch(zooCfg, /^weight/m);
        }
        await stack.pulumi(["preview", "--expect-no-changes"], of(servers));
    }

    const uidsOf = (all: readonly V1Pod[]) => all.map(({ metadata }) => metadata!.uid);
    const brokers = async () =>
        (await pods(k, RED, "kafka")).map((pod) => [pod.metadata!.name, pod.metadata!.uid, restarts(pod)]);

    it("stays as it is while a server is down", async () => {
        const hung = await hangs(k, RED, "zookeeper-1");
        try {
            await until("it is not Ready", 120, async () => !(await ready(k, RED, "zookeeper-1")));
            const before = await pods(k, RED, "zookeeper");
            await assertRefused(
                /it stays 3 while not all servers are updated and Ready \(zookeeper-1 not Ready\)/,
                stack.up(of(5)),
            );
            assert.deepEqual(uidsOf(await pods(k, RED, "zookeeper")), uidsOf(before));
        } finally {
            hung.goOn();
        }
        await untilReady(k, RED, "zookeeper", 3);
    });

    it("has never two leaders, loses nothing and restarts no broker, in one up, in one that is killed and run again, and in one that is taken back", async () => {
        await withClientPods(k, [client], async () => {
            await untilConnects(k, client, `kafka-bootstrap.${RED}`, 9092);
            const before = await brokers();
            const counted = new Load(
                k,
                client.namespace,
                client.name,
                javaCommand(
                    VERIFIABLE_PRODUCER,
                    [
                        ...[...serverIn(RED), "--topic", TOPIC, "--throughput", `${RATE}`],
                        ...["--acks", "-1", "--producer.config", RETRYING],
                    ],
                    [withRetries(CLIENT)],
                ),
            );
            const znodes = new Znodes(k, RED, PARENT);
            const modes = new Modes(RED);
            const tell = (what: string, begun: number) =>
                console.log(
                    `      ${what} in ${((performance.now() - begun) / 1000).toFixed(0)} s: ${modes.samples} samples, at most ${modes.leaders} leader, longest without ${modes.longestGap.toFixed(1)} s; ${znodes.created.length} znodes; ${counted.acknowledged.length} records, longest gap ${counted.longestGap.toFixed(1)} s`,
                );
            try {
                await Promise.all([counted.untilMore(RATE), znodes.untilMore(10)]);

                let begun = performance.now();
                await stack.up(of(5));
                tell("3 to 5 servers in one up", begun);
                await assertEnsembleOf(5);
                assert.equal(modes.inSync, 5);

                begun = performance.now();
                await killedUp(3, /^weight\.1=2$/m);
                await stack.up(of(3));
                tell("5 to 3 servers in an up that was killed and run again", begun);
                await assertEnsembleOf(3);

                begun = performance.now();
                await killedUp(5, /^weight\.1=2$/m);
                // By the state, which the killed one has not written, the StatefulSet has three servers.
                await assertRefused(
                    /was changed, but not by this program\. Run up with --refresh/,
                    stack.up(of(3)),
                );
                await stack.up(of(3), "--refresh");
                tell("back to 3 from the way to 5 servers", begun);
                await assertEnsembleOf(3);

                await Promise.all([counted.untilMore(RATE), znodes.untilMore(10)]);
            } finally {
                await Promise.all([modes.stop(), znodes.stop(), counted.stop()]);
            }
            assert.equal(modes.leaders, 1, "leaders at the same time");
            assert.equal(counted.failed, 0);
            const consumed = new Set(await consume());
            assert.deepEqual(
                counted.acknowledged.filter((value) => !consumed.has(value)),
                [],
            );
            const listed = await zookeeperShell(k, RED, "kafka-0", true, [`ls ${PARENT}`]);
            const there = new Set(/^\[(.*)\]$/m.exec(listed)?.[1]?.split(", "));
            assert.deepEqual(
                znodes.created.filter((name) => !there.has(name)),
                [],
            );
            assert.deepEqual(await brokers(), before);
        });
    });

    /** Values of the records in the topic. */
    async function consume(): Promise<string[]> {
        const args = ["--topic", TOPIC, "--from-beginning", "--timeout-ms", "10000"];
        const rest = ["--group", "check", "--consumer.config", CLIENT];
        const command = javaCommand(CONSUMER, [...serverIn(RED), ...args, ...rest]);
        return (await inPod(k, client.namespace, client.name, command)).split("\n");
    }
});

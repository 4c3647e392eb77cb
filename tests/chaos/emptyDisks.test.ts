import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { hangs } from "../e2e/brokerFaults.ts";
import { inPod, type Kubernetes, until, untilReady } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import { assertRefused } from "../e2e/refused.ts";
import { ask, leaderOf, zookeeperShell } from "../e2e/zookeeper.ts";
import { assertHealthy, configOf, ScenarioStack } from "./stack.ts";

const STACK = "disks";
const RED = `${STACK}-red`;
const CONFIG_MAP = { namespace: RED, name: "zookeeper-initialize" };

describe("an ensemble of which servers have lost their disks", function () {
    this.timeout("15m");
    const config = configOf(STACK, [{ name: "red", topics: [{ name: "orders", partitions: 3 }] }]);
    const stack = new ScenarioStack(STACK);
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        k = await sharedPlatform();
        await stack.create();
        await stack.up(config);
    });
    after(() => stack.destroy(config));

    /** Kills servers with all that is on their disks. */
    async function loseDisks(...servers: string[]): Promise<void> {
        await Promise.all(
            servers.map(async (server) => {
                // Stopped first: it would go on writing files.
                const process = await hangs(k, RED, server);
                await inPod(k, RED, server, [
                    "sh",
                    "-c",
                    "rm -r /var/lib/zookeeper/data /var/lib/zookeeper/log",
                ]);
                process.kill();
            }),
        );
    }
    const mode = async (server: string) =>
        /^Mode: (\w+)$/m.exec(await ask(k, RED, server, "srvr").catch(() => ""))?.[1];
    const serving = async (...servers: string[]) =>
        (await Promise.all(servers.map(mode))).filter((each) => each !== undefined).length;
    /** Whether the permission to begin with empty disks exists. */
    const initializing = () =>
        k.core.readNamespacedConfigMap(CONFIG_MAP).then(
            () => true,
            (error: { code?: number }) => error.code !== 404 && Promise.reject(error as Error),
        );
    const schedulable = (node: string, unschedulable: boolean) =>
        k.core.patchNode(
            { name: node, body: { spec: { unschedulable } } },
            setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        );
    const topics = () => zookeeperShell(k, RED, "kafka-0", true, ["ls /brokers/topics"]);

    it("gets one back as a follower, which has all data again", async () => {
        assert.equal(await initializing(), false, "the first up has taken the permission back");
        const leader = await leaderOf(k, RED);
        await loseDisks(leader);
        await until("it follows another", 120, async () => (await mode(leader)) === "follower");
        assert.notEqual(await leaderOf(k, RED), leader);
        await assertHealthy(k, RED);
    });

    it("does not let two empty servers of three elect one of themselves while the third is down, and the runbook heals it with all data", async () => {
        const third = await k.core.readNamespacedPod({ namespace: RED, name: "zookeeper-2" });
        const node = third.spec!.nodeName!;
        await schedulable(node, true);
        try {
            await k.core.deleteNamespacedPod({ namespace: RED, name: "zookeeper-2" });
            await until("zookeeper-2 is gone", 120, async () => (await mode("zookeeper-2")) === undefined);
            await loseDisks("zookeeper-0", "zookeeper-1");
            const both = ["zookeeper-0", "zookeeper-1"];
            await until("both run", 120, async () =>
                (await Promise.all(both.map((server) => ask(k, RED, server, "ruok").catch(() => "")))).every(
                    (answer) => answer.trim() === "imok",
                ),
            );
            // An election takes a second or two.
            for (let second = 0; second < 30; second++) {
                assert.equal(await serving(...both), 0, "servers that serve with empty disks");
                await sleep(1000);
            }
        } finally {
            await schedulable(node, false);
        }
        await assertRefused(
            /no quorum, 0 of 3 servers are in sync\. Where the disks of a majority were lost, follow "An ensemble that has lost disks" in docs\/troubleshooting\.md/,
            stack.up(config),
        );

        assert.equal(await serving("zookeeper-0", "zookeeper-1", "zookeeper-2"), 0);
        await k.core.createNamespacedConfigMap({
            namespace: RED,
            body: { metadata: { name: CONFIG_MAP.name }, data: { initialize: "true" } },
        });
        for (const name of ["zookeeper-0", "zookeeper-1"]) {
            await k.core.deleteNamespacedPod({ namespace: RED, name });
        }
        await untilReady(k, RED, "zookeeper", 3);
        assert.match(await topics(), /\borders\b/);
        await stack.up(config);
        assert.equal(await initializing(), false, "the next up has taken the permission back");
        await assertHealthy(k, RED);
        await stack.pulumi(["preview", "--expect-no-changes"], config);
    });
});

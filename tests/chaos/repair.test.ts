import assert from "node:assert/strict";
import { PatchStrategy, setHeaderOptions, type V1ContainerStatus } from "@kubernetes/client-node";
import { failureOf } from "../../provider/actions/rolling/servers.ts";
import { inPod, isReady, type Kubernetes, pods, until } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import { assertRefused } from "../e2e/refused.ts";
import { zookeeperCommandLine } from "../e2e/zookeeper.ts";
import { assertHealthy, changed, configOf, ScenarioStack } from "./stack.ts";

const STACK = "repair";
const RED = `${STACK}-red`;
/** Longest that an `up` may take to end after Ctrl-C, in milliseconds: a second, or two beside other work. */
const AT_ONCE = 2_000;

/** What `up` repairs when the config is corrected: no pod, PVC or namespace is touched by hand. */
describe("repair of a Project", function () {
    this.timeout("10m");
    const good = configOf(STACK, [{ name: "red" }]);
    const stack = new ScenarioStack(STACK);
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        k = await sharedPlatform();
        await stack.create();
    });
    after(() => stack.destroy(good));

    /** Whether so many servers of a StatefulSet do not start. */
    const failing = (set: string, count: number) => async () => {
        const found = await pods(k, RED, set).catch(() => []);
        return found.filter((pod) => !isReady(pod) && failureOf(pod) !== undefined).length >= count;
    };
    const ctrlC = async (config: typeof good, set: string, count: number) => {
        const took = await stack.interruptUp(config, failing(set, count));
        assert(took < AT_ONCE, `Ctrl-C took ${Math.round(took)} ms`);
    };
    const healthy = async (config = good) => {
        await stack.up(config);
        await assertHealthy(k, RED);
        await stack.pulumi(["preview", "--expect-no-changes"], config);
    };

    /**
     * Has a broker write more data than ZooKeeper has memory for, and less than it will have. A client ends with its
     * session, and another goes on.
     */
    const fillZookeeper = () => {
        // 256 KiB each.
        const value = "v=x; i=0; while [ $i -lt 18 ]; do v=$v$v; i=$((i + 1)); done";
        const commands = 'i=0; while [ $i -lt 800 ]; do echo "create /fill-$i $v"; i=$((i + 1)); done';
        const again = `n=0; while [ $n -lt 100 ]; do { ${commands}; } | ${zookeeperCommandLine(true)} > /dev/null 2>&1; n=$((n + 1)); sleep 1; done`;
        inPod(k, RED, "kafka-0", ["sh", "-c", `${value}; ${again}`]).catch(() => undefined);
    };

    it("of a first deployment with options that Java does not know, an image that does not exist and a CPU request that no node has, one after the other", async () => {
        const unknownOption = { jvmOptions: ["-XX:+NoSuchFlag"] };
        await ctrlC(changed(good, { zookeeper: unknownOption }), "zookeeper", 3);
        // ZooKeeper is corrected, and the brokers come to their own error.
        await ctrlC(changed(good, { kafka: unknownOption }), "kafka", 3);
        await ctrlC(changed(good, { image: "unity.local/missing:3.9.2" }), "zookeeper", 1);
        await ctrlC(changed(good, { kafka: { cpu: "64" } }), "kafka", 3);
        await healthy();
    });

    it("of an ensemble of which no server has memory for its data, and of brokers with too little to start", async () => {
        await stack.up(good);
        fillZookeeper();
        await until("all servers are out of memory", 300, failing("zookeeper", 3));
        const enough = { zookeeper: { heap: "512Mi", memory: "1Gi" } };
        await ctrlC(changed(good, { ...enough, kafka: { heap: "64Mi" } }), "kafka", 1);
        await healthy(changed(good, enough));
    });

    it("stops by itself at one server that does not start, names the reason, and goes on when it is corrected", async () => {
        await stack.up(good);
        await assertRefused(
            /the rolling update of zookeeper of Project red does not go on: zookeeper-\d does not start: \w*Image\w*.*Fix the cause and run up again/,
            stack.up(changed(good, { image: "unity.local/missing:3.9.2" })),
        );
        const waiting = (await pods(k, RED)).filter((pod) => !isReady(pod));
        assert.equal(waiting.length, 1);
        const [status] = waiting[0]!.status!.containerStatuses as [V1ContainerStatus];
        assert.match(status.state!.waiting!.reason!, /Image/);
        await healthy();
    });

    it("of a StatefulSet that another has changed: an `up` says so and what to type, and that heals", async () => {
        await stack.up(good);
        const restart = { spec: { template: { metadata: { annotations: { restarted: "by hand" } } } } };
        await k.apps.patchNamespacedStatefulSet(
            { namespace: RED, name: "kafka", body: restart },
            setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        );
        await assertRefused(
            /StatefulSet kafka was changed, but not by this program\. Run up with --refresh/,
            stack.up(good),
        );
        await stack.up(good, "--refresh");
        await healthy();
    });
});

import assert from "node:assert/strict";
import { CommandError } from "../../local/exec.ts";
import type { Kubernetes } from "../e2e/cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedEnvironment, untilAllReady } from "../e2e/environment.ts";
import { adminTool, TOPICS } from "../e2e/kafkaTools.ts";
import { changed, up } from "../e2e/stack.ts";
import { expectNoDrift, unityUp } from "../e2e/unityUp.ts";

describe("an up in which one Project is broken", function () {
    this.timeout("15m");
    const allowDestroy = ["topic/blue/late", "topic/blue/later"];
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });
    after(() => up(changed((settings) => Object.assign(settings, { allowDestroy }))).then(() => up()));

    /** Blue gets a topic; green gets what its ZooKeeper does not start with. */
    const withTopic = (topic: string, zookeeper: object) =>
        changed((settings) => {
            const [blue, green] = settings.projects;
            blue!.topics = [...(blue!.topics ?? []), { name: topic, partitions: 3 }];
            Object.assign(settings, { allowDestroy });
            Object.assign(green!, { zookeeper: { ...Reflect.get(green!, "zookeeper"), ...zookeeper } });
        });
    const topics = () => adminTool(k, BLUE, TOPICS, "--list");

    it("changes the others, adds and cleans up there, and ends with an error that names it and why", async () => {
        const broken = { jvmOptions: ["-XX:+NoSuchFlag"] };
        const fails = (topic: string) =>
            assert.rejects(unityUp(withTopic(topic, broken)), (error: unknown) => {
                assert(error instanceof CommandError);
                const last = error.output.trim().split("\n").slice(-8).join("\n");
                assert.match(last, /green/);
                assert.match(last, /zookeeper-\d .*crashes again and again/);
                assert.doesNotMatch(last, /blue/);
                return true;
            });
        await fails("late");
        assert.match(await topics(), /^late$/m);
        // Another one instead of it: what is no longer wanted goes, too.
        await fails("later");
        assert.match(await topics(), /^later$/m);
        assert.doesNotMatch(await topics(), /^late$/m);
        const corrected = withTopic("later", {});
        await unityUp(corrected);
        await untilAllReady(k);
        await expectNoDrift(corrected);
    });
});

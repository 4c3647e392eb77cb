import assert from "node:assert/strict";
import { type Kubernetes, until } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, GREEN, sharedEnvironment } from "../e2e/environment.ts";
import { unityStatus } from "../e2e/unity.ts";
import { zookeeperShell } from "../e2e/zookeeper.ts";

const status = () => unityStatus(GREEN);

describe("a cluster whose controller does not work", function () {
    this.timeout("8m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    /** With the certificate of a broker, which owns what is in ZooKeeper. */
    const asBroker = async (...commands: string[]) => {
        const printed = await zookeeperShell(k, GREEN, "kafka-0", true, commands);
        assert.doesNotMatch(printed, /KeeperErrorCode|Insufficient permission/);
        return printed;
    };
    const untilHealthy = () => until("it is healthy", 120, async () => (await status())[0] === 0);

    it("is UNHEALTHY without the controller's epoch in ZooKeeper, and the runbook heals it, after a restart of the controller too", async () => {
        await untilHealthy();
        await asBroker("delete /controller_epoch");
        const [exitCode, text] = await status();
        assert.equal(exitCode, 10, text);
        assert.match(
            text,
            /^ {2}! no topic can be created \(.+\); follow "No topic can be created" in docs\/troubleshooting\.md$/m,
        );
        await asBroker(
            "create /controller_epoch 1000000 x509:CN=brokers.unity-kafka:cdrwa,world:anyone:r",
            "delete /controller",
        );
        await untilHealthy();
        // What somebody tries first: the next controller counts from 1, and no broker listens to it.
        await asBroker("delete /controller_epoch", "delete /controller");
        await until("the next controller has made an epoch", 60, async () =>
            /^1$/m.test(await asBroker("get /controller_epoch")),
        );
        assert.equal((await status())[0], 10);
        await asBroker("set /controller_epoch 2000000", "delete /controller");
        await untilHealthy();
    });

    it("is UNHEALTHY without a controller, and what it says heals it", async () => {
        // A broker that does not exist has taken the place, in the session of the former controller.
        await asBroker(
            'set /controller {"version":2,"brokerid":99,"timestamp":"1","kraftControllerEpoch":-1}',
        );
        const [exitCode, text] = await status();
        assert.equal(exitCode, 10, text);
        const [, broker] =
            /^ {2}! no broker acts as the controller, which is to be broker (\d); restart it: kubectl --namespace e2e-green delete pod kafka-\1$/m.exec(
                text,
            ) ?? assert.fail(text);
        await k.core.deleteNamespacedPod({ namespace: GREEN, name: `kafka-${broker}` });
        await untilHealthy();
    });
});

import assert from "node:assert/strict";
import { DATA, evict, hangs, ready } from "../e2e/brokerFaults.ts";
import { inPod, metric, until, untilReady } from "../e2e/cluster.ts";
import { GREEN } from "../e2e/environment.ts";
import { withFilledTopic } from "../e2e/filledTopic.ts";
import { adminTool, REASSIGN } from "../e2e/kafkaTools.ts";

describe("readiness of a broker that hangs", function () {
    this.timeout("8m");
    const TOPIC = "hangs";
    const cluster = withFilledTopic(TOPIC, 20_000);

    it("a broker that hangs is unready, no other is drained then, and it comes back without what was moved away", async () => {
        const k = cluster();
        const broker = await hangs(k, GREEN, "kafka-2");
        try {
            await until("kafka-2 is unready", 90, async () => !(await ready(k, GREEN, "kafka-2")));
            await assert.rejects(evict(k, GREEN, "kafka-1"), { code: 429 });
            const moves = { version: 1, partitions: [{ topic: TOPIC, partition: 0, replicas: [0, 1] }] };
            const file = "/tmp/moves.json";
            const write = `printf '%s' '${JSON.stringify(moves)}' > ${file}`;
            await inPod(k, GREEN, "kafka-0", ["sh", "-c", write]);
            const reassign = (action: string) =>
                adminTool(k, GREEN, REASSIGN, action, "--reassignment-json-file", file);
            await reassign("--execute");
            await until("the partition has moved", 60, async () =>
                (await reassign("--verify")).includes(`partition ${TOPIC}-0 is completed`),
            );
        } finally {
            broker.kill();
        }
        await untilReady(k, GREEN, "kafka", 3, 180);
        const stray = `${DATA}/${TOPIC}-0`;
        assert.equal((await inPod(k, GREEN, "kafka-2", ["ls", "-d", stray])).trim(), stray);
        const gauge = "kafka_server_replicamanager_underreplicatedpartitions";
        assert.equal(await metric(k, GREEN, "kafka-0", gauge), 0);
        await inPod(k, GREEN, "kafka-2", ["rm", "-r", stray]);
    });
});

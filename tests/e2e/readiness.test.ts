import assert from "node:assert/strict";
import { createFilledTopic, DATA, evict, hangs, losesItsDisk, ready } from "./brokerFaults.ts";
import { inPod, type Kubernetes, metric, until, untilReady } from "./cluster.ts";
import { BRING_UP_TIMEOUT, GREEN, othersDone, sharedEnvironment } from "./environment.ts";
import { adminTool, REASSIGN, TOPICS } from "./kafkaTools.ts";

describe("readiness of a broker", function () {
    this.timeout("8m");
    const TOPIC = "readiness";
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        await othersDone();
        await createFilledTopic(k, GREEN, TOPIC, 20_000);
    });
    after(() => adminTool(k, GREEN, TOPICS, "--delete", "--topic", TOPIC));

    it("a broker that has lost its disk is Ready when no other misses its replicas", () =>
        losesItsDisk(k, GREEN, "kafka-1"));

    it("a broker that hangs is unready, no other is drained then, and it comes back without what was moved away", async () => {
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

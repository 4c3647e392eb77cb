import assert from "node:assert/strict";
import { findControllers } from "../../kafka/controllers.ts";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import { answeredBy } from "./fakeTunnel.ts";

const cluster = { config: {}, title: "c" } as unknown as KubeCluster;
const METRIC = "kafka_controller_kafkacontroller_activecontrollercount";
const answerOf = (body: string) =>
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** The controllers where pods answer so; one without an answer refuses the connection. */
function controllers(answers: readonly (string | undefined)[]) {
    return findControllers(cluster, "demo", answers.length, (namespace, pod, port) => {
        assert.match(`${namespace}/${pod}:${port}`, /^demo\/kafka-\d:9404$/);
        const answer = answers[Number(pod.at(-1))];
        return answeredBy((request, tunnel) => {
            if (answer === undefined) {
                tunnel.refuse("connection refused");
                return;
            }
            assert.match(request, new RegExp(`^GET /metrics\\?name%5B%5D=${METRIC} `));
            tunnel.deliver(Buffer.from(answerOf(answer)));
        });
    });
}
const metric = (value: string) => `# HELP ${METRIC} x\n# TYPE ${METRIC} gauge\n${METRIC} ${value}\n`;

describe("the controllers of a Project", () => {
    it("are those brokers that say so of themselves, one or more or none", async () => {
        const [yes, no] = [metric("1.0"), metric("0.0")];
        assert.deepEqual(await controllers([no, yes, no]), { active: [1], silent: [] });
        assert.deepEqual(await controllers([yes, no, yes]), { active: [0, 2], silent: [] });
        assert.deepEqual(await controllers([no, no, no]), { active: [], silent: [] });
    });

    it("are not known of a broker that does not answer, or has no such metric yet", async () => {
        assert.deepEqual(await controllers([undefined, metric("1.0"), "jvm_threads 4\n"]), {
            active: [1],
            silent: [0, 2],
        });
    });
});

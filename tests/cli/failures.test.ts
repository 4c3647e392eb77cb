import assert from "node:assert/strict";
import type { EngineEvent } from "../../cli/eventLog.ts";
import { failuresOf } from "../../cli/failures.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::unity-kafka::${type}::${name}`;
const ROOT = urn("pulumi:pulumi:Stack", "unity-kafka-dev");
const project = (name: string) => urn("unity-kafka:index:Project", name);
const cluster = (name: string) =>
    urn("unity-kafka:index:Project$unity-kafka:index:KafkaCluster", `${name}-kafka`);
const set = (name: string) => urn("kubernetes:apps/v1:StatefulSet", `${name}-kafka-servers`);

const begins = (name: string, parent: string): EngineEvent => ({
    resourcePreEvent: { metadata: { op: "update", urn: name, new: { parent } } },
});
const says = (message: string, of?: string, severity = "error"): EngineEvent => ({
    diagnosticEvent: { severity, message, ...(of && { urn: of }) },
});

describe("the failures of a run of pulumi", () => {
    it("name the Project that a resource is in, at whatever depth, each reason once and in one line", () => {
        const events = [
            begins(project("a"), ROOT),
            begins(cluster("a"), project("a")),
            begins(set("a"), cluster("a")),
            says("the rolling update of kafka is blocked:\n  kafka-2 is unschedulable\n", set("a")),
            says("the rolling update of kafka is blocked:\n  kafka-2 is unschedulable\n", set("a")),
            says("just so you know", set("a"), "warning"),
        ];
        assert.deepEqual(failuresOf(events, []), [
            {
                project: "a",
                reason: "StatefulSet a-kafka-servers: the rolling update of kafka is blocked: kafka-2 is unschedulable",
            },
        ]);
    });

    it("name the Project of a resource that has left the program, by the state before", () => {
        const known = [
            { urn: cluster("old"), type: "unity-kafka:index:KafkaCluster", parent: project("old") },
            { urn: set("old"), type: "kubernetes:apps/v1:StatefulSet", parent: cluster("old") },
        ];
        assert.equal(failuresOf([says("is forbidden", set("old"))], known)[0]?.project, "old");
    });

    it("name the Project of a new resource whose check fails, which no step tells of", () => {
        const topic = urn("unity-kafka:index:Project$unity:kafka:Topic", "a-b-topic-orders");
        const message = "unity:kafka:Topic resource 'a-b-topic-orders' has a problem: it exists already";
        const events = [
            ...["a", "a-b", "a-b-c"].map((name) => begins(project(name), ROOT)),
            says(message, topic),
        ];
        assert.deepEqual(failuresOf(events, []), [
            { project: "a-b", reason: `Topic a-b-topic-orders: ${message}` },
        ]);
        const known = { urn: project("a-b"), type: "unity-kafka:index:Project", parent: ROOT };
        assert.equal(failuresOf([says(message, topic)], [known])[0]?.project, "a-b");
        // A node pool may be called like a part of a Project.
        const pool = urn("gcp:container/nodePool:NodePool", "a-b-pool");
        assert.equal(failuresOf([...events, says("quota exceeded", pool)], []).at(-1)?.project, undefined);
    });

    it("name the Project that the deletion guard speaks of", () => {
        const message =
            'before hook "protect-project" failed: StatefulSet kafka of Project billing would be deleted';
        assert.deepEqual(failuresOf([says(message)], []), [{ project: "billing", reason: message }]);
    });

    it("leave out what only follows from another error", () => {
        const events = [
            says("Error: resource a-topic [unity:kafka:Topic] failed to register\n    at resource.ts:795"),
            says("update failed\n"),
            says("preview failed"),
        ];
        assert.deepEqual(failuresOf(events, []), []);
    });

    it("put what all share last, and say what Kubernetes says without the name of the resource twice", () => {
        const pool = urn("gcp:container/nodePool:NodePool", "gke-pools-kafka");
        const prefix = `resource "${set("a")}" was not successfully created by the Kubernetes API server: `;
        const events = [
            begins(set("a"), project("a")),
            says("quota exceeded", pool),
            says(`${prefix}StatefulSet.apps "kafka" is invalid`, set("a")),
            says("x".repeat(400), set("a")),
        ];
        assert.deepEqual(failuresOf(events, []), [
            { project: "a", reason: 'StatefulSet a-kafka-servers: StatefulSet.apps "kafka" is invalid' },
            { project: "a", reason: `StatefulSet a-kafka-servers: ${"x".repeat(299)}…` },
            { reason: "NodePool gke-pools-kafka: quota exceeded" },
        ]);
    });
});

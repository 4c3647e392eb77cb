import assert from "node:assert/strict";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import { needsChange, updatePvcs } from "../../provider/actions/rolling/disks.ts";
import type { RollingUpdateInputs } from "../../provider/resources/rollingUpdate.ts";

const inputs: RollingUpdateInputs = {
    ...{ cluster: {}, namespace: "red", project: "red", statefulSet: "kafka", generation: 1, template: "t" },
    ...{ diskSize: "2Gi", replicas: 2, timeout: 1, verify: false },
};

const pvc = (name: string, size: string, labels: Record<string, string>): V1PersistentVolumeClaim => ({
    metadata: { name, labels: { "app.kubernetes.io/name": "kafka", ...labels } },
    spec: { resources: { requests: { storage: size } } },
});

/** What is sent to a cluster with these PVCs, by their names. */
async function patches(
    pvcs: readonly V1PersistentVolumeClaim[],
    wanted: RollingUpdateInputs,
    former?: Record<string, string>,
): Promise<{ sent: Record<string, unknown>; said: string[] }> {
    const sent: Record<string, unknown> = {};
    const said: string[] = [];
    const core = {
        listNamespacedPersistentVolumeClaim: async () => ({ items: pvcs }),
        patchNamespacedPersistentVolumeClaim: async ({ name, body }: { name: string; body: unknown }) => {
            sent[name] = body;
            return {};
        },
    };
    const context = {
        info: (line: string) => void said.push(line),
        warn: () => undefined,
        signal: AbortSignal.any([]),
    };
    await updatePvcs({ core } as unknown as KubeCluster, wanted, context, former);
    return { sent, said };
}

describe("the PVCs of a StatefulSet", () => {
    const own = { "unity-kafka/project": "red" };

    it("grow, and those of other StatefulSets and of servers that are gone are left", async () => {
        const all = [
            pvc("data-kafka-0", "1Gi", own),
            pvc("data-kafka-1", "2Gi", own),
            pvc("data-kafka-2", "1Gi", own),
            pvc("data-other-0", "1Gi", own),
        ];
        assert.deepEqual(await patches(all, inputs), {
            sent: {
                "data-kafka-0": {
                    metadata: { labels: own },
                    spec: { resources: { requests: { storage: "2Gi" } } },
                },
            },
            said: ["red/kafka: grows PVC data-kafka-0 from 1Gi to 2Gi"],
        });
    });

    it("never shrink", async () => {
        await assert.rejects(patches([pvc("data-kafka-0", "3Gi", own)], inputs), /cannot shrink to 2Gi/);
    });

    it("get the labels of config in silence, lose those that have left it, and keep everybody else's", async () => {
        const labels = { owner: "payments", "acme.example/cost": "4711" };
        const all = [
            pvc("data-kafka-0", "2Gi", { ...own, owner: "former", team: "former", "by-hand": "yes" }),
            pvc("data-kafka-1", "2Gi", { ...own, ...labels }),
        ];
        const wanted = { ...inputs, labels };
        assert.deepEqual(
            all.map((each) => needsChange(each, wanted)),
            [true, false],
        );
        const { sent, said } = await patches(all, wanted, { owner: "former", team: "former" });
        assert.deepEqual(sent, {
            "data-kafka-0": {
                metadata: { labels: { ...labels, ...own, team: null } },
                spec: { resources: { requests: { storage: "2Gi" } } },
            },
        });
        assert.deepEqual(said, []);
        const none = await patches([pvc("data-kafka-1", "2Gi", { ...own, ...labels })], inputs, labels);
        assert.deepEqual((none.sent["data-kafka-1"] as { metadata: { labels: object } }).metadata.labels, {
            ...own,
            owner: null,
            "acme.example/cost": null,
        });
    });

    it("never take a label of config for that of the Project", () => {
        const wanted = { ...inputs, labels: { "unity-kafka/project": "blue" } };
        assert(!needsChange(pvc("data-kafka-0", "2Gi", own), wanted));
    });
});

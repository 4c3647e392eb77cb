import assert from "node:assert/strict";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import { metricsOf, readZookeeperMetrics } from "../../kafka/zookeeperMetrics.ts";
import { answeredBy } from "./fakeTunnel.ts";

const MNTR = "zk_version\t3.8.4-9316c2a, built on 2024-02-12\nzk_server_state\tleader\nzk_znode_count\t141\n";

/** A cluster with these pods of ZooKeeper. */
const clusterOf = (pods: Record<string, string>) => {
    const items = Object.entries(pods).map(([name, zooCfg]) => ({
        metadata: { name, annotations: { "files.unity-kafka/zoo.cfg": zooCfg } },
    }));
    const asked: object[] = [];
    const core = {
        listNamespacedPod: (request: object) => {
            asked.push(request);
            return Promise.resolve({ items });
        },
    };
    return { cluster: { core, config: {}, title: "c" } as unknown as KubeCluster, asked };
};

describe("the metrics of ZooKeeper", () => {
    it("are what mntr answers in each pod, at the port of its zoo.cfg", async () => {
        const { cluster, asked } = clusterOf({
            "zookeeper-0": "clientPort=3182\nclientPortAddress=127.0.0.1\n",
            "zookeeper-1": "",
        });
        const dialled: string[] = [];
        const found = await readZookeeperMetrics(cluster, "demo", (namespace, pod, port) => {
            dialled.push(`${namespace}/${pod}:${port}`);
            return answeredBy((request, tunnel) => {
                assert.equal(request, "mntr");
                if (pod === "zookeeper-0") {
                    tunnel.deliver(Buffer.from(MNTR.slice(0, 20)));
                    tunnel.deliver(Buffer.from(MNTR.slice(20)));
                    tunnel.emit("close");
                } else {
                    tunnel.refuse("connection refused");
                }
            });
        });
        assert.deepEqual(asked, [{ namespace: "demo", labelSelector: "app.kubernetes.io/name=zookeeper" }]);
        assert.deepEqual(dialled, ["demo/zookeeper-0:3182", "demo/zookeeper-1:2182"]);
        assert.deepEqual(found, [
            {
                server: "zookeeper-0",
                metrics: {
                    zk_version: "3.8.4-9316c2a, built on 2024-02-12",
                    zk_server_state: "leader",
                    zk_znode_count: "141",
                },
            },
            {
                server: "zookeeper-1",
                metrics: undefined,
                error: "demo/zookeeper-1:2182: connection refused",
            },
        ]);
    });

    it("are missing where a server does not serve requests or does not know mntr", () => {
        const sentence = "This ZooKeeper instance is not currently serving requests";
        assert.throws(() => metricsOf(`${sentence}\n`), new Error(sentence));
        assert.throws(() => metricsOf(""), /closed the connection without an answer/);
    });

    it("are not asked for where there is no ZooKeeper", async () => {
        await assert.rejects(readZookeeperMetrics(clusterOf({}).cluster, "demo"), {
            name: "ConnectionError",
            message: 'Namespace "demo" has no pods of ZooKeeper',
        });
    });
});

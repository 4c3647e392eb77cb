import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import * as state from "../../provider/actions/reassignment/state.ts";
import { readLeaving } from "../../provider/actions/rolling/servers.ts";
import { fakeKubeconfig } from "./fakeKubeconfig.ts";

const CONFIG_MAPS = "/api/v1/namespaces/unity-blue/configmaps";
const STATEFUL_SET = "GET /apis/apps/v1/namespaces/unity-blue/statefulsets/kafka";

describe("what Kubernetes knows of the number of brokers", () => {
    let folder: string;
    let kubeconfig: string;
    let server: Server;
    let answers: Record<string, [status: number, body: object]>;
    const asked: string[] = [];
    const inputs = () => ({
        ...{ cluster: { kubeconfig }, namespace: "unity-blue", project: "blue", brokers: 3 },
        ...{ replicationFactor: 3, throttle: 1, timeout: 1, verify: true },
    });

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "unity-brokers-"));
        server = createServer(({ method, url = "" }, response) => {
            const request = `${method} ${url.split("?")[0]}`;
            asked.push(request);
            const [status, body] = answers[request] ?? assert.fail(request);
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        kubeconfig = join(folder, "kubeconfig");
        writeFileSync(kubeconfig, fakeKubeconfig((server.address() as AddressInfo).port));
    });
    beforeEach(() => {
        asked.length = 0;
    });
    after(() => {
        server.close();
        rmSync(folder, { recursive: true });
    });

    it("is the size of the StatefulSet, if there is one and it may be read", async () => {
        answers = { [STATEFUL_SET]: [200, { spec: { replicas: 5 } }] };
        assert.equal(await state.currentBrokers(inputs()), 5);
        answers = { [STATEFUL_SET]: [404, {}] };
        assert.equal(await state.currentBrokers(inputs()), undefined);
        answers = { [STATEFUL_SET]: [403, {}] };
        await assert.rejects(state.currentBrokers(inputs()), {
            message:
                "you are not allowed to read StatefulSets in namespace unity-blue (HTTP 403). Ask for the permission",
        });
    });

    it("is noted once while it changes, by a ConfigMap", async () => {
        const get = `GET ${CONFIG_MAPS}/kafka-reassignment`;
        const create = `POST ${CONFIG_MAPS}`;
        const remove = `DELETE ${CONFIG_MAPS}/kafka-reassignment`;
        answers = { [get]: [404, {}], [create]: [201, {}], [remove]: [200, {}] };
        await state.beginReassignment(inputs());
        assert.equal(await state.isReassignmentPending(inputs()), false);
        answers[get] = [200, {}];
        await state.beginReassignment(inputs());
        assert.equal(await state.isReassignmentPending(inputs()), true);
        await state.endReassignment(inputs());
        assert.deepEqual(asked, [get, create, get, get, get, remove]);
    });

    it("is too small for pods that still run after it was lowered", async () => {
        const pods = ["kafka-0", "kafka-10", "kafka-2", "kafka-1", "kafka-3"];
        const core = {
            listNamespacedPod: async () => ({ items: pods.map((name) => ({ metadata: { name } })) }),
        };
        const leaving = (replicas: number) =>
            readLeaving({ core } as unknown as KubeCluster, "unity-blue", {
                metadata: { name: "kafka" },
                spec: { replicas } as never,
            });
        assert.deepEqual(await leaving(3), ["kafka-10", "kafka-3"]);
        assert.deepEqual(await leaving(11), []);
    });
});

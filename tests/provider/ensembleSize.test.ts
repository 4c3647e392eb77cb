import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { type Position, SERVER_LISTS, withServerList } from "../../provider/actions/ensemble/quorums.ts";
import { unityProvider } from "../../provider/provider.ts";
import { fakeKubeconfig } from "./fakeKubeconfig.ts";

const URN = "urn:pulumi:dev::unity-kafka::unity-kafka:index:Project$unity:kubernetes:EnsembleSize::red";
const SET = "/apis/apps/v1/namespaces/demo/statefulsets/zookeeper";
const CORE = "/api/v1/namespaces/demo";
const FILE = "files.unity-kafka/zoo.cfg";
const zooCfg = (position: Position) =>
    withServerList("server.1=zookeeper-0:2888:3888\ntickTime=2000\n", "demo", position);

interface Pod {
    readonly list: string;
    readonly revision: string;
    readonly ready: boolean;
}

/** A StatefulSet of ZooKeeper that restarts its pods by itself, at once, and what is asked of its API. */
class FakeApi {
    template: string | undefined = zooCfg(0);
    generation = 1;
    pods: Pod[] = [];
    pvcs: string[] = [];
    /** What has changed something. */
    readonly changes: unknown[] = [];
    readonly forbidden = new Set<string>();
    readonly server: Server = createServer((request, response) => {
        void this.#answer(request).then(([status, body]) => {
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        });
    });

    /** Pods with lists of servers, Ready and of the newest revision where that is the template's. */
    run(...lists: Position[]): void {
        this.pods = lists.map((position) => this.#pod(zooCfg(position)));
    }

    #pod(list: string): Pod {
        return { list, revision: list === this.template ? "new" : "old", ready: true };
    }

    async #answer(request: IncomingMessage): Promise<[status: number, body: object]> {
        const { method = "", url = "" } = request;
        const [path] = url.split("?") as [string];
        const call = `${method} ${path}`;
        if (this.forbidden.has(call)) {
            return [403, { kind: "Status" }];
        }
        switch (call) {
            case `GET ${SET}`:
                return this.template === undefined ? [404, {}] : [200, this.#statefulSet(this.template)];
            case `PATCH ${SET}`: {
                assert.equal(request.headers["content-type"], "application/merge-patch+json");
                const body = (await json(request)) as {
                    spec: { replicas: number; template: { metadata: { annotations: { [FILE]: string } } } };
                };
                this.changes.push(body);
                this.generation++;
                this.template = body.spec.template.metadata.annotations[FILE];
                this.pods = Array.from({ length: body.spec.replicas }, () => this.#pod(this.template!));
                return [200, this.#statefulSet(this.template)];
            }
            case `GET ${CORE}/pods`:
                assert.match(url, /labelSelector=app.kubernetes.io%2Fname%3Dzookeeper/);
                return [200, { items: this.pods.map((pod, i) => podOf(pod, i)) }];
            case `GET ${CORE}/secrets`:
                return [200, { items: [] }];
            case `GET ${CORE}/persistentvolumeclaims`:
                return [200, { items: this.pvcs.map((name) => ({ metadata: { name } })) }];
            case `DELETE ${CORE}/configmaps/zookeeper-initialize`:
                this.changes.push("no server begins with an empty disk");
                return [404, {}];
            default:
                return assert.fail(`${method} ${url}`);
        }
    }

    #statefulSet(list: string): object {
        const { generation, pods } = this;
        return {
            metadata: { name: "zookeeper", generation },
            spec: { replicas: pods.length, template: { metadata: { annotations: { [FILE]: list } } } },
            status: { observedGeneration: generation, updateRevision: "new" },
        };
    }
}

const podOf = ({ list, revision, ready }: Pod, ordinal: number) => ({
    metadata: {
        name: `zookeeper-${ordinal}`,
        uid: `uid-${ordinal}`,
        labels: { "controller-revision-hash": revision },
        annotations: { [FILE]: list },
    },
    spec: {},
    status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});

const step = (position: Position) => ({
    spec: {
        replicas: SERVER_LISTS[position]!.servers,
        template: { metadata: { annotations: { [FILE]: zooCfg(position) } } },
    },
});

describe("the number of servers of an ensemble", () => {
    let folder: string;
    let kubeconfig: string;
    let api: FakeApi;
    const told: string[] = [];
    const provider = unityProvider({ log: (_, _urn, message) => void told.push(message) });
    const inputs = (servers: number, verify = true) => ({
        cluster: { kubeconfig },
        namespace: "demo",
        project: "red",
        servers,
        timeout: 1,
        verify,
    });
    const update = (from: number, to: number) => provider.update!("red", URN, inputs(from), inputs(to));
    const changes = async (from: number, to: number, verify?: boolean) =>
        (await provider.diff!("red", URN, inputs(from), inputs(to, verify))).changes;

    beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), "unity-ensemble-"));
        told.length = 0;
        api = new FakeApi();
        api.run(0, 0, 0);
        await new Promise<void>((resolve) => api.server.listen(0, "127.0.0.1", resolve));
        kubeconfig = join(folder, "kubeconfig");
        writeFileSync(kubeconfig, fakeKubeconfig((api.server.address() as AddressInfo).port));
    });
    afterEach(() => {
        api.server.close();
        rmSync(folder, { recursive: true });
    });

    it("grows by the lists between, and leaves the last to the StatefulSet", async () => {
        await update(3, 5);
        assert.deepEqual(api.changes, ["no server begins with an empty disk", step(1), step(2)]);
        assert.deepEqual(told, [
            "red/zookeeper: step 1 of 3 to 5 servers, weights of their votes 3, 3, 3, 1, 1",
            "red/zookeeper: step 2 of 3 to 5 servers, weights of their votes 2, 2, 2, 1, 1",
        ]);
        // Once more, as after a kill before the StatefulSet itself was updated.
        await update(3, 5);
        assert.equal(api.changes.length, 3);
    });

    it("shrinks by the same lists, and no server leaves before the last step", async () => {
        api.template = zooCfg(3);
        api.run(3, 3, 3, 3, 3);
        await update(5, 3);
        assert.deepEqual(api.changes, ["no server begins with an empty disk", step(2), step(1)]);
        assert.deepEqual(told, [
            "red/zookeeper: step 1 of 3 to 3 servers, weights of their votes 2, 2, 2, 1, 1",
            "red/zookeeper: step 2 of 3 to 3 servers, weights of their votes 3, 3, 3, 1, 1",
        ]);
    });

    it("goes on from the step in which an up was killed", async () => {
        // Killed after the change of the list: servers 4 and 5 have it, and no other has restarted.
        api.template = zooCfg(1);
        api.pods = [0, 0, 0, 1, 1].map((list) => ({ list: zooCfg(list), revision: "new", ready: true }));
        // The pods restart meanwhile.
        setTimeout(() => api.run(1, 1, 1, 1, 1), 200);
        api.pods[0] = { ...api.pods[0]!, ready: false };
        await update(3, 5);
        assert.deepEqual(api.changes, [step(2)]);
        assert.match(told[0]!, /step 1 of 3/);
    });

    it("goes back where config is set back, and is looked at in each up, but not in a preview", async () => {
        assert.equal(await changes(3, 3), false);
        api.template = zooCfg(2);
        api.run(2, 2, 2, 2, 2);
        assert.equal(await changes(3, 3, false), false);
        assert.equal(await changes(3, 3), true);
        await update(3, 3);
        assert.deepEqual(api.changes, [step(1)]);
        assert.deepEqual(told, [
            "red/zookeeper: step 2 of 3 to 3 servers, weights of their votes 3, 3, 3, 1, 1",
        ]);
    });

    it("is what it is where nothing changes, and where there is no ensemble yet", async () => {
        await provider.create!(URN, inputs(3));
        await update(3, 3);
        api.template = undefined;
        api.pvcs = ["data-kafka-0"];
        await provider.create!(URN, inputs(5));
        await update(3, 5);
        assert.equal(await changes(5, 5), false);
        assert.deepEqual([api.changes, told], [[], []]);
    });

    const refused = (message: string) => ({
        message: `the change of zookeeper.servers of Project red does not go on: ${message}`,
    });

    it("does not change while a server is not Ready or outdated: nothing is begun", async () => {
        api.pods[1] = { ...api.pods[1]!, ready: false };
        api.pods[2] = { ...api.pods[2]!, revision: "old" };
        await assert.rejects(
            update(3, 5),
            refused(
                "it stays 3 while not all servers are updated and Ready (zookeeper-1 not Ready, zookeeper-2 outdated): with another list of members the ensemble may lose its quorum. Set it to 3, run up, and change it when all are",
            ),
        );
        assert.deepEqual(api.changes, []);
    });

    it("does not change where the StatefulSet was deleted by hand: its disks do not say who is a member", async () => {
        api.template = undefined;
        api.pvcs = ["data-zookeeper-0"];
        await assert.rejects(
            update(3, 5),
            refused(
                "StatefulSet zookeeper was deleted, but not by this program, and its disks are there. Set it to 3, run up with --refresh, and change it then",
            ),
        );
        await update(3, 3);
    });

    it("does not change where a server has a list of somebody else's", async () => {
        api.template = `${zooCfg(0)}server.4=zookeeper-3:2888:3888\n`;
        assert.equal(await changes(3, 3), true);
        await assert.rejects(
            update(3, 3),
            refused(
                "StatefulSet zookeeper has a list of 4 servers that this program does not make, so it cannot say which servers may elect a leader. Give all servers one list of 3 or of 5 first",
            ),
        );
        assert.deepEqual(api.changes, []);
    });

    it("says what it may not do", async () => {
        for (const [call, what] of [
            [`PATCH ${SET}`, "patch StatefulSets"],
            [`GET ${CORE}/pods`, "list pods"],
            [`GET ${SET}`, "read StatefulSets"],
        ] as const) {
            api.forbidden.add(call);
            await assert.rejects(
                update(3, 5),
                refused(
                    `you are not allowed to ${what} in namespace demo (HTTP 403). Ask for the permission`,
                ),
            );
        }
        assert.equal(await changes(3, 3), true);
    });

    it("is announced in the preview", async () => {
        assert.equal(await changes(3, 5, false), true);
        assert.deepEqual(told, [
            "Project red: ZooKeeper goes from 3 to 5 servers in three steps, in each of which its servers restart one by one",
        ]);
    });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import { endInitialization, isInitializing } from "../../provider/actions/initialization.ts";
import { unityProvider } from "../../provider/provider.ts";
import { fakeKubeconfig } from "./fakeKubeconfig.ts";

const URN =
    "urn:pulumi:dev::unity-kafka::unity-kafka:index:Project$unity:kubernetes:ZookeeperInitialization::red";
const CORE = "/api/v1/namespaces/demo";
const NAME = "zookeeper-initialize";

/** PVCs and ConfigMaps of a Kubernetes API. */
class FakeApi {
    pvcs: string[] = [];
    readonly configMaps = new Map<string, object>();
    /** Methods that are forbidden. */
    readonly forbidden = new Set<string>();
    readonly server: Server = createServer((request, response) => {
        void this.#answer(request).then(([status, body]) => {
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        });
    });

    async #answer(request: IncomingMessage): Promise<[status: number, body: object]> {
        const { method = "", url = "" } = request;
        const [path] = url.split("?") as [string];
        if (this.forbidden.has(`${method} ${path}`)) {
            return [403, { kind: "Status" }];
        }
        switch (`${method} ${path}`) {
            case `GET ${CORE}/persistentvolumeclaims`:
                return [200, { items: this.pvcs.map((name) => ({ metadata: { name } })) }];
            case `POST ${CORE}/configmaps`: {
                const body = (await json(request)) as { metadata: { name: string } };
                this.configMaps.set(body.metadata.name, body);
                return [201, body];
            }
            case `GET ${CORE}/configmaps/${NAME}`:
                return this.configMaps.has(NAME) ? [200, this.configMaps.get(NAME)!] : [404, {}];
            case `DELETE ${CORE}/configmaps/${NAME}`:
                return this.configMaps.delete(NAME) ? [200, {}] : [404, {}];
            default:
                return assert.fail(`${method} ${url}`);
        }
    }
}

describe("the permission of ZooKeeper's servers to begin with empty disks", () => {
    let folder: string;
    let kubeconfig: string;
    let api: FakeApi;
    const provider = unityProvider();
    const inputs = (verify = true) => ({
        cluster: { kubeconfig },
        namespace: "demo",
        project: "red",
        verify,
    });
    const changes = async (verify?: boolean) =>
        (await provider.diff!("red", URN, inputs(), inputs(verify))).changes;

    beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), "unity-initialization-"));
        api = new FakeApi();
        await new Promise<void>((resolve) => api.server.listen(0, "127.0.0.1", resolve));
        const { port } = api.server.address() as AddressInfo;
        kubeconfig = join(folder, "kubeconfig");
        writeFileSync(kubeconfig, fakeKubeconfig(port));
    });
    afterEach(() => {
        api.server.close();
        rmSync(folder, { recursive: true });
    });

    it("is given to an ensemble that has no disk yet, whatever other disks there are", async () => {
        api.pvcs = ["data-kafka-0", "mine"];
        await provider.create!(URN, inputs());
        assert.deepEqual(api.configMaps.get(NAME), {
            metadata: {
                name: NAME,
                labels: { "app.kubernetes.io/part-of": "unity-kafka", "unity-kafka/project": "red" },
            },
            data: { initialize: "true" },
        });
    });

    it("is not given to an ensemble of an older version of this program, nor to one that has lost all disks but one", async () => {
        api.pvcs = ["data-zookeeper-2"];
        await provider.create!(URN, inputs());
        assert.equal(api.configMaps.size, 0);
        assert.equal(await changes(), false);
    });

    it("is given again by an up where a namespace was deleted, and not once it is there; a preview does not look", async () => {
        assert.equal(await changes(false), false);
        assert.equal(await changes(), true);
        await provider.update!("red", URN, inputs(), inputs());
        assert.equal(api.configMaps.size, 1);
        assert.equal(await changes(), false);
    });

    it("ends with the rolling update, and that it was ended by hand before is fine", async () => {
        const cluster = openCluster({ kubeconfig });
        await provider.create!(URN, inputs());
        assert.equal(await isInitializing(cluster, "demo"), true);
        await endInitialization(cluster, "demo");
        assert.equal(await isInitializing(cluster, "demo"), false);
        await endInitialization(cluster, "demo");
    });

    it("fails in one line where it may not be given, and no diff ends the whole up for it", async () => {
        api.forbidden.add(`POST ${CORE}/configmaps`);
        await assert.rejects(
            provider.create!(URN, inputs()),
            /^Error: ZooKeeper of Project red cannot begin: you are not allowed to create ConfigMap zookeeper-initialize in namespace demo \(HTTP 403\)\. Ask for the permission to get, create and delete configmaps$/,
        );
        api.forbidden.add(`GET ${CORE}/persistentvolumeclaims`);
        assert.equal(await changes(), true);
        await assert.rejects(
            provider.update!("red", URN, inputs(), inputs()),
            /^Error: ZooKeeper of Project red cannot begin: you are not allowed to list PVCs in namespace demo \(HTTP 403\)\. Ask for the permission$/,
        );
    });
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cluster, folder, unity } from "./fakeCluster.ts";

const FILES = {
    "bootstrap.servers": "kafka:9092",
    "tls.crt": "certificate",
    "tls.key": "key",
    "ca.crt": "ca",
};

function secret(name: string): object {
    const data = Object.entries(FILES).map(([file, text]) => [file, Buffer.from(text).toString("base64")]);
    return { metadata: { name }, data: Object.fromEntries(data) as object };
}

const secretAt = (namespace: string, name: string) => `/api/v1/namespaces/${namespace}/secrets/${name}`;
const clientsIn = (namespace: string) =>
    `/api/v1/namespaces/${namespace}/secrets?labelSelector=unity-kafka/project`;

/** What the operator may read of Project demo, whose component watcher is in namespace shop. */
const DEMO = {
    "/api/v1/namespaces/demo": {
        metadata: {
            name: "demo",
            labels: { "unity-kafka/project": "demo" },
            annotations: { "unity-kafka/client-namespaces": "demo-clients,shop" },
        },
    },
    "/apis/apps/v1/namespaces/demo/statefulsets/kafka": { metadata: {}, spec: { replicas: 3 } },
    [secretAt("demo", "kafka-operator")]: secret("kafka-operator"),
    ...Object.fromEntries(
        ["demo", "demo-clients", "shop"].flatMap((namespace) => [
            [secretAt(namespace, "kafka-client-watcher"), 404],
            [secretAt(namespace, "kafka-client-nobody"), 404],
            [clientsIn(namespace), { items: [] }],
        ]),
    ),
    [clientsIn("shop")]: { items: [secret("kafka-client-watcher")] },
    [secretAt("shop", "kafka-client-watcher")]: secret("kafka-client-watcher"),
};

describe("unity connect", function () {
    this.timeout(60_000);

    it("writes the files of a component from the namespace of its pods, and a manifest for there", async () => {
        const outcome = await unity(
            ["connect", "watcher", "--namespace", "demo", "--folder", "shop-watcher", "-o", "json"],
            await cluster(DEMO),
        );
        assert.equal(outcome.stderr, "");
        const { namespace, secret: name, pod } = JSON.parse(outcome.stdout) as Record<string, string>;
        assert.deepEqual([namespace, name], ["shop", "kafka-client-watcher"]);
        const manifest = parse(pod!) as {
            metadata: { namespace: string };
            spec: { volumes: { secret: object }[] };
        };
        assert.equal(manifest.metadata.namespace, "shop");
        assert.deepEqual(manifest.spec.volumes[0]!.secret, {
            secretName: "kafka-client-watcher",
            defaultMode: 0o440,
        });
        const written = join(folder, "shop-watcher");
        assert.equal(readFileSync(join(written, "tls.key"), "utf8"), "key");
        for (const file of readdirSync(written)) {
            assert.equal(statSync(join(written, file)).mode & 0o777, 0o600, file);
        }
    });

    it("asks for nothing but the Secret where its people name the namespace of their pods", async () => {
        const only = { [secretAt("shop", "kafka-client-watcher")]: secret("kafka-client-watcher") };
        const into = ["--folder", "own", "-o", "json"];
        const outcome = await unity(
            ["connect", "watcher", "--namespace", "shop", ...into],
            await cluster(only),
        );
        assert.deepEqual([outcome.stderr, outcome.status], ["", 0]);
    });

    it("says which components there are, in whichever of their namespaces (exit 2)", async () => {
        const outcome = await unity(["connect", "nobody", "--namespace", "demo"], await cluster(DEMO));
        assert.deepEqual(
            [outcome.stderr, outcome.status],
            [
                "unity: No component nobody has a Secret in namespace demo or demo-clients or shop. Choose one of: watcher.\n",
                2,
            ],
        );
    });

    it("takes the operator's files from the namespace of the servers", async () => {
        const outcome = await unity(
            ["connect", "operator", "--namespace", "demo", "--folder", "operator", "-o", "json"],
            await cluster(DEMO),
        );
        assert.equal((JSON.parse(outcome.stdout) as { namespace: string }).namespace, "demo");
    });
});

import assert from "node:assert/strict";
import { ConnectionError } from "../../kafka/errors.ts";
import { projectCertificates } from "../../kafka/kubernetes/certificates.ts";
import { findComponentSecret, listClients, secretNamespaces } from "../../kafka/kubernetes/clientSecrets.ts";
import type { KubeCluster } from "../../kafka/kubernetes/cluster.ts";
import { newRootCertificate } from "../provider/fixtures.ts";

const encoded = (text: string) => Buffer.from(text).toString("base64");

interface Secret {
    readonly project?: string;
    readonly data: Record<string, string>;
}

/** A cluster with these Secrets by namespace and name; in the namespaces that it does not have, nothing is allowed. */
function clusterOf(secrets: Record<string, Record<string, Secret>>): KubeCluster {
    const refused = (code: number) => Promise.reject(Object.assign(new Error("no"), { code }));
    const core = {
        readNamespacedSecret: async ({ name, namespace }: { name: string; namespace: string }) => {
            const all = secrets[namespace];
            return all === undefined ? refused(403) : (all[name] ?? refused(404));
        },
        listNamespacedSecret: async (of: { namespace: string; labelSelector?: string }) => {
            const [label, value] = (of.labelSelector ?? "").split("=");
            assert(label === "" || label === "unity-kafka/project", of.labelSelector);
            const all = secrets[of.namespace];
            const items = Object.entries(all ?? {})
                .filter(([, { project }]) => (label === "" ? true : value ? project === value : project))
                .map(([name, { data }]) => ({ metadata: { name, namespace: of.namespace }, data }));
            return all === undefined ? refused(403) : { items };
        },
    };
    return { title: "fake", core } as unknown as KubeCluster;
}

const secret = (project?: string, data: Record<string, string> = {}): Secret => ({
    ...(project !== undefined && { project }),
    data,
});
const RED = { namespace: "red", project: "red", brokers: 3, clientNamespaces: ["red-clients", "shop"] };

describe("the Secret of a component", () => {
    const cluster = clusterOf({
        red: { "kafka-operator": secret("red") },
        "red-clients": { "kafka-client-loader": secret("red", { "tls.crt": encoded("a certificate") }) },
        shop: { "kafka-client-reader": secret("red"), "kafka-client-of-others": secret() },
    });

    it("is looked for in the namespaces of its pods, and where they may be if these are unknown", async () => {
        const namespaces = secretNamespaces(RED);
        assert.deepEqual(namespaces, ["red", "red-clients", "shop"]);
        assert.deepEqual(secretNamespaces({ ...RED, clientNamespaces: undefined }), ["red", "red-clients"]);
        assert.deepEqual(await findComponentSecret(cluster, "loader", namespaces), {
            namespace: "red-clients",
            files: { "tls.crt": "a certificate" },
        });
        assert.equal(await findComponentSecret(cluster, "nobody", namespaces), undefined);
    });

    it("is found although another namespace is closed, and otherwise that is said", async () => {
        const namespaces = ["closed", "shop"];
        assert.equal((await findComponentSecret(cluster, "reader", namespaces))?.namespace, "shop");
        await assert.rejects(findComponentSecret(cluster, "loader", namespaces), (error) => {
            assert(error instanceof ConnectionError);
            assert.match(
                error.message,
                /not allowed to read Secret kafka-client-loader in namespace "closed"/,
            );
            return true;
        });
    });

    it("tells the components that there are, without the Secrets of others", async () => {
        assert.deepEqual(await listClients(cluster, ["red", "red-clients", "shop", "closed"]), [
            "loader",
            "reader",
        ]);
    });
});

describe("the certificates of a Project", () => {
    it("are those of all of its namespaces, and in the applications' none of another Project", async () => {
        const { certificate } = await newRootCertificate();
        const data = { "tls.crt": encoded(certificate) };
        const cluster = clusterOf({
            red: { "kafka-operator": secret("red", data), "of-hand": secret(undefined, data) },
            shop: {
                "kafka-client-reader": secret("red", data),
                "kafka-client-writer": secret("blue", data),
                theirs: secret(undefined, data),
            },
        });
        const { certificates, deniedNamespaces } = await projectCertificates(cluster, RED);
        assert.deepEqual(certificates.map(({ namespace, secret: name }) => `${namespace}/${name}`).sort(), [
            "red/kafka-operator",
            "red/of-hand",
            "shop/kafka-client-reader",
        ]);
        assert.deepEqual(deniedNamespaces, ["red-clients"]);
    });

    it("have the CAs that they trust, each once, but none of other people", async () => {
        const named = async (commonName: string, days: number) =>
            (await newRootCertificate({ commonName, days })).certificate;
        const [first, second] = await Promise.all([
            named("unity-kafka cluster first", 3650),
            named("unity-kafka ensemble first", 365),
        ]);
        const ikp = await named("IKP", 1);
        const cluster = clusterOf({
            red: {
                "kafka-tls-1": secret("red", { "truststore.pem": encoded(first + second) }),
                "bridge-ikp": secret("red", { "ca.crt": encoded(ikp) }),
            },
            shop: { "kafka-client-reader": secret("red", { "ca.crt": encoded(first) }) },
        });
        const { cas } = await projectCertificates(cluster, RED);
        assert.deepEqual(
            cas.map(({ ca }) => ca),
            ["unity-kafka ensemble first", "unity-kafka cluster first"],
        );
        assert(cas[0]!.expiresAt < cas[1]!.expiresAt);
    });
});

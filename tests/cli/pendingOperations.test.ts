import assert from "node:assert/strict";
import {
    pendingTexts,
    resourcesOf,
    rootOf,
    type StackState,
    unknownInGoogle,
    withoutPending,
} from "../../cli/pendingOperations.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::unity-kafka::${type}::${name}`;
const ROOT = urn("pulumi:pulumi:Stack", "unity-kafka-dev");
const PROJECT = urn("unity-kafka:index:Project", "a");
const PROVIDER = urn("pulumi:providers:kubernetes", "kubernetes");
const inProject = (type: string, name: string) => urn(`unity-kafka:index:Project$${type}`, name);

const known = [
    { urn: ROOT, type: "pulumi:pulumi:Stack" },
    { urn: PROJECT, type: "unity-kafka:index:Project", parent: ROOT },
    { urn: PROVIDER, type: "pulumi:providers:kubernetes", id: "7" },
    {
        urn: inProject("kubernetes:core/v1:Namespace", "a-namespace"),
        type: "kubernetes:core/v1:Namespace",
        id: "team-a",
    },
];

function object(type: string, name: string, inputs: object, more: object = {}) {
    return {
        urn: inProject(type, name),
        custom: true,
        type,
        inputs: { apiVersion: "v1", ...inputs },
        parent: PROJECT,
        provider: `${PROVIDER}::7`,
        dependencies: [known[3]!.urn],
        propertyDependencies: { metadata: [known[3]!.urn], spec: null },
        ...more,
    };
}

const SERVICE = "kubernetes:core/v1:Service";
const service = object(SERVICE, "a-client", { metadata: { name: "kafka", namespace: "team-a" } });
const state = (...pending_operations: { type: string; resource: object }[]) =>
    ({ version: 3, deployment: { manifest: {}, resources: known, pending_operations } }) as StackState;
const added = (...pending: { type: string; resource: object }[]) =>
    resourcesOf(withoutPending(state(...pending))).slice(known.length);

describe("the pending operations of a killed up", () => {
    it("are named, a line each", () => {
        const found = state(
            { type: "creating", resource: service },
            { type: "updating", resource: known[3]! },
        );
        assert.deepEqual(pendingTexts(found), [
            "creating Service a-client",
            "updating Namespace a-namespace",
        ]);
        assert.equal(rootOf(found), ROOT);
        assert.deepEqual(pendingTexts({}), []);
        assert.equal(rootOf({}), undefined);
    });

    it("leave an object that was being created to the next refresh, which finds out whether it exists", () => {
        const { inputs } = service;
        assert.deepEqual(added({ type: "creating", resource: service }), [
            {
                ...service,
                id: "team-a/kafka",
                outputs: { ...inputs, __inputs: inputs, __initialApiVersion: "v1" },
            },
        ]);
        const wide = object("kubernetes:storage.k8s.io/v1:StorageClass", "ssd", {
            metadata: { name: "ssd" },
        });
        assert.equal(added({ type: "creating", resource: wide })[0]?.id, "ssd");
        const topic = object("unity:kafka:Topic", "a-topic-orders", { topic: "orders" });
        assert.equal(added({ type: "creating", resource: topic })[0]?.id, "a-topic-orders");
    });

    it("of every other kind change no resource: what they have done, the next refresh sees", () => {
        for (const type of ["updating", "deleting", "importing", "reading"]) {
            assert.deepEqual(added({ type, resource: known[3]! }), [], type);
        }
    });

    it("forget a creation that has no known id, no known parent, or an older object of the same name", () => {
        const without = (resource: object) => added({ type: "creating", resource });
        assert.deepEqual(without(object("unity:tls:Certificate", "a-certificate", {})), []);
        assert.deepEqual(
            without(object("kubernetes:core/v1:ServicePatch", "p", { metadata: { name: "p" } })),
            [],
        );
        assert.deepEqual(without(object(SERVICE, "s", { metadata: { name: { ciphertext: "" } } })), []);
        assert.deepEqual(without({ ...service, parent: inProject("x:y:Z", "gone") }), []);
        assert.deepEqual(without({ ...service, dependencies: [inProject("x:y:Z", "gone")] }), []);
        assert.deepEqual(without({ ...service, urn: known[3]!.urn }), []);
    });

    it("are taken out of the state, and all else stays as it is", () => {
        const found = withoutPending(state({ type: "updating", resource: known[3]! }));
        assert.deepEqual(found, state());
    });

    it("name what Google Cloud may have without Pulumi's knowledge", () => {
        const pool = object("gcp:container/nodePool:NodePool", "gke-pools-kafka", {});
        assert.deepEqual(unknownInGoogle(state({ type: "creating", resource: pool })), [
            "NodePool gke-pools-kafka",
        ]);
        assert.deepEqual(unknownInGoogle(state({ type: "updating", resource: pool })), []);
    });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { withApiDefaults } from "../../provider/networkPolicySpec.ts";
import { unityProvider } from "../../provider/provider.ts";
import { fakeKubeconfig } from "./fakeKubeconfig.ts";

const URN =
    "urn:pulumi:dev::unity-kafka::unity-kafka:index:Project$unity:kubernetes:NetworkPolicySpecs::demo";
const PATH = "/apis/networking.k8s.io/v1/namespaces/demo/networkpolicies";
const EVERYBODY = {};

const kafka = { podSelector: { matchLabels: { "app.kubernetes.io/name": "kafka" } } };
/** As a program writes them: without what the API adds, and with empty lists that it drops. */
const WRITTEN = {
    "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    kafka: {
        ...kafka,
        ingress: [
            { from: [kafka], ports: [{ port: 9092 }] },
            { from: [], ports: [] },
        ],
    },
    bridge: { podSelector: { matchLabels: {} }, ingress: [], egress: [{ ports: [{ port: 9093 }] }] },
};
/** As the API then returns them. */
const LIVE = {
    "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    kafka: {
        ...kafka,
        ingress: [{ ports: [{ protocol: "TCP", port: 9092 }], from: [kafka] }, {}],
        policyTypes: ["Ingress"],
    },
    bridge: {
        podSelector: {},
        egress: [{ ports: [{ protocol: "TCP", port: 9093 }] }],
        policyTypes: ["Ingress", "Egress"],
    },
};

type Specs = Record<string, object>;
interface Patch {
    readonly op: string;
    readonly path: string;
    readonly value: object;
}

/** The NetworkPolicies of a Kubernetes API. */
class FakeApi {
    specs: Specs = structuredClone(LIVE);
    /** What it answers to a method instead, the first first. */
    readonly failures: Record<string, number[]> = {};
    readonly requests: string[] = [];
    readonly server: Server = createServer((request, response) => {
        void this.#answer(request).then(([status, body]) => {
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        });
    });

    async #answer(request: IncomingMessage): Promise<[status: number, body: object]> {
        const { method = "", url = "", headers } = request;
        this.requests.push(`${method} ${url.replace(PATH, "")}`);
        const failure = this.failures[method]?.shift();
        if (failure !== undefined) {
            return [failure, { kind: "Status", message: "fails" }];
        }
        if (method === "GET") {
            const items = Object.entries(this.specs).map(([name, spec]) => ({ metadata: { name }, spec }));
            return [200, { kind: "NetworkPolicyList", items }];
        }
        const { pathname, searchParams } = new URL(url, "http://api");
        assert.equal(headers["content-type"], "application/json-patch+json");
        assert.equal(searchParams.get("fieldManager"), "unity-kafka");
        const [{ op, path, value }] = (await json(request)) as [Patch];
        assert.deepEqual([method, op, path], ["PATCH", "replace", "/spec"]);
        this.specs[pathname.slice(`${PATH}/`.length)] = value;
        return [200, {}];
    }
}

describe("the specs of NetworkPolicies", () => {
    let folder: string;
    let api: FakeApi;
    let state: { policies: Specs };
    let lines: string[];
    let provider: ReturnType<typeof unityProvider>;

    beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), "unity-policies-"));
        api = new FakeApi();
        await new Promise<void>((resolve) => api.server.listen(0, "127.0.0.1", resolve));
        const { port } = api.server.address() as AddressInfo;
        const kubeconfig = join(folder, "kubeconfig");
        writeFileSync(kubeconfig, fakeKubeconfig(port));
        lines = [];
        provider = unityProvider({
            log: (severity, urn, message) => {
                assert.equal(urn, URN);
                lines.push(`${severity} ${message}`);
            },
        });
        const written = { cluster: { kubeconfig }, namespace: "demo", project: "red", policies: WRITTEN };
        const { inputs, failures } = await provider.check!(URN, {}, written);
        assert.deepEqual(failures, []);
        state = inputs as typeof state;
    });
    afterEach(() => {
        api.server.close();
        rmSync(folder, { recursive: true });
    });

    /** What a refresh writes into the state, and whether the next update has something to do. */
    async function refreshed() {
        const { id, props, inputs } = await provider.read!("demo", URN, state);
        const { changes, replaces } = await provider.diff!("demo", URN, props, state);
        return { id, props: props as typeof state, inputs: inputs as object | undefined, changes, replaces };
    }

    it("are no difference where the API has added its defaults, and a refresh leaves the state to the letter", async () => {
        assert.deepEqual(state.policies, LIVE);
        assert.deepEqual(await provider.read!("demo", URN, state), { id: "demo", props: state });
        await provider.create!(URN, state);
        assert.deepEqual(api.requests, ["GET ", "GET "]);
        assert.deepEqual(lines, []);
    });

    const byHand: readonly (readonly [what: string, change: Specs])[] = [
        [
            "an ingress rule at the end",
            { kafka: { ...LIVE.kafka, ingress: [...LIVE.kafka.ingress, EVERYBODY] } },
        ],
        [
            "a peer of a rule",
            {
                kafka: {
                    ...LIVE.kafka,
                    ingress: [
                        { ...LIVE.kafka.ingress[0], from: [kafka, { namespaceSelector: {} }] },
                        LIVE.kafka.ingress[1]!,
                    ],
                },
            },
        ],
        [
            "a port",
            {
                bridge: {
                    ...LIVE.bridge,
                    egress: [{ ports: [{ protocol: "TCP", port: 9093, endPort: 9999 }] }],
                },
            },
        ],
        [
            "a protocol",
            { bridge: { ...LIVE.bridge, egress: [{ ports: [{ protocol: "UDP", port: 9093 }] }] } },
        ],
        [
            "a list that config does not have",
            { "default-deny": { ...LIVE["default-deny"], ingress: [EVERYBODY] } },
        ],
        ["policyTypes", { "default-deny": { ...LIVE["default-deny"], policyTypes: ["Egress"] } }],
        [
            "the selector of its pods",
            { kafka: { ...LIVE.kafka, podSelector: { matchLabels: { app: "none" } } } },
        ],
        [
            "two policies",
            {
                kafka: { podSelector: {}, ingress: [EVERYBODY], policyTypes: ["Ingress"] },
                bridge: { podSelector: {}, policyTypes: ["Egress"] },
            },
        ],
    ];
    for (const [what, change] of byHand) {
        it(`are shown by a refresh and set by the next update where ${what} was changed by hand`, async () => {
            Object.assign(api.specs, change);
            const found = await refreshed();
            assert.deepEqual(found.props, { ...state, policies: { ...LIVE, ...change } });
            assert.deepEqual(found.inputs, found.props);
            assert.deepEqual([found.changes, found.replaces], [true, []]);
            assert.deepEqual(lines, []);

            await provider.update!("demo", URN, found.props, state);
            assert.deepEqual(api.specs, LIVE);
            const names = Object.keys(LIVE).filter((name) => name in change);
            assert.deepEqual(
                api.requests.filter((request) => request.startsWith("PATCH")),
                names.map((name) => `PATCH /${name}?fieldManager=unity-kafka`),
            );
            assert.deepEqual(
                lines,
                names.map((name) => `INFO red: sets the spec of NetworkPolicy ${name}`),
            );
            assert.equal((await refreshed()).changes, false);
        });
    }

    it("are set when they are created too, as in a deployment of an older version", async () => {
        api.specs.kafka = { podSelector: {}, ingress: [EVERYBODY], policyTypes: ["Ingress"] };
        const { outs } = await provider.create!(URN, state);
        assert.deepEqual(outs, state);
        assert.deepEqual(api.specs, LIVE);
    });

    it("leave a policy that is missing to its own resource", async () => {
        api.specs = {};
        assert.deepEqual(await provider.read!("demo", URN, state), { id: "demo", props: state });
        await provider.create!(URN, state);
        assert.deepEqual(api.specs, {});
        // Deleted just before it is changed.
        api.specs = { kafka: { podSelector: {}, policyTypes: ["Egress"] } };
        api.failures.PATCH = [404];
        await provider.create!(URN, state);
    });

    it("do not include policies of others, of which a refresh warns", async () => {
        api.specs.open = { podSelector: {}, ingress: [EVERYBODY], policyTypes: ["Ingress"] };
        api.specs.also = { podSelector: {}, policyTypes: ["Ingress"] };
        assert.equal((await refreshed()).changes, false);
        await provider.create!(URN, state);
        assert.deepEqual(Object.keys(api.specs), [...Object.keys(LIVE), "open", "also"]);
        assert.deepEqual(lines, [
            "WARNING namespace demo of Project red has NetworkPolicies that are not of this program: also, open. What they allow is allowed too: delete those that should not be by kubectl delete",
        ]);
    });

    it("fail at once where they may not be read or changed: nobody may say that nothing has changed", async () => {
        const denied =
            "you are not allowed to list NetworkPolicies in namespace demo (HTTP 403). Ask for the permission to list networkpolicies";
        api.failures.GET = [403, 403];
        await assert.rejects(async () => provider.read!("demo", URN, state), { message: denied });
        await assert.rejects(async () => provider.create!(URN, state), {
            message: `the NetworkPolicies of Project red are not verified: ${denied}`,
        });
        api.specs.kafka = { podSelector: {}, policyTypes: ["Egress"] };
        api.failures.PATCH = [403];
        await assert.rejects(async () => provider.create!(URN, state), {
            message:
                "the NetworkPolicies of Project red are not verified: NetworkPolicy kafka in namespace demo cannot be changed (HTTP 403). Ask for the permission to patch networkpolicies",
        });
    });

    it("stay as the state has them, with a warning, where the cluster does not answer, and an update asks again", async () => {
        api.failures.GET = [503, 503];
        assert.deepEqual(await provider.read!("demo", URN, state), { id: "demo", props: state });
        assert.match(
            lines.join(),
            /^WARNING the state of the NetworkPolicies of Project red is left as it is: The cluster "test" at http:\S+ does not answer \(HTTP 503; request: list the NetworkPolicies in demo\)\. Start it/,
        );
        api.specs.kafka = { podSelector: {}, policyTypes: ["Egress"] };
        await provider.create!(URN, state);
        assert.deepEqual(api.specs, LIVE);
    });

    it("end an update with the reason when the user ends the up", async () => {
        await provider.cancel!();
        await assert.rejects(async () => provider.create!(URN, state), {
            message:
                "the NetworkPolicies of Project red are not verified: the up was ended. Run up again: it goes on from here",
        });
    });

    it("need no cluster in a preview, only another namespace replaces them", async () => {
        api.server.close();
        const moved = { ...state, namespace: "other" };
        const diff = { changes: true, replaces: ["namespace"], deleteBeforeReplace: true };
        assert.deepEqual(await provider.diff!("demo", URN, state, moved), diff);
        assert.deepEqual(await provider.diff!("demo", URN, state, state), {
            ...{ changes: false, replaces: [], deleteBeforeReplace: true },
        });
        assert.deepEqual(api.requests, []);
    });
});

describe("the API's form of a NetworkPolicy's spec", () => {
    it("keeps the difference between a rule for everybody, a peer of every pod, and none", () => {
        const ruleOf = (rule: object) => withApiDefaults({ ingress: [rule] }).ingress;
        assert.deepEqual(ruleOf({}), [{}]);
        assert.deepEqual(ruleOf({ from: [] }), [{}]);
        assert.deepEqual(ruleOf({ from: [{ podSelector: {} }] }), [{ from: [{ podSelector: {} }] }]);
        assert.deepEqual(withApiDefaults({ ingress: [] }), { podSelector: {}, policyTypes: ["Ingress"] });
    });
});

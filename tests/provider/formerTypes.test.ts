import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { unityProvider } from "../../provider/provider.ts";
import { withFormerType } from "../../provider/resources/formerTypes.ts";
import { FakeKafka } from "./fakeKafka.ts";
import { newCertificate, newRootCertificate } from "./fixtures.ts";

const inDemo = { cluster: { context: "here", kubeconfig: "kube/config" }, namespace: "demo" };
const PARENT = "urn:pulumi:dev::unity-kafka::unity-kafka:index:Project";
const urn = (type: string) => `${PARENT}$${type}::demo-it`;

/** States as the former program wrote them, and the inputs that today's program gives for the same resources. */
const MOVES = [
    {
        former: "unity:kubernetes:Rollout",
        type: "unity:kubernetes:RollingUpdate",
        state: { ...inDemo, set: "kafka", generation: 4 },
        inputs: { ...inDemo, statefulSet: "kafka", generation: 4 },
    },
    {
        former: "unity:kafka:Access",
        type: "unity:kafka:User",
        state: {
            ...inDemo,
            principal: "bridge",
            produce: [],
            consume: [],
            groups: [],
            quotas: {},
            rights: [{ resource: "topic", name: "orders", pattern: "literal", operations: ["write"] }],
        },
        inputs: {
            ...inDemo,
            principal: "bridge",
            produce: [],
            consume: [],
            groups: [],
            quotas: {},
            acls: [{ resource: "topic", name: "orders", pattern: "literal", operations: ["write"] }],
        },
    },
    {
        former: "unity:kafka:SmokeCheck",
        type: "unity:kafka:SmokeTest",
        state: {
            ...inDemo,
            replicationFactor: 3,
            minInsync: 2,
            revision: "1-1-a",
            enabled: true,
            latency: 9,
            checkedAt: "2026-01-01T00:00:00.000Z",
        },
        inputs: { ...inDemo, replicationFactor: 3, minInsyncReplicas: 2, revision: "1-1-a", enabled: true },
    },
];

describe("a deployment of the former program", () => {
    for (const { former, type, state, inputs } of MOVES) {
        it(`keeps a resource ${former} as ${type}: nothing is replaced, updated or refused`, async () => {
            const provider = unityProvider({ inKafka: new FakeKafka().connect });
            assert.deepEqual(await provider.diff!("demo-it", urn(type), state, inputs), {
                changes: false,
                replaces: [],
                deleteBeforeReplace: type !== "unity:kafka:User",
            });
            assert.deepEqual((await provider.check!(urn(type), state, inputs)).failures, []);
        });
    }

    it("keeps its root certificates and certificates, with their keys and times of issue", async () => {
        const provider = unityProvider({ inKafka: new FakeKafka().connect });
        const root = await newRootCertificate();
        const rootUrn = urn("unity:tls:RootCertificate");
        const { issuedAt: _root, ...rootInputs } = root;
        const checkedRoot = await provider.check!(rootUrn, root, rootInputs);
        assert.equal((await provider.diff!("demo-it", rootUrn, root, checkedRoot.inputs)).changes, false);

        const { issuedAt, ...inputs } = await newCertificate(root);
        const { caCertificate, caPrivateKey, ...rest } = inputs;
        const state = { ...rest, issuedAt, authorityCertificate: caCertificate, authorityKey: caPrivateKey };
        const leafUrn = urn("unity:tls:Certificate");
        const checked = await provider.check!(leafUrn, state, inputs);
        assert.deepEqual(checked, { inputs: { ...inputs, issuedAt }, failures: [] });
        assert.equal((await provider.diff!("demo-it", leafUrn, state, checked.inputs)).changes, false);
    });

    it("can delete what has left the program, by its former type", async () => {
        const kafka = new FakeKafka();
        const provider = unityProvider({ inKafka: kafka.connect });
        await kafka.setQuotas("bridge", { produce: 1 });
        for (const { former, state } of MOVES) {
            await provider.delete!("demo-it", urn(former), state);
        }
        await provider.delete!("demo-it", urn("unity:tls:Authority"), await newRootCertificate());
        assert.deepEqual([kafka.acls.get("bridge"), kafka.quotas.get("bridge")], [[], {}]);
    });

    it("gets no resources of a type that never was", async () => {
        await assert.rejects(unityProvider().create!(urn("unity:kafka:Rights"), {}), {
            message: "the provider unity has no resources of type unity:kafka:Rights",
        });
    });
});

describe("withFormerType", () => {
    const aliasesOf = async (...aliases: pulumi.Input<pulumi.URN | pulumi.Alias>[]) => {
        const { aliases: given = [] } = withFormerType("unity:kafka:User", { aliases });
        return Promise.all(
            given.map(
                (alias) => new Promise((resolve) => pulumi.output(alias).apply((plain) => resolve(plain))),
            ),
        );
    };

    it("adds the former type alone", async () => {
        assert.deepEqual(await aliasesOf(), [{ type: "unity:kafka:Access" }]);
    });

    it("adds the former type to each alias, which matches only with all of its parts", async () => {
        assert.deepEqual(await aliasesOf({ name: "demo-access-loader", parent: PARENT }), [
            { type: "unity:kafka:Access" },
            { name: "demo-access-loader", parent: PARENT },
            { type: "unity:kafka:Access", name: "demo-access-loader", parent: PARENT },
        ]);
        assert.deepEqual((await aliasesOf(Promise.resolve({ name: "a" }))).at(-1), {
            type: "unity:kafka:Access",
            name: "a",
        });
    });

    it("leaves the type of an alias that has one, and a whole URN", async () => {
        const typed = { type: "unity:kafka:Rights", name: "a" };
        const whole = urn("unity:kafka:Rights");
        assert.deepEqual((await aliasesOf(typed)).at(-1), typed);
        assert.deepEqual((await aliasesOf(whole)).at(-1), whole);
    });

    it("keeps every other option", () => {
        const { protect, aliases } = withFormerType("unity:kafka:SmokeTest", { protect: true });
        assert.deepEqual([protect, aliases], [true, [{ type: "unity:kafka:SmokeCheck" }]]);
    });
});

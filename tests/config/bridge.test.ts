import assert from "node:assert/strict";
import { withSecrets } from "../../config/schema/secrets.ts";
import { environment, issuesOf, rawConfigWith } from "./matchers.ts";

const SECRET = { secure: "v1:cipher" };
const IKP = {
    bootstrapServers: ["ikp-1.example.com:9093"],
    sasl: { mechanism: "SCRAM-SHA-512", username: "unity", password: SECRET },
};
const topics = ["orders", "results", "clicks"].map((name) => ({ name }));
const withBridge = (bridge: unknown, over: object = {}) =>
    rawConfigWith({ ikp: IKP, projects: [{ name: "one", topics, bridge }], ...over });

describe("ikp in config", () => {
    it("accepts the blocks that Pulumi writes for secrets, wherever one is allowed", () => {
        const pem = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n";
        assert.deepEqual(issuesOf(rawConfigWith({ ikp: IKP })), []);
        assert.deepEqual(
            issuesOf(
                rawConfigWith({
                    ikp: {
                        bootstrapServers: [SECRET],
                        tls: { certificate: pem, key: SECRET },
                        authority: SECRET,
                    },
                }),
            ),
            [],
        );
    });

    it("is the same in the program, where secrets are decrypted", () => {
        const ikp = { ...IKP, sasl: { ...IKP.sasl, password: "geheim" } };
        assert.deepEqual(environment(rawConfigWith({ ikp: withSecrets("ikp", ikp) })).ikp, ikp);
    });

    it("refuses a secret in plain text, and does not repeat it", () => {
        const found = issuesOf(
            rawConfigWith({ ikp: { ...IKP, sasl: { ...IKP.sasl, password: "geheim" }, tls: undefined } }),
        );
        assert.deepEqual(found, [
            "ikp.sasl.password: is a secret in plain text; issue a new one, and set that with pulumi config set --secret --path",
        ]);
        const key = issuesOf(
            rawConfigWith({ ikp: { ...IKP, sasl: undefined, tls: { certificate: "x", key: "geheim" } } }),
        );
        assert.equal(key.length, 2);
        assert.doesNotMatch(key.join("\n"), /geheim/);
    });

    it("reports every other error with its path", () => {
        const { sasl } = IKP;
        const cases: [ikp: unknown, error: string][] = [
            [
                { ...IKP, bootstrapServers: [] },
                "ikp.bootstrapServers: [] is not allowed, must name one host:port or more",
            ],
            [
                { ...IKP, bootstrapServers: ["ikp.example.com"] },
                'ikp.bootstrapServers[0]: "ikp.example.com" is not allowed, must be host:port, such as ikp-1.example.com:9093',
            ],
            [
                { ...IKP, bootstrapServers: ["a:70000"] },
                'ikp.bootstrapServers[0]: "a:70000" is not allowed, must be host:port, such as ikp-1.example.com:9093',
            ],
            [
                { ...IKP, sasl: { ...sasl, mechanism: "GSSAPI" } },
                'ikp.sasl.mechanism: "GSSAPI" is not allowed, must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512',
            ],
            [
                { bootstrapServers: IKP.bootstrapServers },
                "ikp: requires sasl (mechanism, username, password) or tls (certificate, key)",
            ],
            [
                { ...IKP, tls: { certificate: SECRET, key: SECRET } },
                "ikp: has both sasl and tls; keep one of them",
            ],
        ];
        for (const [ikp, error] of cases) {
            assert.deepEqual(issuesOf(rawConfigWith({ ikp })), [error]);
        }
    });
});

describe("a Project's bridge in config", () => {
    it("requires nothing but topics", () => {
        const [one] = environment(
            withBridge({ inbound: ["orders", { from: "clicks.raw", to: "clicks" }] }),
        ).projects;
        assert.deepEqual(one?.bridge, {
            inbound: [
                { from: "orders", to: "orders" },
                { from: "clicks.raw", to: "clicks" },
            ],
            outbound: [],
            groups: [],
            replicas: 1,
            tasks: 2,
            heap: "512Mi",
            memory: "1Gi",
            cpu: "250m",
            logLevel: "WARN",
            jvmOptions: [],
        });
    });

    const cases: [what: string, bridge: object, expected: string[]][] = [
        [
            "no topic",
            {},
            ["projects[0].bridge: replicates no topic; add one to inbound or outbound, or remove the bridge"],
        ],
        [
            "a topic that is not the Project's",
            { inbound: ["prices"] },
            ['projects[0].bridge.inbound[0]: "prices" is not among the Project\'s topics; add it there'],
        ],
        [
            "a duplicated topic",
            { inbound: ["orders", { from: "orders", to: "clicks" }, { from: "clicks", to: "orders" }] },
            [
                "projects[0].bridge.inbound[1]: IKP's orders is duplicated as a source; keep one",
                "projects[0].bridge.inbound[2]: one's orders is duplicated as a target; keep one",
            ],
        ],
        [
            "a loop of one topic",
            { inbound: ["orders"], outbound: ["orders"] },
            [
                "projects[0].bridge.outbound[0]: creates a loop: one's orders -> IKP's orders -> one's orders; remove one of these",
            ],
        ],
        [
            "a heap that leaves no memory",
            { inbound: ["orders"], heap: "1Gi" },
            ["projects[0].bridge.heap: 1Gi is more than 3/4 of memory (1Gi); lower heap or raise memory"],
        ],
        [
            "a mistyped key",
            { inbound: ["orders"], task: 3 },
            [
                "projects[0].bridge.task: is not a known key; there are cpu, groups, heap, inbound, jvmOptions, logLevel, memory, outbound, replicas, tasks",
            ],
        ],
        [
            "a name that MirrorMaker does not replicate",
            { inbound: [{ from: "team.heartbeats", to: "orders" }] },
            [
                'projects[0].bridge.inbound[0].from: "team.heartbeats" is not allowed, must not be a name that MirrorMaker does not replicate: __..., mm2-..., ...internal or ...heartbeats',
            ],
        ],
    ];
    for (const [what, bridge, expected] of cases) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(issuesOf(withBridge(bridge)), expected);
        });
    }

    it("refuses a bridge without ikp", () => {
        assert.deepEqual(issuesOf(withBridge({ inbound: ["orders"] }, { ikp: undefined })), [
            "projects[0].bridge: requires ikp; add its address and credentials",
        ]);
    });

    it("refuses a loop through other topics and another Project", () => {
        const projects = [
            {
                name: "one",
                topics,
                bridge: { inbound: [{ from: "a", to: "orders" }], outbound: [{ from: "orders", to: "b" }] },
            },
            {
                name: "two",
                topics,
                bridge: { inbound: [{ from: "b", to: "clicks" }], outbound: [{ from: "clicks", to: "a" }] },
            },
        ];
        assert.deepEqual(issuesOf(rawConfigWith({ ikp: IKP, projects })), [
            "projects[0].bridge.outbound[0]: creates a loop: one's orders -> IKP's b -> two's clicks -> IKP's a -> one's orders; remove one of these",
            "projects[1].bridge.outbound[0]: creates a loop: two's clicks -> IKP's a -> one's orders -> IKP's b -> two's clicks; remove one of these",
        ]);
    });

    it("accepts a name in both directions where no record returns", () => {
        const bridge = {
            inbound: [{ from: "orders", to: "clicks" }],
            outbound: [{ from: "orders", to: "other" }],
        };
        assert.deepEqual(issuesOf(withBridge(bridge)), []);
    });
});

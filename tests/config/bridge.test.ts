import assert from "node:assert/strict";
import { ikpFor } from "../../config/schema/ikp.ts";
import { withSecrets } from "../../config/schema/secrets.ts";
import { environment, issuesOf, rawConfigWith } from "./matchers.ts";

const SECRET = { secure: "v1:cipher" };
const LOGIN = { sasl: { mechanism: "SCRAM-SHA-512", username: "unity-one", password: SECRET } };
const IKP = { bootstrapServers: ["ikp-1.example.com:9093"] };
/** As in the stack files of before, where all bridges have one login. */
const SHARED = { ...IKP, sasl: { ...LOGIN.sasl, username: "unity" } };
const topics = ["orders", "results", "clicks"].map((name) => ({ name }));
const withBridge = (bridge: object, over: object = {}) =>
    rawConfigWith({
        ikp: IKP,
        projects: [{ name: "one", topics, bridge: { ikp: LOGIN, ...bridge } }],
        ...over,
    });
const withLogin = (login: unknown, ikp: object = IKP) =>
    withBridge({ inbound: ["orders"], ikp: login }, { ikp });

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
        const decrypted = (config: Record<string, unknown>) =>
            JSON.parse(
                JSON.stringify(config).replaceAll(JSON.stringify(SECRET), '"geheim"'),
            ) as typeof config;
        const raw = decrypted(withLogin(LOGIN, SHARED));
        const { ikp, projects } = environment({
            ...raw,
            ikp: withSecrets("ikp", raw.ikp),
            projects: withSecrets("projects", raw.projects),
        });
        assert.equal(ikp?.sasl?.password, "geheim");
        assert.deepEqual(projects[0]?.bridge?.ikp?.sasl, { ...LOGIN.sasl, password: "geheim" });
    });

    it("refuses a secret in plain text, and does not repeat it", () => {
        const sasl = { ...LOGIN.sasl, password: "geheim" };
        const tls = { certificate: "x", key: "geheim" };
        const plain =
            "is a secret in plain text; issue a new one, and set that with pulumi config set --secret --path";
        assert.deepEqual(issuesOf(rawConfigWith({ ikp: { ...IKP, sasl } })), [`ikp.sasl.password: ${plain}`]);
        assert.deepEqual(issuesOf(withLogin({ sasl })), [`projects[0].bridge.ikp.sasl.password: ${plain}`]);
        for (const raw of [rawConfigWith({ ikp: { ...IKP, tls } }), withLogin({ tls })]) {
            const found = issuesOf(raw);
            assert.equal(found.length, 2);
            assert.doesNotMatch(found.join("\n"), /geheim/);
        }
    });

    it("reports every other error with its path", () => {
        const { sasl } = LOGIN;
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
                { ...SHARED, tls: { certificate: SECRET, key: SECRET } },
                "ikp: has both sasl and tls; keep one of them",
            ],
        ];
        for (const [ikp, error] of cases) {
            assert.deepEqual(issuesOf(rawConfigWith({ ikp })), [error]);
        }
    });
});

describe("a Project's login at IKP in config", () => {
    it("is a user or a certificate, and nothing else", () => {
        const { sasl } = LOGIN;
        const tls = { certificate: SECRET, key: SECRET };
        const at = "projects[0].bridge.ikp";
        const cases: [login: unknown, errors: string[]][] = [
            [LOGIN, []],
            [{ tls }, []],
            [{ sasl, tls }, [`${at}: has both sasl and tls; keep one of them`]],
            [{}, [`${at}: requires sasl (mechanism, username, password) or tls (certificate, key)`]],
            [
                undefined,
                [
                    `${at}: is missing, requires sasl (mechanism, username, password) or tls (certificate, key)`,
                ],
            ],
            [
                { ...LOGIN, bootstrapServers: ["other:9093"] },
                [`${at}.bootstrapServers: is not a known key; there are sasl, tls`],
            ],
        ];
        for (const [login, errors] of cases) {
            assert.deepEqual(issuesOf(withLogin(login)), errors);
        }
    });

    it("is what the bridge connects with, at the environment's addresses; without one it is the shared one, with a warning", () => {
        const connection = (login: unknown) => {
            const { ikp, projects, warnings } = environment(withLogin(login, SHARED));
            return { ikp: ikpFor(ikp!, projects[0]!.bridge!.ikp), warnings };
        };
        const password = SECRET.secure;
        assert.deepEqual(connection(LOGIN), {
            ikp: { ...IKP, ranges: [], sasl: { ...LOGIN.sasl, password } },
            warnings: ["ikp.sasl: no bridge uses it; remove it, and have IKP's operators withdraw it"],
        });
        assert.deepEqual(connection({ tls: { certificate: SECRET, key: SECRET } }).ikp, {
            ...IKP,
            ranges: [],
            tls: { certificate: password, key: password },
        });
        const { ikp, warnings } = connection(undefined);
        assert.deepEqual(ikp.sasl, { ...SHARED.sasl, password });
        assert.deepEqual(warnings, [
            "projects[0].bridge.ikp: is missing, so the bridge uses ikp.sasl, which all Projects share; give it a login of its own (docs/upgrade.md)",
        ]);
    });

    it("of two Projects in common is warned of", () => {
        const bridge = { ikp: LOGIN, inbound: ["orders"] };
        const projects = ["one", "two"].map((name) => ({ name, topics, bridge }));
        assert.deepEqual(environment(rawConfigWith({ ikp: IKP, projects })).warnings, [
            "projects[1].bridge.ikp.sasl.username: unity-one is the login of projects[0] as well; give each its own",
        ]);
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
            from: "latest",
            groups: [],
            ikp: { sasl: { ...LOGIN.sasl, password: SECRET.secure } },
            replicas: 1,
            heap: "512Mi",
            memory: "1Gi",
            cpu: "250m",
            logLevel: "WARN",
            jvmOptions: [],
            key: 1,
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
            "another place to begin at",
            { inbound: ["orders"], from: "2026-11-29" },
            ['projects[0].bridge.from: "2026-11-29" is not allowed, must be latest or earliest'],
        ],
        [
            "a mistyped key",
            { inbound: ["orders"], task: 3 },
            [
                "projects[0].bridge.task: is not a known key; there are cpu, from, groups, heap, ikp, inbound, jvmOptions, key, logLevel, memory, outbound, replicas, tasks",
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
            "projects[0].bridge: requires ikp; add its addresses",
        ]);
    });

    it("refuses a loop through other topics and another Project", () => {
        const projects = [
            {
                name: "one",
                topics,
                bridge: {
                    ikp: LOGIN,
                    inbound: [{ from: "a", to: "orders" }],
                    outbound: [{ from: "orders", to: "b" }],
                },
            },
            {
                name: "two",
                topics,
                bridge: {
                    ikp: LOGIN,
                    inbound: [{ from: "b", to: "clicks" }],
                    outbound: [{ from: "clicks", to: "a" }],
                },
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

describe("a warning about a bridge", () => {
    const warningsOf = (bridge: object, own: object[]) =>
        environment(
            rawConfigWith({
                ikp: IKP,
                projects: [{ name: "one", topics: own, bridge: { ikp: LOGIN, ...bridge } }],
            }),
        ).warnings;
    const wide = [{ name: "orders", partitions: 60 }, { name: "results" }];

    it("names the heap with which every partition has a task of its own", () => {
        assert.deepEqual(warningsOf({ inbound: ["orders"] }, wide), [
            "projects[0].bridge.heap: 512Mi allows 52 tasks for 60 partitions, so one that stops may stop others; raise it to 576Mi",
        ]);
        assert.deepEqual(warningsOf({ inbound: ["orders"], heap: "576Mi" }, wide), []);
        assert.deepEqual(warningsOf({ inbound: ["orders"], tasks: 4 }, wide), []);
        assert.deepEqual(warningsOf({ outbound: ["results"] }, wide), []);
    });

    it("is given where a topic takes larger records than the bridge can send", () => {
        const large = [{ name: "orders", partitions: 12, config: { "max.message.bytes": 8_000_000 } }];
        assert.deepEqual(warningsOf({ inbound: ["orders"] }, large), [
            "projects[0].bridge.heap: 512Mi allows records of 4543829 bytes, and max.message.bytes of orders is 8000000; raise it",
        ]);
        assert.deepEqual(warningsOf({ inbound: ["orders"], heap: "1Gi", memory: "2Gi" }, large), []);
    });
});

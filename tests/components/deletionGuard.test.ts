import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DeletionGuard } from "../../components/project/deletionGuard.ts";

interface Monitor {
    registerResourceHook(
        request: { getName(): string },
        callback: (error: null, response: object) => void,
    ): void;
}

const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const labels = (project: string, name = "kafka") => ({
    "unity-kafka/project": project,
    "app.kubernetes.io/name": name,
});
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const clientEgress = (project: string) => ({
    metadata: { name: "kafka-clients", namespace: `team-${project}`, labels: labels(project) },
});
const kafkaObject = (project: string) => ({ metadata: { name: "kafka", labels: labels(project) } });

describe("the deletion guard", () => {
    let registered: string[];
    let guard: DeletionGuard;

    before(async () => {
        registered = [];
        await pulumi.runtime.setMocks({
            newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
            call: () => ({}),
        });
        const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
        monitor.registerResourceHook = (request, done) => {
            registered.push(request.getName());
            done(null, {});
        };
        const topic = (name: string, config: Record<string, string> = {}) => ({
            ...{ name, partitions: 1, replicationFactor: 3, config },
        });
        guard = new DeletionGuard({
            allowDestroy: ["red", "gke/old", "namespace/team-blue-clients", "topic/blue/scratch"],
            namespacePrefix: "team-",
            projects: ["blue", "red"].map((name) => ({
                name,
                kafka: { config: {} },
                topics: [
                    topic("orders"),
                    topic("scratch"),
                    topic("kept", { "retention.ms": "-1" }),
                    topic("state", { "cleanup.policy": "compact" }),
                ],
            })),
        });
        await pulumi.runtime.disconnect();
    });

    /** What the only hook of these options says to a change: its error, or `allowed`. */
    async function verdict(
        { hooks }: pulumi.CustomResourceOptions,
        args: Partial<pulumi.ResourceHookArgs>,
    ): Promise<string> {
        const [hook, ...others] = [...(hooks?.beforeDelete ?? []), ...(hooks?.beforeUpdate ?? [])];
        assert(hook instanceof pulumi.ResourceHook);
        assert.equal(others.length, 0);
        try {
            await hook.callback({ urn: "", id: "", name: "", type: "", ...args });
            return "allowed";
        } catch (error) {
            return (error as Error).message;
        }
    }

    const lost = (object: string, key: string, what = "be deleted or replaced") =>
        `${object} would ${what}. If that is intended, add ${key} to allowDestroy and run this again.`;

    const projects: [title: string, args: Partial<pulumi.ResourceHookArgs>, answer: string][] = [
        [
            "an object of a Project that config does not allow to be deleted is protected",
            { type: STATEFUL_SET, oldInputs: kafkaObject("blue") },
            lost("StatefulSet kafka of Project blue", "blue"),
        ],
        [
            "an object of a Project listed in allowDestroy is deleted",
            { type: STATEFUL_SET, oldInputs: kafkaObject("red") },
            "allowed",
        ],
        [
            "a smoke test, which has no labels, belongs to the Project of its namespace",
            { name: "blue-smoke-test", type: "unity:kafka:SmokeTest", oldInputs: { namespace: "team-blue" } },
            lost("SmokeTest blue-smoke-test of Project blue", "blue"),
        ],
        [
            "the smoke test of a Project listed in allowDestroy is deleted",
            { name: "red-smoke-test", type: "unity:kafka:SmokeTest", oldInputs: { namespace: "team-red" } },
            "allowed",
        ],
        [
            "an object that tells no Project is protected under its own name",
            { name: "lost", type: STATEFUL_SET, oldInputs: {} },
            lost("StatefulSet lost of Project lost", "lost"),
        ],
        [
            "the policy of the clients in the namespace of the servers is deleted when the last of them has moved",
            { type: NETWORK_POLICY, oldInputs: clientEgress("blue") },
            "allowed",
        ],
        [
            "the policy of the clients of a Project that config forgets is protected",
            { type: NETWORK_POLICY, oldInputs: clientEgress("green") },
            lost("NetworkPolicy kafka-clients of Project green", "green"),
        ],
    ];
    for (const [title, args, answer] of projects) {
        it(title, async () => assert.equal(await verdict(guard.protectProject, args), answer));
    }

    const inClientNamespace = (project: string) => ({
        metadata: { name: "dns", namespace: `team-${project}-clients`, labels: labels(project) },
    });
    const lostNamespace = (project: string) =>
        `namespace team-${project}-clients, created for the components of Project ${project}, would be deleted with all that runs in it. If that is intended, add namespace/team-${project}-clients to allowDestroy and run this again.`;
    const clientNamespaces: [title: string, oldInputs: object, answer: string][] = [
        [
            "the namespace of components is protected",
            { metadata: { name: "team-green-clients", labels: labels("green") } },
            lostNamespace("green"),
        ],
        [
            "what is in the namespace of components is protected with it",
            inClientNamespace("green"),
            lostNamespace("green"),
        ],
        [
            "the namespace of components is deleted where allowDestroy lists it",
            { metadata: { name: "team-blue-clients", labels: labels("blue") } },
            "allowed",
        ],
        [
            "the namespace of components is deleted with a Project listed in allowDestroy",
            inClientNamespace("red"),
            "allowed",
        ],
    ];
    for (const [title, oldInputs, answer] of clientNamespaces) {
        it(title, async () =>
            assert.equal(await verdict(guard.protectClientNamespace, { oldInputs }), answer),
        );
    }

    /** The brokers' policy, with what it says of clients. */
    const brokers = (...namespaces: (string | undefined)[]) => ({
        metadata: { name: "kafka", namespace: "team-blue", labels: labels("blue") },
        spec: {
            ingress: [
                { from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "kafka" } } }] },
                {
                    from: namespaces.map((namespace) => ({
                        podSelector: { matchLabels: { "unity-kafka/client": "true" } },
                        ...(namespace && {
                            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
                        }),
                    })),
                },
                {},
            ],
        },
    });
    const moves: [title: string, before: object, after: object, answer: string][] = [
        [
            "components whose pods nobody has moved keep Kafka when a new version has another default",
            brokers(undefined),
            brokers("team-blue-clients", "shop"),
            "components of Project blue ran in namespace team-blue until now, and config has them in team-blue-clients, shop: their pods would lose their Secrets and the brokers. Set namespace of each of them to [team-blue, NEXT], run this again, move its pods, then leave out team-blue: docs/upgrade.md",
        ],
        [
            "components may keep the namespace that they had, and get others",
            brokers(undefined),
            brokers("team-blue", "shop"),
            "allowed",
        ],
        [
            "components leave the namespace of the servers where config had named it",
            brokers("team-blue", "shop"),
            brokers("shop"),
            "allowed",
        ],
        ["a Project without components loses none", brokers(undefined), brokers(), "allowed"],
        ["a policy without rules is none of its business", {}, {}, "allowed"],
    ];
    for (const [title, oldInputs, newInputs, answer] of moves) {
        it(title, async () =>
            assert.equal(await verdict(guard.preventLostClients, { oldInputs, newInputs }), answer),
        );
    }

    const topics: [title: string, oldInputs: object, answer: string][] = [
        [
            "a topic is protected",
            { namespace: "team-blue", topic: "orders" },
            lost("topic orders of Project blue", "topic/blue/orders", "be deleted with all its messages"),
        ],
        [
            "a topic listed in allowDestroy is deleted",
            { namespace: "team-blue", topic: "scratch" },
            "allowed",
        ],
        [
            "a topic of the same name in another Project is protected",
            { namespace: "team-green", topic: "scratch" },
            lost("topic scratch of Project green", "topic/green/scratch", "be deleted with all its messages"),
        ],
        [
            "any topic of a Project listed in allowDestroy is deleted",
            { namespace: "team-red", topic: "orders" },
            "allowed",
        ],
    ];
    for (const [title, oldInputs, answer] of topics) {
        it(title, async () => assert.equal(await verdict(guard.protectTopic, { oldInputs }), answer));
    }

    const pools: [title: string, oldInputs: object, answer: string][] = [
        [
            "a node pool is protected",
            { name: "kafka" },
            lost("node pool kafka", "gke/kafka", "be deleted or replaced under its servers"),
        ],
        ["a node pool listed in allowDestroy is deleted", { name: "old" }, "allowed"],
        [
            "a node pool with the name of a Project listed in allowDestroy is protected",
            { name: "red" },
            lost("node pool red", "gke/red", "be deleted or replaced under its servers"),
        ],
    ];
    for (const [title, oldInputs, answer] of pools) {
        it(title, async () => assert.equal(await verdict(guard.protectNodePool, { oldInputs }), answer));
    }

    const zoo = (file?: string) => ({
        metadata: { name: "zookeeper", labels: labels("blue", "zookeeper") },
        spec: { template: { metadata: { annotations: file ? { "files.unity-kafka/zoo.cfg": file } : {} } } },
    });
    const servers = (name: string, replicas: number) => ({
        metadata: { name, labels: labels("blue", name) },
        spec: { replicas },
    });
    const moved = (folder: string, before: string, after: string) =>
        `zookeeper.${folder} of Project blue is ${before}, where its data is, and cannot become ${after}. Set it to ${before}.`;
    const PORTS = { client: 2181, server: 2888, election: 3888 };
    const ports = (changed: Partial<typeof PORTS>) => {
        const { client, server, election } = { ...PORTS, ...changed };
        return `secureClientPort=${client}\nserver.1=zookeeper-0:${server}:${election}\n`;
    };
    const brokersOf = (image: string, protocol: string) => ({
        metadata: { name: "kafka", labels: labels("blue", "kafka") },
        spec: {
            replicas: 3,
            template: {
                metadata: {
                    annotations: {
                        "files.unity-kafka/server.properties": `inter.broker.protocol.version=${protocol}\n`,
                    },
                },
                spec: { containers: [{ image }] },
            },
        },
    });
    const [kafka38, kafka39] = ["acme/kafka:3.8.1", "acme/kafka:3.9.2"];
    const protocols: [title: string, before: object, after: object, answer: string][] = [
        ["brokers are upgraded first", brokersOf(kafka38, "3.8"), brokers(kafka39, "3.8"), "allowed"],
        [
            "the protocol between brokers follows the upgrade",
            brokersOf(kafka39, "3.8"),
            brokersOf(kafka39, "3.9"),
            "allowed",
        ],
        [
            "the protocol between brokers is not raised with the image",
            brokersOf(kafka38, "3.8"),
            brokersOf(kafka39, "3.9"),
            "kafka.interBrokerProtocol of Project blue is 3.8 and cannot become 3.9 with the image: brokers that have not restarted yet may not know it. Set it to 3.8, run up, and raise it then.",
        ],
        [
            "the protocol between brokers may fall with the image",
            brokersOf(kafka39, "3.9"),
            brokersOf(kafka38, "3.8"),
            "allowed",
        ],
    ];
    const folders: [title: string, before: object, after: object, answer: string][] = [
        [
            "an ensemble keeps its folders while other settings change",
            zoo("dataDir=/a\ndataLogDir=/b\ntickTime=2000\n"),
            zoo("dataDir=/a\ndataLogDir=/b\ntickTime=3000\n"),
            "allowed",
        ],
        [
            "the snapshots of an ensemble never move",
            zoo("dataDir=/a\ndataLogDir=/b\n"),
            zoo("dataDir=/c\ndataLogDir=/b\n"),
            moved("dataDir", "/a", "/c"),
        ],
        [
            "the transaction log of an ensemble never moves",
            zoo("dataDir=/a\ndataLogDir=/b\n"),
            zoo("dataDir=/a\ndataLogDir=/a/log\n"),
            moved("dataLogDir", "/b", "/a/log"),
        ],
        ["a StatefulSet without such folders is none of its business", zoo(), zoo(), "allowed"],
        ["brokers may be added", servers("kafka", 3), servers("kafka", 5), "allowed"],
        [
            "brokers may be taken away, as they are emptied before",
            servers("kafka", 5),
            servers("kafka", 3),
            "allowed",
        ],
        ["an ensemble may grow", servers("zookeeper", 3), servers("zookeeper", 5), "allowed"],
        ["an ensemble may shrink", servers("zookeeper", 5), servers("zookeeper", 3), "allowed"],
        ...(["client", "server", "election"] as const).map((port): [string, object, object, string] => [
            `the ${port} port of an ensemble stays`,
            zoo(ports({})),
            zoo(ports({ [port]: 4000 })),
            `zookeeper.ports.${port} of Project blue is ${PORTS[port]} and cannot become 4000: servers that have restarted, and those that have not and brokers, would not find each other. Set it to ${PORTS[port]}.`,
        ]),
        [
            "the port of an ensemble for four-letter words may change",
            zoo(`clientPort=2182\n${ports({})}`),
            zoo(`clientPort=2183\n${ports({})}`),
            "allowed",
        ],
        [
            "an ensemble from before traffic was encrypted has no port to keep",
            zoo("server.1=zookeeper-0:2888:3888\n"),
            zoo(ports({})),
            "allowed",
        ],
        ...protocols,
    ];
    for (const [title, oldInputs, newInputs, answer] of folders) {
        it(title, async () =>
            assert.equal(await verdict(guard.preventDataLoss, { oldInputs, newInputs }), answer),
        );
    }

    const startedWith = (project: string, ...lines: string[]) => ({
        metadata: { name: "kafka", labels: labels(project) },
        spec: {
            replicas: 3,
            template: {
                metadata: { annotations: { "files.unity-kafka/server.properties": `${lines.join("\n")}\n` } },
            },
        },
    });
    const wouldLose = (lost: string, ...names: string[]) =>
        `by kafka.config, topics of Project blue would lose messages: ${names.map((name) => `${name} (${lost})`).join(", ")}. If that is intended, add ${names.map((name) => `topic/blue/${name}`).join(", ")} to allowDestroy, otherwise set their own retention and cleanupPolicy. Then run this again.`;
    const defaults: [title: string, before: string[], after: string[], answer: string][] = [
        [
            "brokers that are to delete messages sooner are not changed, for the topics that follow them",
            ["log.retention.hours=168"],
            ["log.retention.hours=12"],
            wouldLose("messages older than 12h", "orders"),
        ],
        [
            "brokers that have kept messages by Kafka's default are not told to delete them sooner",
            [],
            ["log.retention.ms=86400000"],
            wouldLose("messages older than 1d", "orders"),
        ],
        [
            "brokers that are to compact are not changed",
            [],
            ["log.cleanup.policy=compact"],
            wouldLose("all but the latest message of each key", "orders", "kept"),
        ],
        [
            "brokers may keep messages for longer",
            ["log.retention.hours=1"],
            ["log.retention.hours=2"],
            "allowed",
        ],
        [
            "brokers may keep messages for ever",
            ["log.retention.hours=1"],
            ["log.retention.minutes=-1"],
            "allowed",
        ],
    ];
    for (const [title, before, after, answer] of defaults) {
        it(title, async () => {
            const change = {
                oldInputs: startedWith("blue", ...before),
                newInputs: startedWith("blue", ...after),
            };
            assert.equal(await verdict(guard.preventDataLoss, change), answer);
            const allowed = {
                oldInputs: startedWith("red", ...before),
                newInputs: startedWith("red", ...after),
            };
            assert.equal(await verdict(guard.preventDataLoss, allowed), "allowed");
        });
    }

    it("every hook of version 0.1.0 is there under its former name too, for objects that left the program", () => {
        assert.deepEqual(registered.sort(), [
            "keep-node-pool",
            "keep-project",
            "keep-topic",
            "prevent-data-loss",
            "prevent-lost-clients",
            "protect-client-namespace",
            "protect-node-pool",
            "protect-project",
            "protect-topic",
        ]);
    });
});

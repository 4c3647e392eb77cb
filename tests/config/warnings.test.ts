import assert from "node:assert/strict";
import { environment, rawConfigWith } from "./matchers.ts";

const warningsOf = (changes: Record<string, unknown>) => environment(rawConfigWith(changes)).warnings;

describe("a warning about the memory of ZooKeeper", () => {
    const warning = (memory: string, wanted: string) => [
        `projects[0].zookeeper.memory: ${memory} is less than the ${wanted} that ZooKeeper should have in production (2Gi, or 1.5 x heap if that is more)`,
    ];
    const cases: [title: string, minimumZones: number, heap: string, memory: string, expected: string[]][] = [
        ["is given in production below 2Gi", 3, "512Mi", "2047Mi", warning("2047Mi", "2048Mi")],
        ["is not given at 2Gi", 3, "512Mi", "2Gi", []],
        ["is given in production below 1.5 x heap", 3, "2Gi", "2900Mi", warning("2900Mi", "3072Mi")],
        ["is not given at 1.5 x heap", 3, "2Gi", "3Gi", []],
        ["is not given where the loss of a zone is no matter", 0, "512Mi", "1Gi", []],
    ];
    for (const [title, minimumZones, heap, memory, expected] of cases) {
        it(title, () =>
            assert.deepEqual(
                warningsOf({
                    image: `repository/kafka:3.9.2@sha256:${"0".repeat(64)}`,
                    minimumZones,
                    "zookeeper/heap": heap,
                    "zookeeper/memory": memory,
                }),
                expected,
            ),
        );
    }
});

describe("a warning in config", () => {
    const namesNothing = (entry: string) =>
        `allowDestroy: ${entry} names nothing; it must be a Project, gke/POOL, namespace/NAMESPACE or topic/PROJECT/TOPIC`;
    const cases: [title: string, changes: Record<string, unknown>, expected: string[]][] = [
        [
            "names each entry of allowDestroy that is still there, and each that can be nothing",
            {
                allowDestroy: [
                    "one",
                    "gone",
                    "gke/gone",
                    "topic/one/gone",
                    "topic/one/orders",
                    "topic/two/orders",
                    "topic/orders",
                    "pool/kafka",
                    "gke/",
                    "My Project",
                    "namespace/one-clients",
                    "namespace/gone-clients",
                    "namespace/two/clients",
                ],
                projects: [{ name: "one", topics: [{ name: "orders" }], components: [{ name: "loader" }] }],
            },
            [
                "allowDestroy: one is still among projects, and a change may delete its data now",
                "allowDestroy: topic/one/orders is still among topics, and a change may delete its messages now",
                "allowDestroy: topic/two/orders names no topic, as two is not among projects; list the Project itself",
                ...["topic/orders", "pool/kafka", "gke/", "My Project"].map(namesNothing),
                "allowDestroy: namespace/one-clients is still among namespaces of components, and a change may delete its applications now",
                namesNothing("namespace/two/clients"),
            ],
        ],
        [
            "is given for a component in the namespace of the servers, where its people are the operator",
            {
                namespacePrefix: "team-",
                projects: [
                    {
                        name: "one",
                        components: [
                            { name: "moved" },
                            { name: "moving", namespace: ["team-one", "shop"] },
                            { name: "loader", namespace: "team-one" },
                        ],
                    },
                ],
            },
            [1, 2].map(
                (i) =>
                    `projects[0].components[${i}].namespace: team-one is the namespace of the servers, and who may create pods there reads every Secret in it, the operator's too; move the pods of the component to another`,
            ),
        ],
        [
            "is given for an image without a digest in production",
            { minimumZones: 3, "zookeeper/memory": "2Gi" },
            [
                "image: repository/kafka:3.9.2 has no digest, so servers may start with another image under the same tag; pin it by: unity image pin --stack STACK",
            ],
        ],
        [
            "is not given for an image with a digest",
            {
                minimumZones: 3,
                "zookeeper/memory": "2Gi",
                image: `repository/kafka:3.9.2@sha256:${"0".repeat(64)}`,
            },
            [],
        ],
        [
            "is given for a disk smaller than the requirements",
            {
                kafka: { disk: { storageClass: "ssd" } },
                size: { throughput: { in: "10MB/s", out: "10MB/s" }, retention: "24h" },
                projects: [{ name: "one", kafka: { disk: { size: "500Gi" } } }, { name: "two" }],
            },
            [
                "projects[0].kafka.disk.size: 500Gi is less than the 1100Gi that 24h of 10MB/s need on each of 3 brokers",
            ],
        ],
        [
            "is given for brokers whose sessions ZooKeeper makes shorter or longer",
            {
                projects: [
                    { name: "one", kafka: { zookeeperSessionTimeout: 60_000 } },
                    { name: "two", kafka: { zookeeperSessionTimeout: 3000 } },
                ],
            },
            [
                "projects[0].zookeeper.maxSessionTimeout: brokers get sessions of 40000 ms, not the 60000 of kafka.zookeeperSessionTimeout",
                "projects[1].zookeeper.minSessionTimeout: brokers get sessions of 4000 ms, not the 3000 of kafka.zookeeperSessionTimeout",
            ],
        ],
        [
            "is given for a deprecated setting",
            { "kafka/config": { "auto.include.jmx.reporter": true } },
            ["projects[0].kafka.config.auto.include.jmx.reporter: is deprecated in Kafka 3.9"],
        ],
        [
            "is given for a heap that leaves the page cache less than half",
            { "kafka/heap": "2100Mi" },
            ["projects[0].kafka.heap: 2100Mi of 4Gi leaves less than half of the memory to the page cache"],
        ],
        [
            "is given where an acknowledged message may be on one disk",
            { "kafka/minInsyncReplicas": 1 },
            ["projects[0].kafka.minInsyncReplicas: at 1 an acknowledged message may be on one disk only"],
        ],
    ];
    for (const [title, changes, expected] of cases) {
        it(title, () => assert.deepEqual(warningsOf(changes), expected));
    }
});

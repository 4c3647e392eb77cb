import assert from "node:assert/strict";
import { issuesOf, rawConfigWith } from "./matchers.ts";

const WHOLE = "must be a whole number from 1 to 99";
const NAME =
    "must be 1 to 63 lower-case letters, digits or dashes, beginning and ending with a letter or digit";
const GKE = {
    project: "unity-test",
    location: "europe-west1",
    cluster: "shared",
    nodePools: [
        { name: "kafka", servers: ["kafka"], machineType: "n2-standard-4", minPerZone: 2, maxPerZone: 1 },
    ],
};
const CLASS =
    "must have a name and one of: disk (pd-balanced, pd-ssd, hyperdisk-balanced; optionally iops, throughput, encryptionKey and reclaimPolicy Retain or Delete), provisioner (optionally parameters of text and reclaimPolicy) or existing: true";
const IMAGE =
    "must be an image with a tag that ends in a version of Kafka 3, such as repository/kafka:0.45.2-kafka-3.9.2, or with a sha256 digest";

describe("the environment and its Projects in config", () => {
    const cases: [title: string, changes: Record<string, unknown>, expected: string[]][] = [
        [
            "a size that is neither a name nor requirements",
            { size: Number.POSITIVE_INFINITY },
            [
                "size: Infinity is not allowed, must be the name of a size, or a block with throughput, retention and peak",
            ],
        ],
        [
            "a storage class whose name is none, and the disks that refer to another",
            { storageClasses: [{ name: {}, provisioner: "p" }] },
            [
                `storageClasses[0]: {"name":{},"provisioner":"p"} is not allowed, ${CLASS}`,
                "zookeeper.disk.storageClass: ssd is not among storageClasses (none are defined)",
                "kafka.disk.storageClass: ssd is not among storageClasses (none are defined)",
            ],
        ],
        [
            "a secret that is not a ciphertext",
            {
                ikp: {
                    bootstrapServers: ["ikp:9093"],
                    sasl: { mechanism: "PLAIN", username: "unity", password: { secure: 0 } },
                },
            },
            ["ikp.sasl.password.secure: 0 is not allowed, must be the ciphertext that Pulumi writes"],
        ],
        [
            "an image that moves",
            { image: "kafka:latest" },
            [`image: "kafka:latest" is not allowed, ${IMAGE}`],
        ],
        [
            "an image without a version",
            { image: "a:5000/kafka" },
            [`image: "a:5000/kafka" is not allowed, ${IMAGE}`],
        ],
        [
            "Kafka 4",
            { image: "kafka:0.50-kafka-4.0.0" },
            [`image: "kafka:0.50-kafka-4.0.0" is not allowed, ${IMAGE}`],
        ],
        [
            "a node pool whose own fields contradict each other, and what is wrong around it",
            { gke: GKE, kubernetes: { context: "kind" }, zones: ["europe-west1-b"] },
            [
                "gke.nodePools[0].minPerZone: 2 is more than maxPerZone (1)",
                "gke.nodePools: no pool is for zookeeper; add zookeeper to the servers of one",
                "kubernetes: excludes gke, which names the cluster already; remove one of the two",
            ],
        ],
        [
            "a cluster named twice, one of them wrongly",
            { gke: { ...GKE, cluster: 5 }, kubernetes: { context: "kind" }, zones: ["europe-west1-b"] },
            [
                "gke.cluster: 5 is not allowed, must be 1 to 40 lower-case letters, digits or dashes, beginning with a letter",
                "gke.nodePools[0].minPerZone: 2 is more than maxPerZone (1)",
                "gke.nodePools: no pool is for zookeeper; add zookeeper to the servers of one",
                "kubernetes: excludes gke, which names the cluster already; remove one of the two",
            ],
        ],
        [
            "a heap too large, and a topic with more replicas than brokers",
            {
                "kafka/heap": "4Gi",
                projects: [{ name: "one", topics: [{ name: "orders", replicationFactor: 5 }] }],
            },
            [
                "kafka.heap: 4Gi is more than 3/4 of memory (4Gi); lower heap or raise memory",
                "projects[0].topics[0].replicationFactor: 5 is more than the number of brokers (3)",
            ],
        ],
        [
            "a tag that moves",
            { image: "kafka:latest-kafka-3.9.2" },
            [`image: "kafka:latest-kafka-3.9.2" is not allowed, ${IMAGE}`],
        ],
        [
            "a tag without a version",
            { image: "kafka:nightly" },
            [`image: "kafka:nightly" is not allowed, ${IMAGE}`],
        ],
        [
            "half a digest",
            { image: "kafka@sha256:12" },
            [
                'image: "kafka@sha256:12" is not allowed, must have a digest of sha256: and 64 digits from 0 to 9 and a to f',
            ],
        ],
        [
            "an invalid name",
            { projects: [{ name: "My_Proj" }] },
            [`projects[0].name: "My_Proj" is not allowed, ${NAME}`],
        ],
        [
            "a name of 64 characters",
            { projects: [{ name: "x".repeat(64) }] },
            [`projects[0].name: "${"x".repeat(56)}... is not allowed, ${NAME}`],
        ],
        [
            "a name that the prefix makes too long",
            { namespacePrefix: "unity-", projects: [{ name: "x".repeat(60) }] },
            [
                `projects[0].name: "${"x".repeat(56)}... results in the namespace unity-${"x".repeat(60)}, which is longer than 63 characters`,
            ],
        ],
        [
            "a namespace of Kubernetes",
            { projects: [{ name: "kube-system" }] },
            [
                'projects[0].name: "kube-system" results in the namespace kube-system, which belongs to Kubernetes or Google; choose another name',
            ],
        ],
        [
            "a duplicated Project",
            { projects: [{ name: "a" }, { name: "a" }] },
            ['projects[1].name: "a" is already the name of projects[0]'],
        ],
        [
            "no list of Projects",
            { projects: undefined },
            ["projects: is missing, must be a list of Projects"],
        ],
        [
            "Projects that are no list",
            { projects: "one" },
            ['projects: "one" is not allowed, must be a list of Projects'],
        ],
        [
            "a Project that is a bare name, which Pulumi would not take",
            { projects: ["one"] },
            ['projects[0]: "one" is not allowed, must be a block with a name, such as {name: billing}'],
        ],
        [
            "a Project that is null",
            { projects: [null] },
            ["projects[0]: null is not allowed, must be a block with a name, such as {name: billing}"],
        ],
        [
            "addresses that are no range, a range by another than its first, all addresses, and a mistyped namespace",
            {
                dns: {
                    namespaces: ["Kube"],
                    ranges: ["10.0.0.10", "10.0.0.10/24", "0.0.0.0/0", "169.254.20.10/32"],
                },
            },
            [
                'dns.namespaces[0]: "Kube" is not allowed, must be 1 to 63 lower-case letters, digits or dashes, beginning and ending with a letter or digit',
                'dns.ranges[0]: "10.0.0.10" is not allowed, must be a range of addresses, such as 198.51.100.0/24 or 198.51.100.7/32',
                'dns.ranges[1]: "10.0.0.10/24" is not allowed, must begin with its first address: 10.0.0.0/24',
                'dns.ranges[2]: "0.0.0.0/0" is not allowed, must not be all addresses; leave it out for that',
            ],
        ],
        [
            "a mistyped key",
            { zone: [] },
            [
                "zone: is not a known key; there are allowDestroy, certificates, dns, gke, ikp, image, kafka, kubernetes, labels, metricsFrom, minimumZones, monitoring, namespacePrefix, projects, racks, size, sizes, smokeTest, stackPerProject, storageClasses, zones, zookeeper",
            ],
        ],
        [
            "a mistyped key of a Project's own block",
            { projects: [{ name: "a", kafka: { disk: { sise: "1Gi" } } }] },
            ["projects[0].kafka.disk.sise: is not a known key; there are size, storageClass"],
        ],
        [
            "an error of a Project's own block only, with its own path",
            {
                projects: [
                    { name: "a", kafka: { brokers: 0 } },
                    { name: "b", zookeeper: { heap: "1Gi" } },
                ],
            },
            [
                `projects[0].kafka.brokers: 0 is not allowed, ${WHOLE}`,
                "projects[1].zookeeper.heap: 1Gi is more than 3/4 of memory (1Gi); lower heap or raise memory",
            ],
        ],
        ["a duplicated zone", { zones: ["a", "a"] }, ['zones[1]: "a" is duplicated']],
        [
            "a kubeconfig without a context",
            { kubernetes: { kubeconfig: "x" } },
            ['kubernetes: {"kubeconfig":"x"} is not allowed, must name a context of the kubeconfig'],
        ],
        [
            "a storage class that is not defined",
            { "kafka/disk": { size: "1Gi", storageClass: "sdd" } },
            ["kafka.disk.storageClass: sdd is not among storageClasses (ssd)"],
        ],
        [
            "an incomplete storage class",
            { storageClasses: [{ name: "ssd", provisoner: "p" }] },
            [
                'storageClasses[0]: {"name":"ssd","provisoner":"p"} is not allowed, must have a name and one of: disk (pd-balanced, pd-ssd, hyperdisk-balanced; optionally iops, throughput, encryptionKey and reclaimPolicy Retain or Delete), provisioner (optionally parameters of text and reclaimPolicy) or existing: true',
            ],
        ],
    ];
    for (const [title, changes, expected] of cases) {
        it(`refuses ${title}`, () => assert.deepEqual(issuesOf(rawConfigWith(changes)), expected));
    }
});

import assert from "node:assert/strict";
import { readEnvironment } from "../../config/load.ts";
import { issuesOf, rawConfigWith } from "./matchers.ts";

const WHOLE = "must be a whole number from 1 to 99";
const SIZE = 'must be a size with its unit, such as "512Mi" or "10Gi"';
const NAME =
    "must be 1 to 63 lower-case letters, digits or dashes, beginning and ending with a letter or digit";
const IMAGE =
    "must be an image with a tag that ends in a version of Kafka 3, such as repository/kafka:0.45.2-kafka-3.9.2, or with a sha256 digest";
const SERVERS = "must be 3 (tolerates one failure) or 5 (one more during maintenance)";

describe("config", () => {
    it("gives a Project what the environment says where it says nothing itself", () => {
        const { projects } = readEnvironment(
            rawConfigWith({ namespacePrefix: "unity-" }),
            "the file",
            "next",
        );
        const [one] = projects;
        assert.equal(projects.length, 1);
        assert.equal(one?.name, "one");
        assert.equal(one.namespace, "unity-one");
        assert.equal(one.kafka.brokers, 3);
        assert.equal(one.zookeeper.disk.size, "10Gi");
    });

    it("has the defaults of ZooKeeper's administration guide", () => {
        const [one] = readEnvironment(rawConfigWith({}), "the file", "next").projects;
        const { servers, heap, memory, cpu, disk, ...defaults } = one!.zookeeper;
        assert.deepEqual(defaults, {
            tickTime: 2000,
            initLimit: 10,
            syncLimit: 5,
            maxClientCnxns: 60,
            autopurge: { snapRetainCount: 3, purgeInterval: 1 },
            commands: ["srvr", "mntr", "ruok"],
            adminServer: false,
            electionPortBindRetry: 0,
            ports: { client: 2181, commands: 2182, server: 2888, election: 3888, metrics: 9404 },
            probes: {
                startup: {
                    initialDelaySeconds: 0,
                    periodSeconds: 1,
                    timeoutSeconds: 5,
                    failureThreshold: 600,
                },
                liveness: {
                    initialDelaySeconds: 15,
                    periodSeconds: 10,
                    timeoutSeconds: 5,
                    failureThreshold: 6,
                },
                readiness: {
                    initialDelaySeconds: 0,
                    periodSeconds: 5,
                    timeoutSeconds: 5,
                    failureThreshold: 3,
                },
            },
            terminationGracePeriodSeconds: 60,
            logLevel: "INFO",
            jvmOptions: [],
        });
    });

    it("lets a Project differ at any depth, and touches no other", () => {
        const { projects } = readEnvironment(
            rawConfigWith({
                projects: [
                    {
                        name: "one",
                        kafka: { brokers: 5, disk: { size: "99Gi" }, config: { "num.io.threads": 4 } },
                    },
                    { name: "two" },
                ],
                "kafka/config": { "log.retention.hours": 3 },
            }),
            "the file",
            "next",
        );
        assert.equal(projects[0]?.kafka.brokers, 5);
        assert.deepEqual(projects[0]?.kafka.disk, { size: "99Gi", storageClass: "ssd" });
        assert.deepEqual(projects[0]?.kafka.config, { "log.retention.hours": 3, "num.io.threads": 4 });
        assert.equal(projects[1]?.kafka.brokers, 3);
        assert.deepEqual(projects[1]?.kafka.config, { "log.retention.hours": 3 });
    });

    const cases: [title: string, changes: Record<string, unknown>, expected: string[]][] = [
        [
            "certificates that would outlive their CA",
            { "certificates/days": 400, "certificates/authorityDays": 730 },
            [
                "certificates.days: 400 is more than the 248 days that the CA is still valid when it is renewed (authorityDays 730, renewAt 0.66)",
            ],
        ],
        [
            "a duplicated certificate authority",
            { "certificates/authorities": ["first", "first"] },
            ['certificates.authorities: ["first","first"] is not allowed, must be two different names'],
        ],
        [
            "three certificate authorities",
            { projects: [{ name: "demo", certificates: { authorities: ["a", "b", "c"] } }] },
            [
                'projects[0].certificates.authorities: ["a","b","c"] is not allowed, must be a list of one or two names, the one that signs first',
            ],
        ],
        ["no brokers", { "kafka/brokers": 0 }, [`kafka.brokers: 0 is not allowed, ${WHOLE}`]],
        [
            "a negative number of brokers",
            { "kafka/brokers": -1 },
            [`kafka.brokers: -1 is not allowed, ${WHOLE}`],
        ],
        ["half a broker", { "kafka/brokers": 3.5 }, [`kafka.brokers: 3.5 is not allowed, ${WHOLE}`]],
        ["a number as a text", { "kafka/brokers": "3" }, [`kafka.brokers: "3" is not allowed, ${WHOLE}`]],
        ["a missing setting", { "kafka/brokers": undefined }, [`kafka.brokers: is missing, ${WHOLE}`]],
        ["an even ensemble", { "zookeeper/servers": 4 }, [`zookeeper.servers: 4 is not allowed, ${SERVERS}`]],
        [
            "more replicas than brokers",
            { "kafka/brokers": 2, "kafka/replicationFactor": 3 },
            ["kafka.replicationFactor: 3 is more than the number of brokers (2)"],
        ],
        [
            "a minimum of in-sync replicas equal to the replication factor",
            { "kafka/minInsyncReplicas": 3 },
            [
                "kafka.minInsyncReplicas: 3 must be less than the replication factor (3), or the loss of one broker stops all writes",
            ],
        ],
        [
            "a heap that leaves too little of the memory",
            { "kafka/heap": "4Gi" },
            ["kafka.heap: 4Gi is more than 3/4 of memory (4Gi); lower heap or raise memory"],
        ],
        [
            "a heap that ZooKeeper cannot use",
            { "zookeeper/heap": "9Gi", "zookeeper/memory": "16Gi" },
            ["zookeeper.heap: 9Gi is more than the 8Gi that ZooKeeper can use well"],
        ],
        ["an unknown unit", { "kafka/memory": "4gb" }, [`kafka.memory: "4gb" is not allowed, ${SIZE}`]],
        [
            "a CPU of nothing",
            { "kafka/cpu": 0 },
            ['kafka.cpu: 0 is not allowed, must be cores or thousandths of a core, such as 2 or "500m"'],
        ],
        [
            "a purge interval that never purges",
            { "zookeeper/autopurge": { purgeInterval: 0 } },
            [
                "zookeeper.autopurge.purgeInterval: 0 is not allowed, must be a whole number of hours from 1 to 8760",
            ],
        ],
        [
            "a misspelt key within a block",
            { "zookeeper/autopurge": { purgeInteval: 1 } },
            [
                "zookeeper.autopurge.purgeInteval: is not a known key; there are purgeInterval, snapRetainCount",
            ],
        ],
        [
            "commands without those of the probes",
            { "zookeeper/commands": ["mntr"] },
            [
                'zookeeper.commands: ["mntr"] is not allowed, must contain ruok and srvr, which the probes send',
            ],
        ],
        [
            "duplicated ports",
            { "zookeeper/ports": { client: 2888 } },
            ["zookeeper.ports: must differ from each other"],
        ],
        [
            "a shortest session above the longest",
            { "zookeeper/minSessionTimeout": 50_000 },
            ["zookeeper.minSessionTimeout: 50000 is more than maxSessionTimeout (40000)"],
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
            "settings that this program manages",
            {
                "kafka/config": {
                    "broker.id": 3,
                    "zookeeper.connect": "x",
                    "log.dirs": "/tmp",
                    "log.retention.hours": 1,
                },
            },
            [
                "kafka.config.broker.id: is reserved: it is the pod's ordinal",
                "kafka.config.zookeeper.connect: is reserved: the ensemble is managed by this program; set kafka.zookeeperSessionTimeout for the session",
                "kafka.config.log.dirs: is reserved: data is on the PVC",
            ],
        ],
        [
            "an ensemble that would lose its data when it grows",
            { "zookeeper/servers": 1 },
            [`zookeeper.servers: 1 is not allowed, ${SERVERS}`],
        ],
        [
            "a setting that would add another",
            {
                "kafka/config": {
                    "log.dirs.x": 1,
                    "compression.type": "lz4\nunclean.leader.election.enable=true",
                    a: "b\\",
                },
            },
            [
                "kafka.config.log.dirs.x: is reserved: data is on the PVC",
                'kafka.config.compression.type: "lz4\\nunclean.leader.election.enable=true" is not allowed, must be one line of text without a backslash, a number, true or false',
                'kafka.config.a: "b\\\\" is not allowed, must be one line of text without a backslash, a number, true or false',
            ],
        ],
        [
            "a number that YAML cannot hold",
            { "kafka/config": { "log.flush.interval.messages": 2 ** 63 } },
            [
                "kafka.config.log.flush.interval.messages: is more than a YAML number holds exactly; write it in quotes",
            ],
        ],
        [
            "a heap of nothing",
            { "kafka/heap": "500Ki" },
            ['kafka.heap: "500Ki" is not allowed, must be 64Mi or more'],
        ],
        [
            "a heap among the options of java",
            { "kafka/jvmOptions": ["-Xmx64g", "-XX:MaxRAMPercentage=90", "oops"] },
            [
                "kafka.jvmOptions[0]: is reserved: set heap instead",
                "kafka.jvmOptions[1]: is reserved: set heap instead",
                'kafka.jvmOptions[2]: "oops" is not allowed, must be one option of java, such as -XX:MaxGCPauseMillis=50',
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
            [`image: "kafka@sha256:12" is not allowed, ${IMAGE}`],
        ],
        [
            "a setting that is a list",
            { "kafka/config": { "log.cleanup": [1] } },
            [
                "kafka.config.log.cleanup: [1] is not allowed, must be one line of text without a backslash, a number, true or false",
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
                `projects[0].name: "${"x".repeat(56)}... makes the namespace unity-${"x".repeat(60)}, which is longer than 63 characters`,
            ],
        ],
        [
            "a namespace of Kubernetes",
            { projects: [{ name: "kube-system" }] },
            [
                'projects[0].name: "kube-system" makes the namespace kube-system, which belongs to Kubernetes; choose another name',
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
            "a mistyped key",
            { zone: [] },
            [
                "zone: is not a known key; there are allowDestroy, certificates, gke, ikp, image, kafka, kubernetes, metricsFrom, minimumZones, namespacePrefix, projects, size, sizes, smokeTest, stackPerProject, storageClasses, zones, zookeeper",
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
                'storageClasses[0]: {"name":"ssd","provisoner":"p"} is not allowed, must have a name and one of: disk (pd-balanced, pd-ssd, hyperdisk-balanced; with iops, throughput, encryptionKey and reclaimPolicy Retain or Delete, if need be), provisioner (with parameters of text and reclaimPolicy, if need be) or existing: true',
            ],
        ],
    ];
    for (const [title, changes, expected] of cases) {
        it(`refuses ${title}`, () => assert.deepEqual(issuesOf(rawConfigWith(changes)), expected));
    }

    it("reports every error at once, across fields too", () => {
        const all = issuesOf(
            rawConfigWith({ "kafka/brokers": 0, "kafka/heap": "4Gi", image: "x", "zookeeper/servers": 2 }),
        );
        assert.deepEqual(
            all.map((error) => error.split(":")[0]),
            ["image", "zookeeper.servers", "kafka.brokers", "kafka.heap"],
        );
    });

    it("accepts one broker with one replica", () => {
        assert.deepEqual(issuesOf(rawConfigWith({ "kafka/brokers": 1 })), []);
    });
});

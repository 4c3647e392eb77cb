import assert from "node:assert/strict";
import { issuesOf, rawConfigWith } from "./matchers.ts";

const WHOLE = "must be a whole number from 1 to 99";
const SIZE = 'must be a size with its unit, such as "512Mi" or "10Gi"';
const SERVERS = "must be 3 (tolerates one failure) or 5 (one more during maintenance)";

const JVM_OPTION =
    "is not allowed, must be one option of java without control characters, such as -XX:MaxGCPauseMillis=50";

describe("the servers and certificates in config", () => {
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
            "folders of ZooKeeper that are not on its volume",
            { "zookeeper/dataDir": "/tmp/data", "zookeeper/dataLogDir": "/var/lib/zookeeper/../log" },
            [
                'zookeeper.dataDir: "/tmp/data" is not allowed, must be a folder below /var/lib/zookeeper, where the volume is, such as /var/lib/zookeeper/data',
                'zookeeper.dataLogDir: "/var/lib/zookeeper/../log" is not allowed, must be a folder below /var/lib/zookeeper, where the volume is, such as /var/lib/zookeeper/data',
            ],
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
            "a command that ZooKeeper does not have",
            { "zookeeper/commands": ["srvr", "ruok", "mtnr"] },
            [
                'zookeeper.commands[2]: "mtnr" is not allowed, must be a four-letter word of ZooKeeper: conf, cons, crst, dirs, dump, envi, gtmk, hash, isro, mntr, ruok, srst, srvr, stat, stmk, wchc, wchp, wchs',
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
            {
                "kafka/jvmOptions": [
                    "-Xmx64g",
                    "-XX:MaxRAMPercentage=90",
                    "oops",
                    "-Da=b\n-Dc=d",
                    "-Dtab=\t",
                ],
            },
            [
                "kafka.jvmOptions[0]: is reserved: set heap instead",
                "kafka.jvmOptions[1]: is reserved: set heap instead",
                `kafka.jvmOptions[2]: "oops" ${JVM_OPTION}`,
                `kafka.jvmOptions[3]: "-Da=b\\n-Dc=d" ${JVM_OPTION}`,
                `kafka.jvmOptions[4]: "-Dtab=\\t" ${JVM_OPTION}`,
            ],
        ],
        [
            "a setting that is a list",
            { "kafka/config": { "log.cleanup": [1] } },
            [
                "kafka.config.log.cleanup: [1] is not allowed, must be one line of text without a backslash, a number, true or false",
            ],
        ],
    ];
    for (const [title, changes, expected] of cases) {
        it(`refuses ${title}`, () => assert.deepEqual(issuesOf(rawConfigWith(changes)), expected));
    }
});

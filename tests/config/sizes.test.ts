import assert from "node:assert/strict";
import { environment, issuesOf, rawConfigWith } from "./matchers.ts";

describe("sizes in config", () => {
    const sizes = {
        small: { kafka: { brokers: 3, memory: "3Gi" } },
        large: { kafka: { brokers: 9, cpu: 4, disk: { size: "99Gi" } }, zookeeper: { servers: 5 } },
    };
    const size = { throughput: { in: "30MB/s", out: "60MB/s" }, retention: "24h", peak: 1 };

    it("override the environment's blocks, and are overridden by a Project's own", () => {
        const projects = [
            { name: "a" },
            { name: "b", size: "large" },
            { name: "c", size: "large", kafka: { brokers: 7 } },
        ];
        const found = environment(rawConfigWith({ sizes, size: "small", projects })).projects.map(
            ({ kafka, zookeeper }) => [
                kafka.brokers,
                kafka.memory,
                kafka.cpu,
                kafka.disk.size,
                zookeeper.servers,
            ],
        );
        assert.deepEqual(found, [
            [3, "3Gi", "1", "10Gi", 3],
            [9, "4Gi", "4", "99Gi", 5],
            [7, "4Gi", "4", "99Gi", 5],
        ]);
    });

    it("by requirements override them too, so that a Project needs no other setting", () => {
        const base = { "kafka/heap": undefined, "kafka/memory": undefined, "kafka/brokers": undefined };
        const [one] = environment(rawConfigWith({ ...base, projects: [{ name: "one", size }] })).projects;
        assert.deepEqual(one?.requirements, size);
        assert.equal(one.kafka.memory, "12Gi");
        assert.equal(one.kafka.disk.storageClass, "ssd");
        assert.equal(one.kafka.config["log.retention.ms"], 86_400_000);
    });

    const cases: [title: string, changes: Record<string, unknown>, expected: string[]][] = [
        [
            "a size that is not defined",
            { sizes, projects: [{ name: "a", size: "huge" }] },
            ['projects[0].size: "huge" is not among sizes (small, large)'],
        ],
        [
            "a rate without its unit, with its path",
            { projects: [{ name: "a", size: { ...size, throughput: { in: 30, out: "60MB/s" } } }] },
            [
                "projects[0].size.throughput.in: 30 is not allowed, must be a rate with its unit, such as 30MB/s or 500kB/s",
            ],
        ],
        [
            "a mistyped key of requirements",
            { projects: [{ name: "a", size: { ...size, retetion: "1h" } }] },
            ["projects[0].size.retetion: is not a known key"],
        ],
        [
            "requirements that no cluster meets",
            { projects: [{ name: "a", size: { ...size, throughput: { in: "9GB/s", out: "9GB/s" } } }] },
            ["projects[0].size: needs more than 99 brokers of 16 vCPUs; divide the Project"],
        ],
        [
            "a retention that Kafka would ignore",
            { projects: [{ name: "a", size, kafka: { config: { "log.retention.hours": 1 } } }] },
            [
                "projects[0].kafka.config.log.retention.hours: would be overruled by the retention of size; change that, or set log.retention.ms",
            ],
        ],
        [
            "an error of a size, once and with the path of the size",
            {
                sizes: { small: { kafka: { heap: "4Gi" } } },
                size: "small",
                projects: [{ name: "a" }, { name: "b" }],
            },
            ["sizes.small.kafka.heap: 4Gi is more than 3/4 of memory (4Gi); lower heap or raise memory"],
        ],
        [
            "a mistyped key of a size",
            { sizes: { small: { kafka: { broker: 3 } } } },
            [
                "sizes.small.kafka.broker: is not a known key; there are brokers, config, cpu, disk, heap, interBrokerProtocol, jvmOptions, logLevel, memory, minInsyncReplicas, probes, reassignment, replicationFactor, terminationGracePeriodSeconds, zookeeperConnectionTimeout, zookeeperSessionTimeout",
            ],
        ],
    ];
    for (const [title, changes, expected] of cases) {
        it(`refuses ${title}`, () => assert.deepEqual(issuesOf(rawConfigWith(changes)), expected));
    }
});

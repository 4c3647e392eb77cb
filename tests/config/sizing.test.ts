import assert from "node:assert/strict";
import { cpusFor, diskFor, heapFor, partitionsFor, sendPerBroker, threadsFor } from "../../config/load.ts";
import type { Need } from "../../config/need.ts";
import { bytes, cores } from "../../config/quantity.ts";
import { needFault, sizeForNeed } from "../../config/sizing.ts";
import { sizingSteps } from "../../config/sizingSteps.ts";
import { environment, faults, having } from "./having.ts";

const GIB = 1024 ** 3;
const need = (produced: string, consumed: string, retention: string, peak = 1): Need => ({
    throughput: { in: produced, out: consumed },
    retention,
    peak,
});

describe("sizing", () => {
    it("takes the vCPUs of Google's example: 30 MB/s in and 60 out are 12", () => {
        assert.equal(cpusFor({ in: 30e6, out: 60e6, copies: 3 }), 12);
    });

    it("counts what is written, what is kept free and what a broker sends", () => {
        // 30 MB/s for a day is 2592 GB on each of three brokers, with 6.25 GiB of segments, over 80 %.
        assert.equal(Math.round(diskFor(30e6, 86_400, 3, 3) / GIB), Math.round((2592e9 / GIB + 6.25) / 0.8));
        assert.equal(sendPerBroker({ in: 30e6, out: 60e6, copies: 3 }, 3), 40e6);
    });

    it("keeps heap, partitions and threads within what brokers do well with", () => {
        assert.deepEqual(
            [2, 5, 12, 23, 60].map((gib) => heapFor(gib * GIB) / GIB),
            [1, 1, 3, 5, 6],
        );
        assert.deepEqual([2, 4, 8, 16].map(partitionsFor), [1000, 1000, 2000, 4000]);
        assert.deepEqual(threadsFor(2), {
            "num.io.threads": 8,
            "num.network.threads": 3,
            "num.replica.fetchers": 1,
            "num.recovery.threads.per.data.dir": 2,
        });
    });

    it("gives a whole cluster", () => {
        const { blocks, brokers, machineCpus, partitions } = sizeForNeed(need("30MB/s", "60MB/s", "24h"));
        assert.deepEqual(
            { blocks, brokers, machineCpus, partitions },
            {
                brokers: 3,
                machineCpus: 4,
                partitions: 3000,
                blocks: {
                    kafka: {
                        brokers: 3,
                        cpu: "3000m",
                        memory: "12Gi",
                        heap: "3Gi",
                        disk: { size: "3100Gi" },
                        config: {
                            "log.retention.ms": 86_400_000,
                            "num.io.threads": 8,
                            "num.network.threads": 4,
                            "num.replica.fetchers": 2,
                            "num.recovery.threads.per.data.dir": 4,
                        },
                    },
                },
            },
        );
    });

    it("takes more brokers once the largest are not enough, and says when no cluster is", () => {
        const { brokers, machineCpus } = sizeForNeed(need("500MB/s", "1GB/s", "24h", 2));
        assert.deepEqual([brokers, machineCpus], [25, 16]);
        const fault = "needs more than 99 brokers of 16 vCPUs; divide the Project";
        assert.equal(needFault(need("5GB/s", "5GB/s", "24h")), fault);
        assert.throws(() => sizeForNeed(need("5GB/s", "5GB/s", "24h")), { message: fault });
    });

    it("never gives less for more", () => {
        const totals = ["1", "3", "10", "30", "100", "300", "600"].map((rate) => {
            const { kafka } = sizeForNeed(need(`${rate}MB/s`, `${rate}MB/s`, "24h")).blocks;
            return [kafka.brokers * cores(kafka.cpu), kafka.brokers * bytes(kafka.disk.size)] as const;
        });
        for (const [i, [cpu, disk]] of totals.entries()) {
            if (i === 0) continue;
            assert(cpu >= totals[i - 1]![0] && disk > totals[i - 1]![1], `${i}`);
        }
    });

    it("leaves the page cache 30 seconds of writes", () => {
        for (const rate of ["1", "30", "100", "600"]) {
            const { blocks, pageCache } = sizeForNeed(need(`${rate}MB/s`, "1MB/s", "1h"));
            assert(bytes(blocks.kafka.memory) - bytes(blocks.kafka.heap) >= pageCache);
        }
    });

    it("shows its arithmetic", () => {
        const [, weighted, cpus] = sizingSteps(sizeForNeed(need("30MB/s", "60MB/s", "24h")));
        assert.deepEqual(weighted, {
            what: "weighted rate",
            how: "30 x 3 + (60 + 30 x 2) / 4",
            result: "120 MB/s",
        });
        assert.deepEqual(cpus, { what: "vCPUs altogether", how: "120 / 20 MB/s / 0.5", result: "12" });
    });
});

describe("sizes in config", () => {
    const sizes = {
        small: { kafka: { brokers: 3, memory: "3Gi" } },
        large: { kafka: { brokers: 9, cpu: 4, disk: { size: "99Gi" } }, zookeeper: { servers: 5 } },
    };
    const size = { throughput: { in: "30MB/s", out: "60MB/s" }, retention: "24h", peak: 1 };

    it("lie over the environment's blocks and under a Project's own", () => {
        const projects = [
            { name: "a" },
            { name: "b", size: "large" },
            { name: "c", size: "large", kafka: { brokers: 7 } },
        ];
        const found = environment(having({ sizes, size: "small", projects })).projects.map(
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

    it("by need lie over them too, so that a Project needs no other word", () => {
        const base = { "kafka/heap": undefined, "kafka/memory": undefined, "kafka/brokers": undefined };
        const [one] = environment(having({ ...base, projects: [{ name: "one", size }] })).projects;
        assert.deepEqual(one?.need, size);
        assert.equal(one.kafka.memory, "12Gi");
        assert.equal(one.kafka.disk.storageClass, "ssd");
        assert.equal(one.kafka.config["log.retention.ms"], 86_400_000);
    });

    const cases: [title: string, changes: Record<string, unknown>, expected: string[]][] = [
        [
            "a size that is not there",
            { sizes, projects: [{ name: "a", size: "huge" }] },
            ['projects[0].size: "huge" is not among sizes (small, large)'],
        ],
        [
            "a need without its unit, by its path",
            { projects: [{ name: "a", size: { ...size, throughput: { in: 30, out: "60MB/s" } } }] },
            [
                "projects[0].size.throughput.in: 30 is not allowed, must be a rate with its unit, such as 30MB/s or 500kB/s",
            ],
        ],
        [
            "a mistyped key of a need",
            { projects: [{ name: "a", size: { ...size, retetion: "1h" } }] },
            ["projects[0].size.retetion: is not a known key"],
        ],
        [
            "a need that no cluster meets",
            { projects: [{ name: "a", size: { ...size, throughput: { in: "9GB/s", out: "9GB/s" } } }] },
            ["projects[0].size: needs more than 99 brokers of 16 vCPUs; divide the Project"],
        ],
        [
            "a retention that Kafka would not look at",
            { projects: [{ name: "a", size, kafka: { config: { "log.retention.hours": 1 } } }] },
            [
                "projects[0].kafka.config.log.retention.hours: would be overruled by the retention of size; change that, or set log.retention.ms",
            ],
        ],
        [
            "a fault of a size, once and where it stands",
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
                "sizes.small.kafka.broker: is not a known key; there are brokers, config, cpu, disk, heap, interBrokerProtocol, jvmOptions, logLevel, memory, minInsyncReplicas, probes, replicationFactor, terminationGracePeriodSeconds, zookeeperConnectionTimeout, zookeeperSessionTimeout",
            ],
        ],
    ];
    for (const [title, changes, expected] of cases)
        it(`refuses ${title}`, () => assert.deepEqual(faults(having(changes)), expected));
});

import assert from "node:assert/strict";
import { LARGEST_DISK } from "../../common/google/disks.ts";
import { bytes, cores } from "../../common/quantity.ts";
import { kafkaRules, kafkaSchema } from "../../config/schema/kafka.ts";
import { withRules } from "../../config/schema/rules.ts";
import { diskFor } from "../../planning/formulas.ts";
import type { Requirements } from "../../planning/model.ts";
import { requirementsError, sizeForRequirements } from "../../planning/sizing.ts";
import { sizingSteps } from "../../planning/sizingSteps.ts";

const GIB = 1024 ** 3;
const requirements = (produced: string, consumed: string, retention: string, peak = 1): Requirements => ({
    throughput: { in: produced, out: consumed },
    retention,
    peak,
});

/** All requirements of a grid that a cluster meets. */
const RATES = [0.001, 1, 5, 10, 20, 30, 50, 80, 120, 200, 300, 500, 900];
const RETENTIONS = ["1m", "24h", "7d", "60d"];
const PEAKS = [1, 1.2, 2, 5];
const GRID = RATES.flatMap((produced) =>
    RATES.flatMap((consumed) =>
        RETENTIONS.flatMap((retention) =>
            PEAKS.map((peak) => requirements(`${produced}MB/s`, `${consumed}MB/s`, retention, peak)),
        ),
    ),
).filter((each) => requirementsError(each) === undefined);

describe("sizing", () => {
    it("gives a whole cluster, with the figures behind it", () => {
        assert.deepEqual(sizeForRequirements(requirements("30MB/s", "60MB/s", "24h")), {
            average: { in: 30e6, out: 60e6, replicationFactor: 3 },
            peak: { in: 30e6, out: 60e6, replicationFactor: 3 },
            factor: 1,
            seconds: 86_400,
            weighted: 120e6,
            cpus: 12,
            brokers: 3,
            machineCpus: 4,
            write: 30e6,
            network: 74.8e6,
            pageCache: 900e6,
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
        });
    });

    const clusters: [
        title: string,
        required: Requirements,
        brokers: number,
        machineCpus: number,
        block: string[],
    ][] = [
        ["almost no throughput", requirements("1kB/s", "1kB/s", "1h"), 3, 2, ["1000m", "5Gi", "1Gi", "10Gi"]],
        ["15 MB/s in", requirements("15MB/s", "15MB/s", "24h"), 3, 2, ["1000m", "5Gi", "1Gi", "1600Gi"]],
        [
            "a peak of twice the average",
            requirements("30MB/s", "60MB/s", "24h", 2),
            3,
            4,
            ["3000m", "12Gi", "3Gi", "3100Gi"],
        ],
        [
            "a peak of four times the average",
            requirements("30MB/s", "60MB/s", "24h", 4),
            3,
            8,
            ["7000m", "26Gi", "6Gi", "3100Gi"],
        ],
        [
            "all that three brokers carry",
            requirements("120MB/s", "240MB/s", "1h"),
            3,
            16,
            ["15000m", "56Gi", "6Gi", "520Gi"],
        ],
        [
            "a little more than that",
            requirements("121MB/s", "240MB/s", "1h"),
            4,
            16,
            ["15000m", "56Gi", "6Gi", "390Gi"],
        ],
        [
            "half a gigabyte a second",
            requirements("500MB/s", "1GB/s", "24h", 2),
            13,
            16,
            ["15000m", "56Gi", "6Gi", "11700Gi"],
        ],
        [
            "messages that three disks do not hold",
            requirements("30MB/s", "60MB/s", "60d"),
            9,
            4,
            ["3000m", "12Gi", "3Gi", "60400Gi"],
        ],
    ];
    for (const [title, each, brokers, machineCpus, [cpu, memory, heap, disk]] of clusters) {
        it(`takes ${brokers} x ${machineCpus} vCPUs for ${title}`, () => {
            const sizing = sizeForRequirements(each);
            const { config: _, ...block } = sizing.blocks.kafka;
            assert.deepEqual(
                [sizing.machineCpus, block],
                [machineCpus, { brokers, cpu, memory, heap, disk: { size: disk } }],
            );
        });
    }

    const impossible: [title: string, required: Requirements, error: string][] = [
        [
            "more than all brokers carry",
            requirements("5GB/s", "5GB/s", "24h"),
            "needs more than 99 brokers of 16 vCPUs; divide the Project",
        ],
        [
            "more than all disks hold",
            requirements("900MB/s", "1MB/s", "365d"),
            "needs more than 99 disks of 64Ti; shorten the retention or divide the Project",
        ],
        [
            "a retention that cannot be counted",
            requirements("0.001kB/s", "0.001kB/s", "999999999999d"),
            "keeps messages for longer than can be counted; shorten the retention",
        ],
    ];
    for (const [title, each, message] of impossible) {
        it(`says why no cluster meets ${title}`, () => {
            assert.equal(requirementsError(each), message);
            assert.throws(() => sizeForRequirements(each), { message });
        });
    }

    it("gives only blocks that the schema and its rules accept", () => {
        for (const each of GRID) {
            const { kafka } = sizeForRequirements(each).blocks;
            const block = { ...kafka, disk: { ...kafka.disk, storageClass: "ssd" } };
            const { error } = withRules(kafkaSchema, kafkaRules).safeParse(block);
            assert.equal(error, undefined, JSON.stringify(each));
        }
    });

    it("has the CPUs, the page cache and the disk that the formulas require", () => {
        for (const each of GRID) {
            const { average, blocks, brokers, cpus, machineCpus, pageCache, seconds } =
                sizeForRequirements(each);
            const { disk, heap, memory } = blocks.kafka;
            const asked = diskFor(average.in, seconds, 3, brokers);
            const found = JSON.stringify(each);
            assert(brokers >= 3 && brokers * machineCpus >= cpus, found);
            assert(bytes(memory) - bytes(heap) >= pageCache, found);
            assert(bytes(disk.size) >= asked && bytes(disk.size) < asked + 100 * GIB, found);
            assert(bytes(disk.size) <= LARGEST_DISK, found);
        }
    });

    it("never gives less for more, but for the rounding of a disk", () => {
        const total = (each: Requirements) => {
            const { brokers, cpu, disk } = sizeForRequirements(each).blocks.kafka;
            return {
                cpu: brokers * cores(cpu),
                disk: brokers * bytes(disk.size),
                rounding: brokers * 100 * GIB,
            };
        };
        const next = <T>(values: readonly T[], value: T) => values[values.indexOf(value) + 1];
        const rate = (text: string) => next(RATES, Number(text.slice(0, -4)));
        for (const each of GRID) {
            const { in: produced, out: consumed } = each.throughput;
            const more = [
                rate(produced) && { ...each, throughput: { in: `${rate(produced)}MB/s`, out: consumed } },
                rate(consumed) && { ...each, throughput: { in: produced, out: `${rate(consumed)}MB/s` } },
                next(RETENTIONS, each.retention) && { ...each, retention: next(RETENTIONS, each.retention)! },
                next(PEAKS, each.peak) && { ...each, peak: next(PEAKS, each.peak)! },
            ];
            for (const larger of more) {
                if (!larger || requirementsError(larger) !== undefined) {
                    continue;
                }
                const [before, after] = [total(each), total(larger)];
                const pair = `${JSON.stringify(each)} ${JSON.stringify(larger)}`;
                assert(after.cpu >= before.cpu, pair);
                assert(after.disk > before.disk - before.rounding, pair);
            }
        }
    });

    it("shows its arithmetic", () => {
        const [, weighted, cpus] = sizingSteps(sizeForRequirements(requirements("30MB/s", "60MB/s", "24h")));
        assert.deepEqual(weighted, {
            what: "weighted average",
            how: "30 x 3 + (60 + 30 x 2) / 4",
            result: "120 MB/s",
        });
        assert.deepEqual(cpus, { what: "vCPUs in total", how: "120 / 20 MB/s / 0.5", result: "12" });
    });
});

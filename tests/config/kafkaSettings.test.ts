import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brokerSettings, type KafkaSetting, topicSettings, updateMode } from "../../common/kafkaSettings.ts";
import { root } from "../../common/paths.ts";
import { kafkaRules, kafkaSchema } from "../../config/schema/kafka.ts";
import { withRules } from "../../config/schema/rules.ts";
import { topicSchema } from "../../config/schema/topics.ts";
import { type Definitions, definitionsOf, verdictsOn } from "../../local/settings/settings.ts";
import { issuesOf, rawConfigWith } from "./matchers.ts";

/** From Maven's cache in seconds; the jars may have to be fetched. */
const JAVA_TIME_LIMIT = 300_000;

const ENDS = ["32767", "32768", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808"];
const NUMBERS = ["-5", "-2", "-1", "0", "1", "5", "9", "10", "1000", "100000", "1.5", "+7", ...ENDS];
const TEXTS = ["nonsense", "a,b", "true", "TRUE", "yes"];

/** Values at the limits of a setting, within them and beyond. */
function valuesFor({ type, min, max, values = [], default: usual }: KafkaSetting): string[] {
    const around = [min, max].flatMap((limit) =>
        limit !== undefined && /^-?\d+$/.test(limit)
            ? [-1n, 0n, 1n].map((by) => String(BigInt(limit) + by))
            : [],
    );
    const all = [
        ...(/^(short|int|long|double)$/.test(type) ? [...NUMBERS, ...around] : ["1"]),
        ...TEXTS,
        ...values.flatMap((value) => [value, value.toUpperCase()]),
        values.join(","),
        usual ?? "",
    ];
    return [...new Set(all)].filter((value) => value !== "");
}

const brokers = withRules(kafkaSchema.partial(), kafkaRules);
const accepts = {
    brokers: (config: object) => brokers.safeParse({ config }).success,
    topics: (config: object) => topicSchema.safeParse({ name: "orders", config }).success,
};

describe("the settings of brokers and topics in config", () => {
    it("are those that the image's Kafka defines (npm run settings writes them)", async function () {
        this.timeout(JAVA_TIME_LIMIT);
        const { version, ...kinds } = JSON.parse(
            readFileSync(join(root, "common/kafkaSettings.json"), "utf8"),
        ) as Definitions;
        // What came with which earlier version can no longer change.
        const defined = Object.fromEntries(
            Object.entries(kinds).map(([kind, settings]) => [
                kind,
                Object.fromEntries(
                    Object.entries(settings).map(([name, { since, ...rest }]) => [name, rest]),
                ),
            ]),
        );
        assert.deepEqual({ version, ...defined }, await definitionsOf());
    });

    it("have no value that Kafka refuses, whatever its limits", async function () {
        this.timeout(JAVA_TIME_LIMIT);
        // Whether a class exists is known to the image only.
        const named = (name: string, { type }: KafkaSetting) =>
            type === "class" || name === "group.consumer.assignors";
        const accepted = Object.entries({ brokers: brokerSettings, topics: topicSettings }).flatMap(
            ([kind, settings]) =>
                [...settings]
                    .filter(([name, setting]) => !named(name, setting))
                    .flatMap(([name, setting]) =>
                        valuesFor(setting)
                            .filter((value) => accepts[kind as keyof typeof accepts]({ [name]: value }))
                            .map((value) => `${kind} ${name} ${value}`),
                    ),
        );
        assert(accepted.length > 2000, `only ${accepted.length} values are accepted`);
        const verdicts = await verdictsOn(accepted);
        assert.deepEqual(
            accepted.map((line, i) => `${line}: ${verdicts[i]}`).filter((_, i) => verdicts[i] !== "ok"),
            [],
        );
    });

    it("say whether a restart is needed to change them", () => {
        const names = [
            "log.retention.ms",
            "num.io.threads",
            "ssl.keystore.location",
            "broker.id",
            "log.retention.hours",
            "a.plugin's",
        ];
        assert.deepEqual(names.map(updateMode), [
            "cluster-wide",
            "cluster-wide",
            "per-broker",
            "read-only",
            "read-only",
            "read-only",
        ]);
    });

    const brokerCases: [title: string, config: object, expected: string[]][] = [
        [
            "a misspelt name",
            { "log.retention.hour": 24, "Num.IO.Threads": 8, compression_type: "lz4" },
            [
                "log.retention.hour: is not a broker setting of Kafka 3.9; did you mean log.retention.hours?",
                "Num.IO.Threads: is not a broker setting of Kafka 3.9; did you mean num.io.threads?",
                "compression_type: is not a broker setting of Kafka 3.9; did you mean compression.type?",
            ],
        ],
        [
            "a topic's name, and one that is like no other",
            { "retention.bytes": 1, "cruise.control.metrics.topic": "a" },
            [
                "retention.bytes: is not a broker setting of Kafka 3.9; did you mean log.retention.bytes?",
                "cruise.control.metrics.topic: is not a broker setting of Kafka 3.9",
            ],
        ],
        [
            "another type",
            {
                "log.segment.bytes": "_1073741824",
                "log.preallocate": "yes",
                "log.cleaner.io.max.bytes.per.second": "1k",
            },
            [
                'log.segment.bytes: "_1073741824" is not allowed, must be a whole number from 14 to 2147483647',
                'log.preallocate: "yes" is not allowed, must be true or false',
                'log.cleaner.io.max.bytes.per.second: "1k" is not allowed, must be a number',
            ],
        ],
        [
            "a value out of range or not in the list",
            {
                "num.io.threads": 0,
                "log.retention.ms": -5,
                "compression.gzip.level": 0,
                "log.cleanup.policy": "compress",
                "log.flush.interval.ms": "9223372036854775808",
            },
            [
                "num.io.threads: 0 is not allowed, must be a whole number from 1 to 2147483647",
                "log.retention.ms: -5 is not allowed, must be a whole number from -1 to 9223372036854775807, not 0",
                "compression.gzip.level: 0 is not allowed, must be a whole number from -1 to 9, not 0",
                'log.cleanup.policy: "compress" is not allowed, must be a list of compact, delete, with commas between them',
                'log.flush.interval.ms: "9223372036854775808" is not allowed, must be a whole number up to 9223372036854775807',
            ],
        ],
        [
            "what Kafka removed, or sets by its tools",
            { "quota.producer.default": 1000, "leader.replication.throttled.rate": 1000 },
            [
                "quota.producer.default: is reserved: Kafka 3.0 removed it; set the quotas of components instead",
                "leader.replication.throttled.rate: is reserved: it is set while partitions move; set kafka.reassignment.throttle instead",
            ],
        ],
        [
            "what this program relies on",
            {
                "principal.builder.class": "com.acme.Principals",
                "client.quota.callback.class": "com.acme.Quotas",
                "delete.topic.enable": false,
                "log.cleaner.enable": false,
                "remote.log.storage.system.enable": true,
            },
            [
                "principal.builder.class: is reserved: ACLs are managed by this program",
                "client.quota.callback.class: is reserved: quotas are managed by this program",
                "delete.topic.enable: is reserved: topics that config no longer has are deleted, and temporary ones",
                "log.cleaner.enable: is reserved: without it compacted topics, as that of the committed offsets, grow for ever",
                "remote.log.storage.system.enable: is reserved: topics have no remote storage",
            ],
        ],
        [
            "what does not go together",
            {
                "replica.lag.time.max.ms": 100,
                "log.cleaner.threads": 1000,
                "group.min.session.timeout.ms": 30_000,
            },
            [
                "replica.lag.time.max.ms: 100 is less than replica.fetch.wait.max.ms (500)",
                "log.cleaner.threads: log.cleaner.dedupe.buffer.size (134217728) must be more than 1048576 for each of log.cleaner.threads (1000)",
                "group.min.session.timeout.ms: 30000 is more than the 10000 of the smoke test and unity",
            ],
        ],
        [
            "nothing of what is right",
            {
                "log.retention.ms": -1,
                "log.cleanup.policy": "compact, delete",
                "log.preallocate": "TRUE",
                "log.flush.interval.ms": "9223372036854775807",
                "metric.reporters":
                    "com.linkedin.kafka.cruisecontrol.metricsreporter.CruiseControlMetricsReporter",
                "cruise.control.metrics.topic": "a",
            },
            [],
        ],
        [
            "a misspelt name beside a plugin",
            { "metric.reporters": "com.acme.Reporter", "num.io.thread": 3 },
            ["num.io.thread: is not a broker setting of Kafka 3.9; did you mean num.io.threads?"],
        ],
        [
            "a plugin that is no text, which makes no other name a setting",
            { "metric.reporters": { toString: null }, "cruise.control.metrics.topic": "a" },
            [
                'metric.reporters: {"toString":null} is not allowed, must be one line of text without a backslash, a number, true or false',
                "cruise.control.metrics.topic: is not a broker setting of Kafka 3.9",
            ],
        ],
    ];
    for (const [title, config, expected] of brokerCases) {
        it(`refuse ${title}, of brokers`, () =>
            assert.deepEqual(
                issuesOf(rawConfigWith({ "kafka/config": config })),
                expected.map((line) => `kafka.config.${line}`),
            ));
    }

    it("refuse what a topic does not take", () => {
        const config = {
            "segment.bytes": 1,
            "max.message.bytes": -5,
            "log.segment.bytes": 100,
            "retention.mins": 5,
            "retention.bytes": -7,
            "remote.storage.enable": true,
            "message.timestamp.type": "createtime",
        };
        assert.deepEqual(
            issuesOf(rawConfigWith({ projects: [{ name: "one", topics: [{ name: "orders", config }] }] })),
            [
                "remote.storage.enable: is reserved: topics have no remote storage",
                "segment.bytes: 1 is not allowed, must be a whole number from 14 to 2147483647",
                "max.message.bytes: -5 is not allowed, must be a whole number from 0 to 2147483647",
                "log.segment.bytes: is not a topic setting of Kafka 3.9; did you mean segment.bytes?",
                "retention.mins: is not a topic setting of Kafka 3.9; did you mean retention.ms? It is reserved: set retention instead",
                "retention.bytes: -7 is not allowed, must be a whole number from -1 to 9223372036854775807",
                'message.timestamp.type: "createtime" is not allowed, must be one of CreateTime, LogAppendTime',
            ].map((line) => `projects[0].topics[0].config.${line}`),
        );
    });

    it("are checked in every layer, in a size that no Project has too", () => {
        const config = { "num.io.threads": "many" };
        const raw = rawConfigWith({
            sizes: { huge: { kafka: { config } } },
            projects: [{ name: "one", kafka: { config } }],
        });
        const allowed = '"many" is not allowed, must be a whole number from 1 to 2147483647';
        assert.deepEqual(issuesOf(raw), [
            `sizes.huge.kafka.config.num.io.threads: ${allowed}`,
            `projects[0].kafka.config.num.io.threads: ${allowed}`,
        ]);
    });

    it("may be newer than the image only where nothing is set", () => {
        const raw = (image: string) =>
            rawConfigWith({
                image,
                "kafka/interBrokerProtocol": "3.7",
                "kafka/config": { "group.share.max.groups": 10, "log.retention.hours": 1 },
                projects: [
                    { name: "one", topics: [{ name: "orders", config: { "compression.lz4.level": 9 } }] },
                ],
            });
        assert.deepEqual(issuesOf(raw("acme/kafka:0.45.2-kafka-3.9.2")), []);
        assert.deepEqual(issuesOf(raw("acme/kafka:0.45.0-kafka-3.8.1")), [
            "kafka.config.group.share.max.groups: is new in Kafka 3.9, and the image has 3.8.1",
        ]);
        assert.deepEqual(issuesOf(raw("acme/kafka:0.43.0-kafka-3.7.1")), [
            "kafka.config.group.share.max.groups: is new in Kafka 3.9, and the image has 3.7.1",
            "projects[0].topics[0].config.compression.lz4.level: is new in Kafka 3.8, and the image has 3.7.1",
        ]);
    });
});

import assert from "node:assert/strict";
import { environment, issuesOf, rawConfigWith } from "./matchers.ts";

const project = (own: object, kafka: object = {}) =>
    rawConfigWith({ projects: [{ name: "one", ...own }], ...kafka });
const topics = (...list: unknown[]) => project({ topics: list });
const KEY = "must be a whole number from 1 to 999";
const WHOLE = "must be a whole number from 1 to 10000";

describe("the topics of a Project", () => {
    it("follow the cluster's settings where they have none of their own", () => {
        const raw = project(
            { topics: [{ name: "orders" }, { name: "clicks", partitions: 12 }] },
            { "kafka/config": { "num.partitions": 3 } },
        );
        assert.deepEqual(environment(raw).projects[0]!.topics, [
            { name: "orders", partitions: 3, replicationFactor: 3, config: {} },
            { name: "clicks", partitions: 12, replicationFactor: 3, config: {} },
        ]);
    });

    it("get Kafka's settings from retention, cleanupPolicy and config", () => {
        const topic = {
            name: "orders",
            replicationFactor: 2,
            retention: "7d",
            cleanupPolicy: "compact,delete",
            config: { "max.message.bytes": 2_000_000, "compression.type": "zstd", preallocate: true },
        };
        assert.deepEqual(environment(topics(topic)).projects[0]!.topics, [
            {
                name: "orders",
                partitions: 1,
                replicationFactor: 2,
                config: {
                    "cleanup.policy": "compact,delete",
                    "compression.type": "zstd",
                    "max.message.bytes": "2000000",
                    "min.insync.replicas": "1",
                    preallocate: "true",
                    "retention.ms": "604800000",
                },
            },
        ]);
        const kept = environment(topics({ name: "orders", retention: "forever" }));
        assert.deepEqual(kept.projects[0]!.topics[0]!.config, { "retention.ms": "-1" });
    });

    const cases: [title: string, raw: Record<string, unknown>, expected: (string | RegExp)[]][] = [
        [
            "no partitions, and too many",
            topics({ name: "a", partitions: 0 }, { name: "b", partitions: 10_001 }),
            [
                `projects[0].topics[0].partitions: 0 is not allowed, ${WHOLE}`,
                `projects[0].topics[1].partitions: 10001 is not allowed, ${WHOLE}`,
            ],
        ],
        [
            "more replicas than brokers",
            topics({ name: "a", replicationFactor: 4 }),
            ["projects[0].topics[0].replicationFactor: 4 is more than the number of brokers (3)"],
        ],
        [
            "duplicated names, and names that are the same in Kafka's metrics",
            topics({ name: "a.b" }, { name: "a.b" }, { name: "a_b" }),
            [
                'projects[0].topics[1].name: "a.b" is duplicated',
                'projects[0].topics[2].name: "a_b" and "a.b" are the same in Kafka\'s metrics, which write . as _; rename one',
            ],
        ],
        [
            "reserved names",
            topics(
                { name: "__consumer_offsets" },
                { name: "unity-file-x" },
                { name: "mm2-configs.ikp.internal" },
            ),
            [
                "projects[0].topics[0].name: is reserved for Kafka itself",
                "projects[0].topics[1].name: is reserved for the command unity and the smoke test",
                "projects[0].topics[2].name: is reserved for MirrorMaker",
            ],
        ],
        [
            "an invalid name",
            topics({ name: "my topic" }, { name: ".." }),
            [
                /topics\[0\]\.name: "my topic" is not allowed, must be 1 to 249/,
                /topics\[1\]\.name: "\.\." is not/,
            ],
        ],
        [
            "a retention without a unit",
            topics({ name: "a", retention: 7 }),
            [
                "projects[0].topics[0].retention: 7 is not allowed, must be a time with its unit, such as 90m, 24h or 7d, or forever",
            ],
        ],
        [
            "settings that have a key of their own, or do not exist",
            topics({
                name: "a",
                config: { "retention.ms": 1, "min.insync.replicas": 1, "retention.mins": 1 },
            }),
            [
                "projects[0].topics[0].config.retention.ms: is reserved: set retention instead",
                "projects[0].topics[0].config.min.insync.replicas: is reserved: it follows from replicationFactor",
                "projects[0].topics[0].config.retention.mins: is not a topic setting of Kafka 3.9; did you mean retention.ms? It is reserved: set retention instead",
            ],
        ],
        [
            "a mistyped key",
            topics({ name: "a", partition: 3 }),
            [/topics\[0\]\.partition: is not a known key; there are/],
        ],
        [
            "a bare name",
            topics("orders"),
            [/topics\[0\]: "orders" is not allowed, must be a block with a name/],
        ],
    ];
    for (const [title, raw, expected] of cases) {
        it(`refuse ${title}`, () => {
            const found = issuesOf(raw);
            assert.equal(found.length, expected.length, found.join("\n"));
            for (const [i, wanted] of expected.entries()) {
                if (typeof wanted === "string") {
                    assert.equal(found[i], wanted);
                } else {
                    assert.match(found[i]!, wanted);
                }
            }
        });
    }
});

describe("the components of a Project", () => {
    const components = (...list: unknown[]) =>
        project({
            topics: [{ name: "orders" }, { name: "orders.late" }, { name: "clicks" }],
            components: list,
        });

    it("have a consumer group of their own name where they read and name none", () => {
        const raw = components(
            { name: "loader", produce: ["orders*"], quotas: { produce: "5MB/s", requests: 50 } },
            { name: "reader", consume: ["clicks"] },
            { name: "other", consume: ["clicks"], groups: ["other-*"] },
        );
        assert.deepEqual(environment(raw).projects[0]!.components, [
            {
                name: "loader",
                namespaces: ["one-clients"],
                key: 1,
                produce: ["orders*"],
                consume: [],
                groups: [],
                transactionalIds: [],
                applicationIds: [],
                quotas: { produce: 5_000_000, requests: 50 },
            },
            {
                ...{ name: "reader", key: 1, namespaces: ["one-clients"], quotas: {} },
                ...{ produce: [], consume: ["clicks"], groups: ["reader"] },
                ...{ transactionalIds: [], applicationIds: [] },
            },
            {
                ...{ name: "other", key: 1, namespaces: ["one-clients"], quotas: {} },
                ...{ produce: [], consume: ["clicks"], groups: ["other-*"] },
                ...{ transactionalIds: [], applicationIds: [] },
            },
        ]);
    });

    it("are refused topics that are not defined, all errors at once", () => {
        const raw = components(
            { name: "loader", produce: ["order"], consume: ["late*", "clicks"] },
            { name: "loader" },
            { name: "my.loader" },
            { name: "greedy", quotas: { produce: 5 } },
            { name: "open", consume: ["cli*cks"] },
            { name: "all", consume: ["*"] },
            { name: "operator" },
            { name: "lost", key: 0 },
            { name: "found", key: "2" },
        );
        assert.deepEqual(issuesOf(raw), [
            'projects[0].components[2].name: "my.loader" is not allowed, must be 1 to 40 lower-case letters, digits or dashes, beginning and ending with a letter or digit',
            "projects[0].components[3].quotas.produce: 5 is not allowed, must be a rate with its unit, such as 30MB/s or 500kB/s",
            'projects[0].components[4].consume[0]: "cli*cks" is not allowed, must be the name of a topic, or the prefix of some with a * at its end',
            'projects[0].components[5].consume[0]: "*" is not allowed, must be the name of a topic, or the prefix of some with a * at its end',
            "projects[0].components[6].name: is reserved: operator and bridge are users of the Project itself",
            `projects[0].components[7].key: 0 is not allowed, ${KEY}`,
            `projects[0].components[8].key: "2" is not allowed, ${KEY}`,
            'projects[0].components[0].produce[0]: "order" is not among the Project\'s topics (orders, orders.late, clicks)',
            'projects[0].components[0].consume[0]: "late*" is not among the Project\'s topics (orders, orders.late, clicks)',
            'projects[0].components[1].name: "loader" is duplicated',
        ]);
    });
});

import assert from "node:assert/strict";
import { parseImage } from "../../config/image.ts";
import { issuesOf, rawConfigWith } from "./matchers.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const VERSION =
    "must be an image with a tag that ends in a version of Kafka 3, such as repository/kafka:0.45.2-kafka-3.9.2, or with a sha256 digest";
const REPOSITORY =
    "must have a repository of lower-case letters and digits, with single dots, dashes and underscores between them";

describe("an image in config", () => {
    it("has the parts that OCI gives it", () => {
        assert.deepEqual(parseImage(`quay.io/strimzi/kafka:0.45.2-kafka-3.9.2@${DIGEST}`), {
            registry: "quay.io",
            repository: "strimzi/kafka",
            tag: "0.45.2-kafka-3.9.2",
            digest: DIGEST,
        });
        assert.deepEqual(parseImage("localhost:5000/a_b/c__d-e.f:3.9.2"), {
            registry: "localhost:5000",
            repository: "a_b/c__d-e.f",
            tag: "3.9.2",
        });
        assert.deepEqual(parseImage(`acme/kafka@${DIGEST}`), { repository: "acme/kafka", digest: DIGEST });
    });

    const allowed = [
        "quay.io/strimzi/kafka:0.42.0-kafka-3.6.2",
        "Registry.Acme.example/mirror/kafka:0.45.2-kafka-3.9.2",
        `quay.io/strimzi/kafka:0.45.2-kafka-3.9.2@${DIGEST}`,
        `acme/kafka@${DIGEST}`,
        `acme/kafka:blue@${DIGEST}`,
        // Of a company's own, built on what it names.
        "registry.acme.example/apache/kafka:3.9.2",
    ];
    for (const image of allowed) {
        it(`may be ${image}`, () =>
            assert.deepEqual(issuesOf(rawConfigWith({ image, "kafka/interBrokerProtocol": "3.6" })), []));
    }

    const refused: [image: string, message: string][] = [
        ["quay.io/Strimzi/kafka:3.9.2", "must have a repository without capital letters: strimzi/kafka"],
        ["acme/Kafka:3.9.2", "must have a repository without capital letters: acme/kafka"],
        ["acme//kafka:3.9.2", REPOSITORY],
        ["acme/kafka.:3.9.2", REPOSITORY],
        ["acme/kaf ka:3.9.2", REPOSITORY],
        [`${"a".repeat(256)}:3.9.2`, REPOSITORY],
        ["https://quay.io/kafka:3.9.2", "must begin with the host of a registry, such as quay.io"],
        ["acme/kafka:", "must have a tag of 1 to 128 letters, digits, dots, dashes or underscores"],
        ["acme/kafka:-3.9.2", "must have a tag of 1 to 128 letters, digits, dots, dashes or underscores"],
        ["acme/kafka:3.9.2\n", "must have a tag of 1 to 128 letters, digits, dots, dashes or underscores"],
        ["acme/kafka@sha256:abc", "must have a digest of sha256: and 64 digits from 0 to 9 and a to f"],
        [
            `acme/kafka@${DIGEST.toUpperCase()}`,
            "must have a digest of sha256: and 64 digits from 0 to 9 and a to f",
        ],
        [
            `acme/kafka@${DIGEST}@${DIGEST}`,
            "must have a digest of sha256: and 64 digits from 0 to 9 and a to f",
        ],
        [`acme/kafka:0.51.0-kafka-4.1.0@${DIGEST}`, VERSION],
        ["", REPOSITORY],
    ];
    for (const [image, message] of refused) {
        it(`must not be ${JSON.stringify(image.slice(0, 60))}: ${message}`, () => {
            const found = issuesOf(rawConfigWith({ image }));
            assert.equal(found.length, 1, found.join("\n"));
            assert(found[0]!.endsWith(` is not allowed, ${message}`), found[0]);
        });
    }

    const broken: [image: string, message: string][] = [
        [
            "apache/kafka:3.9.1",
            "is an image without the Prometheus JMX agent, with which no server starts; use one of Strimzi",
        ],
        [
            "docker.io/bitnami/kafka:3.9.0",
            "is an image without the Prometheus JMX agent, with which no server starts; use one of Strimzi",
        ],
        [
            "mirror.acme.example/strimzi/kafka:0.46.0-kafka-3.9.0",
            "is of Strimzi 0.46, which has no ZooKeeper and has the Prometheus JMX agent elsewhere; use 0.45",
        ],
        [
            `quay.io/strimzi/kafka:0.47.0-kafka-3.9.1@${DIGEST}`,
            "is of Strimzi 0.47, which has no ZooKeeper and has the Prometheus JMX agent elsewhere; use 0.45",
        ],
        [
            "quay.io/strimzi/kafka:0.41.0-kafka-3.7.0",
            "is of Strimzi 0.41, which has an older Prometheus JMX agent, with which no server starts; use 0.45",
        ],
    ];
    for (const [image, message] of broken) {
        it(`must not be ${image}, with which no server starts`, () =>
            assert.deepEqual(issuesOf(rawConfigWith({ image, "kafka/interBrokerProtocol": "3.6" })), [
                `image: ${message}`,
            ]));
    }

    it("must not have an older Kafka than the inter-broker protocol, the default one too", () => {
        const image = "acme/kafka:0.43.0-kafka-3.8.0";
        const message = "is above the Kafka 3.8.0 of the image; set 3.8 or lower";
        assert.deepEqual(issuesOf(rawConfigWith({ image })), [`kafka.interBrokerProtocol: 3.9 ${message}`]);
        assert.deepEqual(issuesOf(rawConfigWith({ image, "kafka/interBrokerProtocol": "3.8" })), []);
        const layered = {
            image,
            sizes: { newer: { kafka: { interBrokerProtocol: "3.9" } } },
            projects: [
                { name: "one", size: "newer" },
                { name: "two", kafka: { interBrokerProtocol: "3.8" } },
            ],
        };
        assert.deepEqual(issuesOf(rawConfigWith(layered)), [
            `sizes.newer.kafka.interBrokerProtocol: 3.9 ${message}`,
        ]);
    });
});

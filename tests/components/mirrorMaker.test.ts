import assert from "node:assert/strict";
import fc from "fast-check";
import { ikpCredentials, ikpToolProperties } from "../../components/mirrormaker/ikpCredentials.ts";
import { bridgePolicy } from "../../components/mirrormaker/mirrorMaker.ts";
import { bridgeAcls, mirrorMakerProperties } from "../../components/mirrormaker/properties.ts";
import { bridgeSize } from "../../config/podLimits.ts";
import { type BridgeConfig, bridgeSchema } from "../../config/schema/bridge.ts";

const SASL = { mechanism: "SCRAM-SHA-512", username: "unity", password: 'a"b\\c' } as const;
const ikp = ikpCredentials({ bootstrapServers: ["ikp-1:9093", "ikp-2:9093"], sasl: SASL, authority: "PEM" });
const properties = (bridge: object) =>
    mirrorMakerProperties({
        bridge: bridgeSchema.parse(bridge),
        kafka: { brokers: 3 },
        namespace: "one",
        topics: [{ name: "orders.eu", partitions: 6 }],
        bootstrap: "kafka:9092",
        ikp,
    });
const lines = (text: string, prefix: string) => text.split("\n").filter((line) => line.startsWith(prefix));

describe("mm2.properties", () => {
    it("is no longer than the check of config takes it for, whatever topics and groups there are", () => {
        const name = fc.stringMatching(/^[a-z0-9._-]{1,60}$/).filter((text) => !/^\.{1,2}$/.test(text));
        const topic = fc.record({ from: name, to: name });
        const kept = name.map((text) => ({ from: text, to: text }));
        const topics = fc.array(fc.oneof(topic, kept), { maxLength: 40 });
        const bridges = fc.record({
            inbound: topics,
            outbound: topics,
            groups: fc.array(name, { maxLength: 20 }),
        });
        const length = (bridge: BridgeConfig) =>
            mirrorMakerProperties({
                bridge,
                kafka: { brokers: 3 },
                namespace: "n".repeat(63),
                topics: [
                    ...bridge.inbound.map(({ to }) => to),
                    ...bridge.outbound.map(({ from }) => from),
                ].map((topic) => ({ name: topic, partitions: 1 })),
                bootstrap: "b",
                ikp,
            }).length;
        const empty: BridgeConfig = bridgeSchema.parse({ inbound: ["t"] });
        // All four flows, each with as little as it can have.
        const least = length({
            ...empty,
            inbound: [
                { from: "a", to: "a" },
                { from: "b", to: "c" },
            ],
            outbound: [
                { from: "a", to: "a" },
                { from: "b", to: "c" },
            ],
            groups: ["g"],
        });
        assert(least < 16 * 1024, `${least}`);
        fc.assert(
            fc.property(bridges, (some) => {
                const bridge = { ...empty, ...some };
                assert(length(bridge) <= least + bridgeSize(bridge));
            }),
        );
    });

    it("has every setting of a bridge with one inbound topic", () => {
        assert.equal(properties({ inbound: ["orders.eu"] }), WHOLE);
    });

    it("renames each topic once, and lets none through under its old name", () => {
        const text = properties({
            inbound: [
                { from: "a", to: "b" },
                { from: "b", to: "c" },
            ],
        });
        assert.deepEqual(lines(text, "ikp->unity-one-renamed.transforms"), [
            "ikp->unity-one-renamed.transforms=to0,to1,listed,done",
            "ikp->unity-one-renamed.transforms.done.regex=(.*)/",
            "ikp->unity-one-renamed.transforms.done.replacement=$1",
            "ikp->unity-one-renamed.transforms.done.type=org.apache.kafka.connect.transforms.RegexRouter",
            "ikp->unity-one-renamed.transforms.listed.negate=true",
            "ikp->unity-one-renamed.transforms.listed.predicate=listed",
            "ikp->unity-one-renamed.transforms.listed.type=org.apache.kafka.connect.transforms.Filter",
            "ikp->unity-one-renamed.transforms.to0.regex=a",
            "ikp->unity-one-renamed.transforms.to0.replacement=b/",
            "ikp->unity-one-renamed.transforms.to0.type=org.apache.kafka.connect.transforms.RegexRouter",
            "ikp->unity-one-renamed.transforms.to1.regex=b",
            "ikp->unity-one-renamed.transforms.to1.replacement=c/",
            "ikp->unity-one-renamed.transforms.to1.type=org.apache.kafka.connect.transforms.RegexRouter",
        ]);
    });

    it("keeps MirrorMaker's internal topics in the Project's Kafka for both directions", () => {
        const text = properties({ outbound: ["results"], groups: ["g"] });
        assert.deepEqual(lines(text, "bootstrap.servers"), ["bootstrap.servers=kafka:9092"]);
        assert.deepEqual(lines(text, "ikp.bootstrap.servers"), []);
        assert.deepEqual(lines(text, "unity-one->ikp.offset-syncs.topic.location"), [
            "unity-one->ikp.offset-syncs.topic.location=source",
        ]);
        assert.deepEqual(lines(text, "unity-one->ikp.checkpoints.topic"), [
            "unity-one->ikp.checkpoints.topic.replication.factor=32767",
        ]);
        assert.deepEqual(lines(text, "unity-one->ikp.predicates.listed.pattern"), [
            "unity-one->ikp.predicates.listed.pattern=results",
        ]);
    });

    it("lets several pods connect to each other", () => {
        const text = properties({ inbound: ["a"], replicas: 2 });
        assert.deepEqual(lines(text, "dedicated"), ["dedicated.mode.enable.internal.rest=true"]);
        assert.deepEqual(lines(text, "listeners"), [`listeners=http://\${env:POD_IP}:8083`]);
    });

    it("holds no secret", () => {
        assert.doesNotMatch(properties({ inbound: ["a"], outbound: ["b"] }), /a"b|"unity"|ikp-1/);
    });
});

describe("the credentials for IKP", () => {
    it("are a user and a password in JAAS syntax", () => {
        assert.deepEqual(ikp.files, {
            "bootstrap.servers": "ikp-1:9093,ikp-2:9093",
            "ca.crt": "PEM",
            "sasl.jaas.config":
                'org.apache.kafka.common.security.scram.ScramLoginModule required username="unity" password="a\\"b\\\\c";',
        });
    });

    it("are a certificate, with the CAs of Java trusted", () => {
        const { files, settings } = ikpCredentials({
            bootstrapServers: ["ikp:9093"],
            tls: { certificate: "C", key: "K" },
        });
        assert.deepEqual(files, { "bootstrap.servers": "ikp:9093", "tls.crt": "C", "tls.key": "K" });
        assert.deepEqual(settings, {
            "bootstrap.servers": `\${directory:/etc/ikp:bootstrap.servers}`,
            "security.protocol": "SSL",
            "ssl.keystore.certificate.chain": `\${directory:/etc/ikp:tls.crt}`,
            "ssl.keystore.key": `\${directory:/etc/ikp:tls.key}`,
            "ssl.keystore.type": "PEM",
            "ssl.truststore.location": "/usr/lib/jvm/jre-17/lib/security/cacerts",
            "ssl.truststore.type": "JKS",
        });
    });
});

describe("the settings of Kafka's tools for IKP", () => {
    it("refer to the Secret, as those of MirrorMaker do", () => {
        assert.equal(
            ikpToolProperties(ikp),
            `bootstrap.servers=\${directory:/etc/ikp:bootstrap.servers}
config.providers=directory
config.providers.directory.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
config.providers.directory.param.allowed.paths=/etc/ikp
sasl.jaas.config=\${directory:/etc/ikp:sasl.jaas.config}
sasl.mechanism=SCRAM-SHA-512
security.protocol=SASL_SSL
ssl.truststore.location=/etc/ikp/ca.crt
ssl.truststore.type=PEM
`,
        );
    });
});

describe("the permissions of the bridge", () => {
    it("are its own topics, to write inbound topics and to read outbound ones", () => {
        const bridge = bridgeSchema.parse({ inbound: ["in"], outbound: [{ from: "out", to: "other" }] });
        assert.deepEqual(
            bridgeAcls(bridge).map(
                ({ resource, name, pattern, operations }) =>
                    `${resource} ${name} ${pattern}: ${operations.join(" ")}`,
            ),
            [
                "topic mm2- prefixed: create describe describeConfigs read write",
                "group mm2- prefixed: describe read",
                "topic in literal: describe write",
                "topic out literal: describe describeConfigs read",
            ],
        );
    });

    it("include committing offsets where config names groups", () => {
        const bridge = bridgeSchema.parse({ inbound: ["in"], groups: ["g"] });
        assert.deepEqual(
            bridgeAcls(bridge)
                .slice(3)
                .map(({ resource, name, operations }) => `${resource} ${name}: ${operations.join(" ")}`),
            [
                "topic ikp.checkpoints.internal: create describe describeConfigs read write",
                "topic in: read",
                "group g: describe read",
            ],
        );
    });

    it("let it reach the brokers and IKP's ports, and let nothing reach it but scrapers of metrics and its other pods", () => {
        const podSelector = { matchLabels: { "app.kubernetes.io/name": "bridge" } };
        const tcp = (port: number) => ({ protocol: "TCP", port });
        const brokers = { podSelector: { matchLabels: { "app.kubernetes.io/name": "kafka" } } };
        const toBrokers = { to: [brokers], ports: [tcp(9092)] };
        assert.deepEqual(
            bridgePolicy({ bootstrapServers: ["a:9094", "b:9093", "c:9094"], ranges: [] }, 1, []),
            {
                podSelector,
                policyTypes: ["Ingress", "Egress"],
                ingress: [],
                egress: [toBrokers, { ports: [tcp(9093), tcp(9094)] }],
            },
        );
        const at = { bootstrapServers: ["a:9094"], ranges: ["198.51.100.0/24"] };
        const { ingress, egress } = bridgePolicy(at, 2, ["monitoring"]);
        const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } };
        assert.deepEqual(ingress, [
            { from: [{ namespaceSelector }], ports: [tcp(9404)] },
            { from: [{ podSelector }], ports: [tcp(8083)] },
        ]);
        assert.deepEqual(egress, [
            toBrokers,
            { to: [{ ipBlock: { cidr: "198.51.100.0/24" } }], ports: [tcp(9094)] },
            { to: [{ podSelector }], ports: [tcp(8083)] },
        ]);
    });
});

const WHOLE = `bootstrap.servers=kafka:9092
clusters=ikp,unity-one
config.providers=directory,env
config.providers.directory.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
config.providers.directory.param.allowed.paths=/etc/kafka-client,/etc/ikp
config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
config.providers.env.param.allowlist.pattern=POD_IP
config.storage.replication.factor=3
emit.checkpoints.interval.seconds=10
emit.heartbeats.enabled=false
groups.exclude=
heartbeats.topic.replication.factor=32767
ikp->unity-one.emit.checkpoints.enabled=false
ikp->unity-one.emit.offset-syncs.enabled=false
ikp->unity-one.enabled=true
ikp->unity-one.predicates=listed
ikp->unity-one.predicates.listed.pattern=orders[.]eu
ikp->unity-one.predicates.listed.type=org.apache.kafka.connect.transforms.predicates.TopicNameMatches
ikp->unity-one.sync.group.offsets.enabled=false
ikp->unity-one.tasks.max=52
ikp->unity-one.topics=orders[.]eu
ikp->unity-one.transforms=listed
ikp->unity-one.transforms.listed.negate=true
ikp->unity-one.transforms.listed.predicate=listed
ikp->unity-one.transforms.listed.type=org.apache.kafka.connect.transforms.Filter
ikp.admin.bootstrap.servers=\${directory:/etc/ikp:bootstrap.servers}
ikp.admin.sasl.jaas.config=\${directory:/etc/ikp:sasl.jaas.config}
ikp.admin.sasl.mechanism=SCRAM-SHA-512
ikp.admin.security.protocol=SASL_SSL
ikp.admin.ssl.truststore.location=/etc/ikp/ca.crt
ikp.admin.ssl.truststore.type=PEM
ikp.consumer.bootstrap.servers=\${directory:/etc/ikp:bootstrap.servers}
ikp.consumer.isolation.level=read_committed
ikp.consumer.max.partition.fetch.bytes=1048576
ikp.consumer.max.poll.records=100
ikp.consumer.sasl.jaas.config=\${directory:/etc/ikp:sasl.jaas.config}
ikp.consumer.sasl.mechanism=SCRAM-SHA-512
ikp.consumer.security.protocol=SASL_SSL
ikp.consumer.ssl.truststore.location=/etc/ikp/ca.crt
ikp.consumer.ssl.truststore.type=PEM
ikp.producer.bootstrap.servers=\${directory:/etc/ikp:bootstrap.servers}
ikp.producer.sasl.jaas.config=\${directory:/etc/ikp:sasl.jaas.config}
ikp.producer.sasl.mechanism=SCRAM-SHA-512
ikp.producer.security.protocol=SASL_SSL
ikp.producer.ssl.truststore.location=/etc/ikp/ca.crt
ikp.producer.ssl.truststore.type=PEM
offset.storage.partitions=5
offset.storage.replication.factor=3
refresh.groups.interval.seconds=30
refresh.topics.interval.seconds=60
replication.factor=32767
replication.policy.class=org.apache.kafka.connect.mirror.IdentityReplicationPolicy
security.protocol=SSL
ssl.keystore.certificate.chain=\${directory:/etc/kafka-client:tls.crt}
ssl.keystore.key=\${directory:/etc/kafka-client:tls.key}
ssl.keystore.type=PEM
ssl.truststore.location=/etc/kafka-client/ca.crt
ssl.truststore.type=PEM
status.storage.partitions=1
status.storage.replication.factor=3
sync.group.offsets.interval.seconds=10
sync.topic.acls.enabled=false
sync.topic.configs.enabled=false
topics.exclude=
unity-one.config.storage.topic=mm2-inbound-configs
unity-one.group.id=mm2-inbound
unity-one.offset.flush.interval.ms=10000
unity-one.offset.storage.topic=mm2-inbound-offsets
unity-one.producer.acks=all
unity-one.producer.buffer.memory=9087659
unity-one.producer.compression.type=lz4
unity-one.producer.enable.idempotence=true
unity-one.producer.max.in.flight.requests.per.connection=5
unity-one.producer.max.request.size=9087659
unity-one.scheduled.rebalance.max.delay.ms=20000
unity-one.status.storage.topic=mm2-inbound-status
`;

import assert from "node:assert/strict";
import { healthText, problemsOf } from "../../cli/healthText.ts";
import type { Health, KafkaHealth } from "../../kafka/health.ts";

const NOW = new Date("2026-06-01T00:00:00Z");
const KAFKA: KafkaHealth = {
    up: 3,
    controller: 2,
    controllers: { active: [2], silent: [] },
    topicFailure: undefined,
    topics: 2,
    partitions: 7,
    underReplicated: 0,
    reassigning: 0,
    offline: 0,
    groups: [{ group: "billing", lag: 12 }],
};
const HEALTHY: Health = {
    project: "demo",
    namespace: "team-demo",
    brokers: 3,
    pods: { zookeeper: { ready: 3, total: 3 }, kafka: { ready: 3, total: 3 } },
    kafka: KAFKA,
    certificates: [
        { namespace: "team-demo", secret: "kafka-operator", expiresAt: new Date("2026-12-01T00:00:00Z") },
        {
            namespace: "team-demo-clients",
            secret: "kafka-client-reader",
            expiresAt: new Date("2026-12-03T00:00:00Z"),
        },
    ],
    cas: [{ ca: "unity-kafka cluster first", expiresAt: new Date("2036-06-01T00:00:00Z") }],
    deniedNamespaces: [],
};

describe("a Project's health", () => {
    it("has the lag of the bridge where there is one, or why it is unknown", () => {
        const lags = [{ topic: "rates", flow: "ikp -> unity-demo", records: 7 }];
        const bridge = { lags, problems: [], unknown: [] };
        assert.match(
            healthText({ ...HEALTHY, bridge }, NOW),
            /\n\n {2}MIRRORED TOPIC {2}FLOW +LAG\n {2}rates +ikp -> unity-demo +7\n$/,
        );
        assert.match(healthText({ ...HEALTHY, bridge: "gone" }, NOW), /Bridge to IKP: unknown: gone\n$/);
        const unknown = ["which records were skipped: you are not allowed"];
        assert.match(
            healthText({ ...HEALTHY, bridge: { ...bridge, lags: [], unknown } }, NOW),
            /no topic mirrored yet\n {2}Bridge to IKP: unknown which records were skipped: you are not allowed\n$/,
        );
    });

    it("is no better than that of the bridge, whose every problem is named", () => {
        const problems = ["the bridge has stopped a task of rates-0 (ikp -> unity-demo): too large"];
        const bridge = { lags: [], problems, unknown: [] };
        assert.deepEqual(problemsOf({ ...HEALTHY, bridge }, NOW), problems);
    });

    it("is one screen, which begins with whether it is healthy", () => {
        assert.equal(
            healthText(HEALTHY, NOW),
            `Project demo (namespace team-demo): healthy
  brokers up        3 of 3
  controller        2
  topics            2, 7 partitions
  under-replicated  0
  offline           0
  zookeeper Ready   3 of 3
  kafka Ready       3 of 3

  CERTIFICATE                            EXPIRES     DAYS
  kafka-operator                         2026-12-01   183
  team-demo-clients/kafka-client-reader  2026-12-03   185
  CA unity-kafka cluster first           2036-06-01  3653

  CONSUMER GROUP  LAG
  billing          12
`,
        );
    });

    it("shows partitions whose replicas move, which is no problem", () => {
        const moving = { ...HEALTHY, kafka: { ...KAFKA, reassigning: 3 } };
        assert.deepEqual(problemsOf(moving, NOW), []);
        assert.match(healthText(moving, NOW), /^ {2}being reassigned {2}3$/m);
        assert.doesNotMatch(healthText(HEALTHY, NOW), /reassigned/);
    });

    it("lists all its problems, before all else", () => {
        const kafka = {
            ...KAFKA,
            up: 1,
            controller: undefined,
            controllers: { active: [], silent: [0, 1] },
            underReplicated: 1,
            offline: 4,
            groups: undefined,
        };
        const pods = { zookeeper: { ready: 2, total: 3 }, kafka: { ready: 3, total: 3 } };
        const expiresAt = new Date("2026-06-07T00:00:00Z");
        const certificates = [
            { namespace: "team-demo", secret: "kafka-tls-1", expiresAt },
            { namespace: "apps", secret: "kafka-client-reader", expiresAt },
        ];
        const cas = [{ ca: "unity-kafka ensemble first", expiresAt }];
        const sick: Health = { ...HEALTHY, kafka, pods, certificates, cas };
        const problems = [
            "1 of 3 brokers are up",
            "no controller, which the brokers elect in ZooKeeper; check its servers: unity metrics --namespace team-demo",
            "4 partitions offline",
            "1 partition under-replicated",
            "2 of 3 pods of zookeeper Ready",
            "the certificate in Secret kafka-tls-1 expires on 2026-06-07; renew it with pulumi up",
            "the certificate in Secret apps/kafka-client-reader expires on 2026-06-07; renew it with pulumi up",
            "the CA unity-kafka ensemble first expires on 2026-06-07; renew it with pulumi up",
        ];
        assert.deepEqual(problemsOf(sick, NOW), problems);
        const text = healthText(sick, NOW);
        assert(
            text.startsWith(
                ["Project demo (namespace team-demo): UNHEALTHY", ...problems.map((f) => `  ! ${f}`)].join(
                    "\n",
                ),
            ),
            text,
        );
        assert.match(text, /Consumer groups: unknown/);
    });

    it("names a number of controllers other than one, and what to restart", () => {
        const problem = (controllers: KafkaHealth["controllers"], controller: number | undefined = 2) =>
            problemsOf({ ...HEALTHY, kafka: { ...KAFKA, controller, controllers } }, NOW);
        assert.deepEqual(problem({ active: [0, 2], silent: [1] }), [
            "2 brokers act as the controller (0, 2); if it stays so for a minute, restart broker 0: kubectl --namespace team-demo delete pod kafka-0",
        ]);
        assert.deepEqual(problem({ active: [], silent: [] }), [
            "no broker acts as the controller, which is to be broker 2; restart it: kubectl --namespace team-demo delete pod kafka-2",
        ]);
        assert.deepEqual(problem({ active: [], silent: [1, 2] }), [
            "no broker is known to act as the controller: kafka-1, kafka-2 did not answer; check the pods: kubectl --namespace team-demo get pods",
        ]);
        // A broker that is down is told of by the number of those that are up.
        assert.deepEqual(problem({ active: [2], silent: [0] }), []);
    });

    it("says that no topic can be created, why, and where the next step is", () => {
        const kafka = { ...KAFKA, topicFailure: "no topic can be created (The request timed out)" };
        assert.deepEqual(problemsOf({ ...HEALTHY, kafka }, NOW), [
            'no topic can be created (The request timed out); follow "No topic can be created" in docs/troubleshooting.md',
        ]);
    });

    it("shows what is unknown as unknown, instead of guessing", () => {
        const dark: Health = {
            ...HEALTHY,
            kafka: "no answer within 8 s",
            pods: undefined,
            certificates: [],
            deniedNamespaces: ["team-demo", "apps"],
        };
        assert.deepEqual(problemsOf(dark, NOW), ["Kafka does not answer: no answer within 8 s"]);
        const text = healthText(dark, NOW);
        assert.match(text, /^ {2}brokers up +\? of 3$/m);
        assert.match(text, /^ {2}offline +\?$/m);
        const denied = ["team-demo", "apps"].map(
            (namespace) => `  Certificates: you are not allowed to list Secrets in namespace ${namespace}\n`,
        );
        assert(text.includes(`\n\n${denied.join("")}\n`), text);
    });

    it("counts a bridge that is not Ready as a problem", () => {
        const pods = { ...HEALTHY.pods, bridge: { ready: 0, total: 1 } };
        assert.deepEqual(problemsOf({ ...HEALTHY, pods }, NOW), ["0 of 1 pod of bridge Ready"]);
        assert.match(healthText({ ...HEALTHY, pods }, NOW), /^ {2}bridge Ready +0 of 1$/m);
    });
});

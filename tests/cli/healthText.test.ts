import assert from "node:assert/strict";
import { healthText, problemsOf } from "../../cli/healthText.ts";
import type { Health, KafkaHealth } from "../../kafka/health.ts";

const NOW = new Date("2026-06-01T00:00:00Z");
const KAFKA: KafkaHealth = {
    up: 3,
    controller: 2,
    topics: 2,
    partitions: 7,
    underReplicated: 0,
    offline: 0,
    groups: [{ group: "billing", lag: 12 }],
};
const WELL: Health = {
    project: "demo",
    namespace: "team-demo",
    brokers: 3,
    pods: { zookeeper: { ready: 3, total: 3 }, kafka: { ready: 3, total: 3 } },
    kafka: KAFKA,
    certificates: [{ secret: "kafka-operator", expiresAt: new Date("2026-12-01T00:00:00Z") }],
};

describe("a Project's health", () => {
    it("has the lag of the bridge where there is one, or why it is not known", () => {
        const bridge = [{ topic: "rates", flow: "ikp -> unity-demo", records: 7 }];
        assert.match(
            healthText({ ...WELL, bridge }, NOW),
            /\n\n {2}TOPIC OVER THE BRIDGE {2}FLOW +LAG\n {2}rates +ikp -> unity-demo +7\n$/,
        );
        assert.match(
            healthText({ ...WELL, bridge: "gone" }, NOW),
            /Bridge to IKP: its lag is not known: gone\n$/,
        );
        assert.match(healthText({ ...WELL, bridge: [] }, NOW), /nothing has crossed yet\n$/);
    });

    it("is one screen, with what is well said in a word", () => {
        assert.equal(
            healthText(WELL, NOW),
            `Project demo (namespace team-demo): well
  brokers up        3 of 3
  controller        2
  topics            2, 7 partitions
  under-replicated  0
  offline           0
  zookeeper Ready   3 of 3
  kafka Ready       3 of 3

  CERTIFICATE     ENDS        DAYS
  kafka-operator  2026-12-01   183

  CONSUMER GROUP  LAG
  billing          12
`,
        );
    });

    it("names all that is wrong, before all else", () => {
        const kafka = {
            ...KAFKA,
            up: 1,
            controller: undefined,
            underReplicated: 1,
            offline: 4,
            groups: undefined,
        };
        const pods = { zookeeper: { ready: 2, total: 3 }, kafka: { ready: 3, total: 3 } };
        const certificates = [{ secret: "kafka-tls-1", expiresAt: new Date("2026-06-07T00:00:00Z") }];
        const ill: Health = { ...WELL, kafka, pods, certificates };
        const faults = [
            "1 of 3 brokers are up",
            "there is no controller",
            "4 partitions offline",
            "1 partition under-replicated",
            "2 of 3 pods of zookeeper Ready",
            "the certificate in Secret kafka-tls-1 ends 2026-06-07; renew it by pulumi up",
        ];
        assert.deepEqual(problemsOf(ill, NOW), faults);
        const text = healthText(ill, NOW);
        assert(
            text.startsWith(
                ["Project demo (namespace team-demo): NOT WELL", ...faults.map((f) => `  ! ${f}`)].join("\n"),
            ),
            text,
        );
        assert.match(text, /Consumer groups: not known/);
    });

    it("leaves open what could not be found out, instead of guessing", () => {
        const dark: Health = {
            ...WELL,
            kafka: "no answer within 8 s",
            pods: undefined,
            certificates: undefined,
        };
        assert.deepEqual(problemsOf(dark, NOW), ["Kafka does not answer: no answer within 8 s"]);
        const text = healthText(dark, NOW);
        assert.match(text, /^ {2}brokers up +\? of 3$/m);
        assert.match(text, /^ {2}offline +\?$/m);
        assert.match(text, /you may not list Secrets/);
    });

    it("holds a bridge that is not Ready against the Project", () => {
        const pods = { ...WELL.pods, bridge: { ready: 0, total: 1 } };
        assert.deepEqual(problemsOf({ ...WELL, pods }, NOW), ["0 of 1 pod of bridge Ready"]);
        assert.match(healthText({ ...WELL, pods }, NOW), /^ {2}bridge Ready +0 of 1$/m);
    });
});

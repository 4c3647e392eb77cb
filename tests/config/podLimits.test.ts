import assert from "node:assert/strict";
import { podLimitIssues } from "../../config/podLimits.ts";
import { projectOf } from "./fixtures.ts";
import { issuesOf, rawConfigWith } from "./matchers.ts";

const KI = 1024;

describe("config that a pod or Secret cannot carry", () => {
    /** So many topics with new names of 20 characters, as config of an environment. */
    const bridgeOf = (count: number) => {
        const name = (i: number) => `t${i}`.padEnd(20, ".");
        const topics = Array.from({ length: count }, (_, i) => ({ name: name(i) }));
        const inbound = topics.map((topic, i) => ({ from: `from-${i}`, to: topic.name }));
        return rawConfigWith({
            ikp: { bootstrapServers: ["ikp:9093"], sasl: { ...SASL } },
            projects: [{ name: "one", topics, bridge: { inbound } }],
        });
    };
    const SASL = { mechanism: "PLAIN", username: "u", password: { secure: "x" } };

    it("is an error where the topics of a bridge take more than the annotations of its pods can have", () => {
        assert.deepEqual(issuesOf(bridgeOf(300)), []);
        assert.deepEqual(issuesOf(bridgeOf(400)), [
            "projects[0].bridge: takes 228 KiB of a file of its pods, more than the 224 KiB that their annotations can carry; replicate fewer topics, under their own names where that is possible, or divide them among Projects",
        ]);
    });

    it("is an error where broker settings do, each Project by itself", () => {
        const config = (bytes: number) => ({ config: { "metric.reporters": "r".repeat(bytes) } });
        const project = (bytes: number) => ({
            ...projectOf("one"),
            kafka: { ...projectOf("one").kafka, ...config(bytes) },
        });
        // Less what a line has besides its value.
        const most = 224 * KI - "metric.reporters=\n".length;
        assert.deepEqual(podLimitIssues([project(most)], undefined), []);
        assert.deepEqual(podLimitIssues([project(10), project(most + 1)], undefined), [
            {
                path: "projects[1].kafka.config",
                message:
                    "takes 225 KiB of a file of its pods, more than the 224 KiB that their annotations can carry; shorten values, or set them for topics",
            },
        ]);
    });

    it("is an error where a setting is longer than Kafka's protocol can carry, in bytes", () => {
        const issues = (value: string) =>
            issuesOf(rawConfigWith({ "kafka/config": { "metric.reporters": value } }));
        assert.deepEqual(issues("r".repeat(32_767)), []);
        const [issue, ...others] = issues("é".repeat(16_384));
        assert.deepEqual(others, []);
        assert.match(
            issue!,
            /^kafka\.config\.metric\.reporters: "éé.*\.\.\. is not allowed, must be at most 32767 bytes, which is all that Kafka's protocol can carry$/,
        );
    });

    it("is an error where options of java are longer than a command may be", () => {
        // Each quote takes four characters in the shell.
        const options = ["-Da=", "'".repeat(10 * KI)].join("");
        const raw = (count: number) =>
            rawConfigWith({
                "kafka/jvmOptions": Array.from({ length: count }, () => options),
                "zookeeper/jvmOptions": Array.from({ length: count }, () => options),
            });
        assert.deepEqual(issuesOf(raw(2)), []);
        const error =
            "takes 121 KiB, more than the 120 KiB that the command of a server can have; use fewer or shorter options";
        assert.deepEqual(issuesOf(raw(3)), [
            `projects[0].kafka.jvmOptions: ${error}`,
            `projects[0].zookeeper.jvmOptions: ${error}`,
        ]);
    });

    it("is an error where the certificates of IKP are more than a Secret can have", () => {
        const pem = (bytes: number) =>
            `-----BEGIN CERTIFICATE-----\n${"a".repeat(bytes)}\n-----END CERTIFICATE-----`;
        const raw = (bytes: number) =>
            rawConfigWith({ ikp: { bootstrapServers: ["ikp:9093"], sasl: SASL, authority: pem(bytes) } });
        assert.deepEqual(issuesOf(raw(1023 * KI)), []);
        assert.deepEqual(issuesOf(raw(1024 * KI)), [
            "ikp: takes 1025 KiB, more than the 1024 KiB that a Secret can have; leave out certificates that are not needed",
        ]);
    });

    it("is an error where the parameters of a storage class are more than Kubernetes takes", () => {
        const raw = (parameters: object) =>
            rawConfigWith({ storageClasses: [{ name: "ssd", provisioner: "p", parameters }] });
        const many = Object.fromEntries(Array.from({ length: 513 }, (_, i) => [`p${i}`, "x"]));
        assert.equal(issuesOf(raw({ type: "x".repeat(256 * KI - 4) })).length, 0);
        assert.match(issuesOf(raw({ type: "x".repeat(256 * KI) })).join(), /storageClasses\[0\]/);
        assert.match(issuesOf(raw(many)).join(), /storageClasses\[0\]/);
    });

    it("is an error where a name is longer than Kafka or a file system takes", () => {
        const component = (name: string) => ({ name: "c", consume: ["orders"], groups: [name] });
        const raw = (name: string) =>
            rawConfigWith({
                projects: [{ name: "one", topics: [{ name: "orders" }], components: [component(name)] }],
            });
        assert.deepEqual(issuesOf(raw(`${"g".repeat(249)}*`)), []);
        assert.match(issuesOf(raw("g".repeat(250))).join(), /^projects\[0\]\.components\[0\]\.groups\[0\]: /);
        const folder = (name: string) => rawConfigWith({ "zookeeper/dataDir": `/var/lib/zookeeper/${name}` });
        assert.deepEqual(issuesOf(folder("d".repeat(255))), []);
        assert.match(issuesOf(folder("d".repeat(256))).join(), /^zookeeper\.dataDir: /);
        assert.match(issuesOf(folder("d/".repeat(600).slice(0, -1))).join(), /^zookeeper\.dataDir: .*1024/);
    });
});

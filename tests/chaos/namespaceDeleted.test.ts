import assert from "node:assert/strict";
import { CLIENT_LABEL, type ClientPod, withClientPods } from "../e2e/clientPods.ts";
import { inPod, type Kubernetes, until } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, GREEN, sharedEnvironment, untilAllReady } from "../e2e/environment.ts";
import { ACLS, adminTool, CONFIGS, TOPICS } from "../e2e/kafkaTools.ts";
import { changed, type Settings, up } from "../e2e/stack.ts";
import { allArrived, SAMPLE, SAMPLE_LINES, send } from "../e2e/unity.ts";
import { expectNoDrift, unityUp } from "../e2e/unityUp.ts";

const writer: ClientPod = {
    namespace: `${GREEN}-clients`,
    name: "client-writer",
    labels: CLIENT_LABEL,
    secrets: { "/etc/kafka-client": "kafka-client-writer" },
};

describe("a namespace that was deleted by hand", function () {
    this.timeout("10m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });
    after(() => up(settings(false)).then(() => up()));

    const settings = (more: boolean): Settings =>
        changed((environment) => {
            const green = environment.projects[1]!;
            Object.assign(environment, {
                allowDestroy: ["topic/green/letters", `namespace/${writer.namespace}`],
            });
            if (more) {
                green.topics = [{ name: "letters", partitions: 2, retention: "1d" }];
                green.components = [{ name: "writer", produce: ["letters"], quotas: { produce: "5MB/s" } }];
            }
        });

    /** What Kafka holds of the config: the topic, and what the component is allowed. */
    async function contents(): Promise<string[]> {
        const lines = async (tool: string, ...args: string[]) =>
            (await adminTool(k, GREEN, tool, ...args)).split("\n").map((line) => line.trim());
        const topic = await lines(TOPICS, "--describe", "--topic", "letters");
        const quotas = await lines(CONFIGS, "--describe", "--entity-type", "users");
        const acls = await lines(ACLS, "--list", "--principal", "User:writer");
        return [
            // Its id is another one.
            topic.find((line) => line.includes("PartitionCount"))!.replace(/TopicId: \S+/, ""),
            ...quotas.filter((line) => line.includes("writer")),
            ...acls.filter((line) => line.includes("User:writer")).sort(),
        ];
    }

    it("comes back by one up with its servers, topics, ACLs, quotas and Secrets, and clients work", async () => {
        await unityUp(settings(true));
        const before = await contents();
        assert.match(
            before[0]!,
            /PartitionCount: 2\tReplicationFactor: 3\tConfigs: .*retention\.ms=86400000/,
        );
        assert.match(before[1]!, /producer_byte_rate=/);
        assert(before.length > 2, before.join("\n"));
        const secret = () =>
            k.core.readNamespacedSecret({ namespace: writer.namespace, name: "kafka-client-writer" });
        const { data } = await secret();

        await k.core.deleteNamespace({ name: GREEN });
        await until("the namespace is gone", 180, async () =>
            k.core.readNamespace({ name: GREEN }).then(
                () => false,
                (error: { code?: number }) => error.code === 404,
            ),
        );
        await unityUp(settings(true));

        await untilAllReady(k);
        assert.deepEqual(await contents(), before);
        assert.deepEqual((await secret()).data, data, "clients keep their certificates");
        await withClientPods(k, [writer], () =>
            inPod(k, writer.namespace, writer.name, [
                "sh",
                "-c",
                "echo hello | java -Xmx128m -cp '/opt/kafka/libs/*' kafka.tools.ConsoleProducer" +
                    " --bootstrap-server $(cat /etc/kafka-client/bootstrap.servers) --topic letters" +
                    " --producer.config /etc/kafka-client/client.properties --producer-property acks=all",
            ]),
        );
        assert.deepEqual(await send(GREEN, SAMPLE), allArrived(SAMPLE_LINES));
        await expectNoDrift(settings(true));
    });
});

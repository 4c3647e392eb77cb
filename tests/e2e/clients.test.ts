import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
    CLIENT_LABEL,
    type ClientPod,
    ensureClients,
    inNetworkOf,
    untilConnects,
    withClientPods,
} from "./clientPods.ts";
import { inPod, type Kubernetes } from "./cluster.ts";
import { BLUE, BLUE_CLIENTS, BRING_UP_TIMEOUT, sharedEnvironment } from "./environment.ts";
import { unity } from "./unity.ts";

const component = (name: string): ClientPod => ({
    namespace: BLUE_CLIENTS,
    name: `client-${name}`,
    labels: CLIENT_LABEL,
    secrets: { "/etc/kafka-client": `kafka-client-${name}` },
});
const BOOTSTRAP = `kafka-bootstrap.${BLUE}`;
const loader = component("loader");
const reader = component("reader");

describe("clients", function () {
    this.timeout("3m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        await ensureClients();
    });

    it("other people's tools do as a component all that it is allowed, and are refused all else", async () => {
        const folder = mkdtempSync(join(tmpdir(), "unity-e2e-"));
        /** The commands that `unity connect` prints. */
        const commands = async (name: string) => {
            const into = ["--namespace", BLUE, "--folder", join(folder, name), "-o", "json"];
            const printed = await unity(["connect", name, "--local", ...into]);
            return (JSON.parse(printed) as { commands: Record<string, string> }).commands;
        };
        const server = "--bootstrap-server $(cat /etc/kafka-client/bootstrap.servers)";
        const settings = "/etc/kafka-client/client.properties";
        // The tools say why they were refused in their log only.
        const log = ["rootLogger=ERROR, e", "appender.e=org.apache.log4j.ConsoleAppender"];
        log.push("appender.e.target=System.err", "appender.e.layout=org.apache.log4j.SimpleLayout");
        const java = (client: ClientPod, script: string) =>
            inPod(k, BLUE_CLIENTS, client.name, [
                "sh",
                "-c",
                [
                    `printf 'log4j.%s\\n' ${log.map((line) => `'${line}'`).join(" ")} > /tmp/log4j.properties`,
                    "O='-Xmx128m -XX:TieredStopAtLevel=1 -Dlog4j.configuration=file:/tmp/log4j.properties'",
                    `J() { java $O -cp '/opt/kafka/libs/*' "$@"; }`,
                    script,
                ].join("; "),
            ]);
        const produce = (topic: string) =>
            `J kafka.tools.ConsoleProducer ${server} --producer.config ${settings} --topic ${topic}`;
        const consume = (group: string) =>
            `J org.apache.kafka.tools.consumer.ConsoleConsumer ${server} --consumer.config ${settings} ` +
            `--topic orders --from-beginning --timeout-ms 8000 --group ${group}`;
        const kcat = (name: string, args: string) => `kcat -F ${join(folder, name)}/librdkafka.conf ${args}`;
        const inNetwork = (client: ClientPod, command: string) => inNetworkOf(k, client, command);
        // Besides the records kcat tells which file it reads.
        const different = (printed: string) =>
            [...new Set(printed.trim().split("\n"))].filter((line) => !line.startsWith("%")).sort();
        try {
            await withClientPods(k, [loader, reader], async () => {
                const [asLoader, asReader] = await Promise.all([
                    commands("loader"),
                    commands("reader"),
                    untilConnects(k, loader, BOOTSTRAP, 9092),
                    untilConnects(k, reader, BOOTSTRAP, 9092),
                ]);
                await java(loader, `echo of-java | ${produce("orders")}`);
                await inNetwork(loader, `echo of-kcat | ${kcat("loader", "-P -t orders")}`);
                const records = ["of-java", "of-kcat"];
                const read = await java(reader, `${consume("reader-java")} 2>/dev/null || true`);
                assert.deepEqual(different(read), records);
                assert.deepEqual(
                    different(await inNetwork(reader, kcat("reader", "-C -t orders -e -q -o beginning"))),
                    records,
                );
                // As they are printed, with nothing added.
                assert.match(await inNetwork(loader, asLoader.kcat!), /topic "orders" with 3 partitions/);
                assert.match(
                    await inNetwork(reader, asReader.python!),
                    /'orders': TopicMetadata\(orders, 3 partitions/,
                );
                assert.match(await inNetwork(reader, asReader.node!), /'orders'/);

                const refused = async (printed: Promise<string>, said: RegExp) =>
                    assert.match(await printed, said);
                const inKcat = (client: ClientPod, command: string) =>
                    inNetwork(client, `{ timeout 20 sh -c '${command}'; } 2>&1 || true`);
                const topic = /Broker: Topic authorization failed/;
                const group = /(Broker|FindCoordinator response error): Group authorization failed/;
                await refused(inKcat(loader, `echo x | ${kcat("loader", "-P -t notes")}`), topic);
                await refused(inKcat(loader, kcat("loader", "-C -t orders -e -o beginning")), topic);
                await refused(inKcat(loader, kcat("loader", "-G reader-x orders")), group);
                await refused(inKcat(reader, `echo x | ${kcat("reader", "-P -t orders")}`), topic);
                await refused(inKcat(reader, kcat("reader", "-G other orders")), group);
                const inJava = (client: ClientPod, command: string) =>
                    java(client, `${command} 2>&1 || true`);
                await refused(
                    inJava(loader, `echo x | ${produce("notes")}`),
                    /TopicAuthorizationException: Not authorized to access topics: \[notes\]/,
                );
                await refused(
                    inJava(reader, consume("other")),
                    /GroupAuthorizationException: Not authorized to access group: other/,
                );
            });
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });
});

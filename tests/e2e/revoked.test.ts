import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { principalOf } from "../../common/names.ts";
import {
    CLIENT_LABEL,
    type ClientPod,
    ensureClients,
    inNetworkOf,
    untilConnects,
    withClientPods,
} from "./clientPods.ts";
import type { Kubernetes } from "./cluster.ts";
import { BLUE, BLUE_CLIENTS, BRING_UP_TIMEOUT, sharedEnvironment } from "./environment.ts";
import { ACLS, adminTool, CONFIGS, javaCommand, serverIn, VERIFIABLE_PRODUCER } from "./kafkaTools.ts";
import { Load } from "./load.ts";
import { changed, hold, type Settings, up } from "./stack.ts";
import { unity } from "./unity.ts";

const COURIER = "courier";

describe("a leaked key", function () {
    this.timeout("6m");
    let k: Kubernetes;
    let folder: string;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        await ensureClients();
        folder = mkdtempSync(join(tmpdir(), "unity-revoked-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    const components = ({ projects: [blue] }: Settings) =>
        blue!.components as { name: string; key: number }[];
    const courier = (settings: Settings) => components(settings).find(({ name }) => name === COURIER)!;
    const withKey = (key: number) => changed((settings) => Object.assign(courier(settings), { key }));
    const admin = (mainClass: string, ...args: string[]) => adminTool(k, BLUE, mainClass, ...args);
    /** The principals of the courier that have ACLs, and those that have quotas. */
    const couriers = async () => {
        const [acls, quotas] = await Promise.all([
            admin(ACLS, "--list"),
            admin(CONFIGS, "--describe", "--entity-type", "users"),
        ]);
        const named = (text: string, pattern: RegExp) =>
            [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();
        return {
            acls: named(acls, /User:(courier[^,\s)]*)/g),
            quotas: named(quotas, /'(courier[^']*)'/g),
        };
    };
    /** The current key of the courier, in a folder that no `up` changes. */
    const takeKey = async (into: string) => {
        const files = join(folder, into);
        await unity(["connect", COURIER, "--local", "--namespace", BLUE, "--folder", files]);
        return files;
    };
    const writer: ClientPod = {
        namespace: BLUE_CLIENTS,
        name: "writer",
        labels: CLIENT_LABEL,
        secrets: { "/etc/kafka-client": "kafka-client-loader" },
    };
    const kcat = (files: string, args: string) =>
        inNetworkOf(
            k,
            writer,
            `{ echo x | timeout 20 kcat -F ${files}/librdkafka.conf -t orders ${args}; } 2>&1 || true`,
        );
    const READ = "-C -e -q -o -1";
    const WRITE = "-P";

    it("is refused after one up, in which another component writes all the time", async () => {
        // Of an environment that is kept, it may not be the first.
        const { key } = courier(changed(() => undefined));
        const [stolen, next] = [await takeKey("stolen"), principalOf(COURIER, key + 1)];
        const settings = ["--producer.config", "/etc/kafka-client/client.properties"];
        const produce = [...serverIn(BLUE), ...settings, "--topic", "orders", "--throughput", "20"];
        await withClientPods(k, [writer], async () => {
            await untilConnects(k, writer, `kafka-bootstrap.${BLUE}`, 9092);
            const load = new Load(k, BLUE_CLIENTS, writer.name, javaCommand(VERIFIABLE_PRODUCER, produce));
            try {
                await load.untilMore(20);
                assert.doesNotMatch(await kcat(stolen, READ), /failed/);
                assert.doesNotMatch(await kcat(stolen, WRITE), /failed/);

                hold(withKey(key + 1));
                assert.deepEqual((await up()).replace, ["blue-user-courier"]);
                await load.untilMore(20);
                assert.match(await kcat(stolen, READ), /Broker: Topic authorization failed/);
                assert.match(await kcat(stolen, WRITE), /Broker: Topic authorization failed/);
                const current = await takeKey("current");
                assert.doesNotMatch(await kcat(current, READ), /failed/);
                assert.doesNotMatch(await kcat(current, WRITE), /failed/);
                assert.deepEqual(await couriers(), { acls: [next], quotas: [next] });
            } finally {
                await load.stop();
            }
            assert.equal(load.failed, 0, "records of the other component");
            assert(load.longestGap < 10, `${load.longestGap} s without an acknowledgement`);
        });
    });
});

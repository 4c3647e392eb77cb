import assert from "node:assert/strict";
import { run } from "../../local/exec.ts";
import { kubectlEnv, kubectlPath } from "../../local/platform/kubectl.ts";
import { type Kubernetes, pods, restarts } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedEnvironment } from "./environment.ts";
import { ACLS, adminTool, CONFIGS, TOPICS } from "./kafkaTools.ts";
import { changed, expectNoChanges, type ProjectSettings, preview, up } from "./stack.ts";

const REFRESH = ["--refresh", "--run-program"];

describe("changes in Kafka", function () {
    this.timeout("6m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    const tool = (mainClass: string, ...args: string[]) => adminTool(k, BLUE, mainClass, ...args);
    const alter = (type: string, name: string, setting: string) =>
        tool(CONFIGS, "--alter", "--entity-type", type, "--entity-name", name, "--add-config", setting);
    const withConfig = (config: object) =>
        changed(({ projects }) => {
            (projects[0] as ProjectSettings).kafka = { config };
        });
    /** What tells that a broker has restarted. */
    const lives = async () =>
        (await pods(k, BLUE, "kafka"))
            .map((pod) => `${pod.metadata!.name} ${pod.metadata!.uid} ${restarts(pod)}`)
            .sort();

    it("that were made by hand are shown by a preview with --refresh, and an up with it takes them back", async () => {
        await tool(
            ACLS,
            ...["--remove", "--force", "--allow-principal", "User:loader"],
            ...["--operation", "Write", "--topic", "orders"],
        );
        await tool(
            ACLS,
            "--add",
            "--deny-principal",
            "User:reader",
            "--operation",
            "Read",
            "--topic",
            "orders",
        );
        await alter("users", "loader", "producer_byte_rate=1");
        await alter("topics", "orders", "retention.ms=43200000");

        const drifted = ["blue-topic-orders", "blue-user-loader", "blue-user-reader"];
        assert.deepEqual(
            (
                await preview(
                    changed(() => undefined),
                    ...REFRESH,
                )
            ).update!.sort(),
            drifted,
        );
        await up(
            changed(() => undefined),
            ...REFRESH,
        );

        const acls = await tool(ACLS, "--list");
        assert.match(acls, /principal=User:loader, host=\*, operation=WRITE, permissionType=ALLOW/);
        assert.doesNotMatch(acls, /permissionType=DENY/);
        const quotas = await tool(CONFIGS, "--describe", "--entity-type", "users");
        assert.match(quotas, /'loader' are .*producer_byte_rate=5000000\.0/);
        assert.match(await tool(TOPICS, "--describe", "--topic", "orders"), /retention\.ms=86400000/);
        const left = await preview(
            changed(() => undefined),
            ...REFRESH,
        );
        assert.deepEqual(left.update ?? [], []);
    });

    it("of settings that brokers take while they run restart none of them", async () => {
        const before = await lives();
        const setting = async (name: string) => {
            const all = await tool(
                CONFIGS,
                ...["--describe", "--all", "--entity-type", "brokers", "--entity-name", "0"],
            );
            return new RegExp(`^  ${name}=(\\S*) `, "m").exec(all)?.[1];
        };
        // More than twice the threads that there are, which Kafka does not take at once.
        const config = { "num.io.threads": 20, "compression.type": "lz4" };
        assert.deepEqual(await up(withConfig(config)), {
            create: ["blue-broker-config"],
            update: ["blue-smoke-test"],
        });
        assert.deepEqual([await setting("num.io.threads"), await setting("compression.type")], ["20", "lz4"]);

        const byHand = ["--entity-default", "--add-config", "compression.type=zstd"];
        await tool(CONFIGS, "--alter", "--entity-type", "brokers", ...byHand);
        assert.deepEqual((await preview(withConfig(config), ...REFRESH)).update, ["blue-broker-config"]);
        await up(withConfig(config), ...REFRESH);
        assert.equal(await setting("compression.type"), "lz4");

        assert.deepEqual(await up(), { delete: ["blue-broker-config"], update: ["blue-smoke-test"] });
        assert.deepEqual(
            [await setting("num.io.threads"), await setting("compression.type")],
            ["8", "producer"],
        );
        assert.deepEqual(await lives(), before);
        await expectNoChanges();
    });
});

describe("changes of network policies", function () {
    this.timeout("6m");
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        await sharedEnvironment();
    });

    const kubectl = (...args: string[]) =>
        run([kubectlPath, "--namespace", BLUE, ...args], { env: kubectlEnv() });
    const add = (policy: string, path: string, value: unknown) =>
        kubectl(
            ...["patch", `networkpolicy/${policy}`, "--type=json", "-p"],
            JSON.stringify([{ op: "add", path, value }]),
        );
    async function specs(): Promise<Record<string, object>> {
        const { items } = JSON.parse(await kubectl("get", "networkpolicy", "-o", "json")) as {
            items: { metadata: { name: string }; spec: object }[];
        };
        return Object.fromEntries(items.map(({ metadata, spec }) => [metadata.name, spec]));
    }

    it("that config does not name are shown by a preview with --refresh, and an up with it takes them back", async () => {
        const before = await specs();
        // Each of the two opens the namespace to everybody, and the Kubernetes provider sees neither.
        await add("kafka", "/spec/ingress/-", {});
        await add("default-deny", "/spec/ingress", [{}]);
        assert.notDeepEqual(await specs(), before);

        const unchanged = changed(() => undefined);
        assert.deepEqual((await preview(unchanged, ...REFRESH)).update, ["blue-policy-specs"]);
        await up(unchanged, ...REFRESH);

        assert.deepEqual(await specs(), before);
        assert.deepEqual((await preview(unchanged, ...REFRESH)).update ?? [], []);
        await expectNoChanges();
    });
});

import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { logDir, root } from "../../common/paths.ts";
import { CommandError, run } from "../../local/exec.ts";
import { pulumiEnv, runPulumi } from "../../local/pulumi.ts";
import { connect, type Kubernetes, untilReady } from "./cluster.ts";
import { ensureLocal, leaveLocal } from "./platform.ts";

const NAME = "divided";
const FILE = join(root, `Pulumi.${NAME}.yaml`);
const log = join(logDir, "e2e-divided.log");

/** Writes the environment's stack file: the other tests' in small, with Projects of its own. */
function configure(projects: readonly string[], allowDestroy: readonly string[] = []): void {
    const text = readFileSync(join(import.meta.dirname, "Pulumi.e2e.yaml"), "utf8");
    const { config } = parse(text.replaceAll("unity-e2e", "unity-divided")) as {
        config: Record<string, object>;
    };
    Object.assign(config, {
        "unity-kafka:namespacePrefix": "divided-",
        "unity-kafka:stackPerProject": true,
        "unity-kafka:allowDestroy": allowDestroy,
        "unity-kafka:projects": projects.map((name) => ({ name })),
    });
    Object.assign(config["unity-kafka:kafka"]!, { brokers: 1 });
    writeFileSync(FILE, stringify({ config }));
}

/** Runs the command that people use, and returns what it printed. */
function unity(verb: string, ...args: string[]): Promise<string> {
    const plain = ["--non-interactive", "--color=never"];
    return run([join(root, "cli/unity"), verb, "--stack", NAME, "--", ...plain, ...args], {
        cwd: root,
        env: pulumiEnv(),
        log,
    });
}

async function stacks(): Promise<string[]> {
    const found = JSON.parse(await runPulumi(["stack", "ls", "--json"], { log })) as { name: string }[];
    return found.flatMap(({ name }) => (name.startsWith(NAME) ? [name] : [])).sort();
}

describe("an environment with a stack for each Project", function () {
    this.timeout("10m");
    this.bail(true);
    let k: Kubernetes;

    const namespaces = async () =>
        (await k.core.listNamespace()).items
            .map(({ metadata }) => metadata!.name!)
            .filter((name) => name.startsWith("divided-"))
            .sort();

    before(async function () {
        // A new machine builds the tools first.
        this.timeout("60m");
        await ensureLocal();
        k = connect();
    });

    after(async () => {
        if ((await stacks()).length === 0) {
            await leaveLocal();
        }
        rmSync(FILE, { force: true });
    });

    it("is brought up by one command, base first", async () => {
        configure(["one", "two"]);
        const printed = await unity("up", "--yes", "--skip-preview");
        const order = [...printed.matchAll(/^up of stack (\S+)$/gm)].map(([, stack]) => stack);
        assert.deepEqual(order, ["divided", "divided.one", "divided.two"]);
        assert.deepEqual(await stacks(), order);
        assert(!existsSync(join(root, `Pulumi.${NAME}.one.yaml`)), "no file is left of a Project's stack");
        for (const namespace of ["divided-one", "divided-two"]) {
            await untilReady(k, namespace, "zookeeper", 3);
            await untilReady(k, namespace, "kafka", 1);
        }
    });

    it("is previewed by one command, and is as it should be", async () => {
        await unity("preview", "--expect-no-changes");
    });

    it("keeps a Project that config forgets, and says so", async () => {
        configure(["one"]);
        const printed = await unity("up", "--yes", "--skip-preview");
        assert.match(
            printed,
            /^stack divided\.two is kept, though config has no Project two; to give it up, /m,
        );
        assert.deepEqual(await namespaces(), ["divided-one", "divided-two"]);
    });

    it("lets go of one that config gives up, stack and all", async () => {
        configure(["one"], ["two"]);
        assert.match(await unity("preview"), /^stack divided\.two would be destroyed and removed$/m);
        await unity("up", "--yes", "--skip-preview");
        assert.deepEqual(await stacks(), ["divided", "divided.one"]);
        assert.deepEqual(await namespaces(), ["divided-one"]);
    });

    it("refuses to let go of one unasked, by Pulumi's own command too", async () => {
        const destroy = ["destroy", "--yes", "--skip-preview", "--run-program", "--stack", "divided.one"];
        configure(["one"]);
        await assert.rejects(runPulumi([...destroy, "--config-file", FILE], { log }), (error: unknown) => {
            assert(error instanceof CommandError);
            assert.match(error.output, /of Project one would be deleted or made anew/);
            return true;
        });
    });

    it("is gone when its last Project and its base are", async () => {
        configure([], ["one"]);
        await unity("up", "--yes", "--skip-preview");
        await runPulumi(
            ["destroy", "--yes", "--skip-preview", "--run-program", "--stack", NAME, "--config-file", FILE],
            {
                log,
            },
        );
        await runPulumi(["stack", "rm", "--yes", "--preserve-config", NAME], { log });
        assert.deepEqual(await stacks(), []);
        assert.deepEqual(await namespaces(), []);
    });
});

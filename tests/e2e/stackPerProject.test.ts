import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { logDir } from "../../common/paths.ts";
import { run } from "../../local/exec.ts";
import { pulumiEnv, runPulumi } from "../../local/pulumi.ts";
import { type CheckoutCopy, copyCheckout } from "./checkoutCopy.ts";
import { type Kubernetes, untilReady } from "./cluster.ts";
import { BRING_UP_TIMEOUT, runBeside, sharedPlatform } from "./environment.ts";
import { assertRefused } from "./refused.ts";

const NAME = "spp";
const log = join(logDir, "e2e-stack-per-project.log");

describe("a stack per Project", function () {
    this.timeout(BRING_UP_TIMEOUT);
    let k: Kubernetes;
    let checkout: CheckoutCopy;
    const lifeOfEnvironment = runBeside(async () => {
        k = await sharedPlatform();
        checkout = copyCheckout();
        try {
            await bringUpAndGiveUp();
        } finally {
            checkout.remove();
        }
    });

    /** Writes the environment's stack file: that of blue and green in small, with Projects of its own. */
    function configure(projects: readonly string[], allowDestroy: readonly string[] = []): void {
        const text = readFileSync(join(import.meta.dirname, "Pulumi.e2e.yaml"), "utf8");
        const { config } = parse(text.replaceAll("unity-e2e", `unity-${NAME}`)) as {
            config: Record<string, object>;
        };
        Object.assign(config, {
            "unity-kafka:namespacePrefix": `${NAME}-`,
            "unity-kafka:stackPerProject": true,
            "unity-kafka:allowDestroy": allowDestroy,
            "unity-kafka:projects": projects.map((name) => ({ name })),
        });
        Object.assign(config["unity-kafka:kafka"]!, { brokers: 1 });
        writeFileSync(checkout.stackFile(NAME), stringify({ config }));
    }

    /** Runs the command that people use, and returns what it printed. */
    function unity(verb: string, ...args: string[]): Promise<string> {
        const command = join(checkout.folder, "cli/unity");
        const plain = ["--non-interactive", "--color=never"];
        return run([command, verb, "--stack", NAME, "--", ...plain, ...args], {
            cwd: checkout.folder,
            env: pulumiEnv(),
            log,
        });
    }

    const pulumi = (...args: string[]) => runPulumi(args, { log, cwd: checkout.folder });
    const destroy = (stack: string) =>
        pulumi(
            ...["destroy", "--yes", "--skip-preview", "--run-program", "--stack", stack],
            ...["--config-file", checkout.stackFile(NAME)],
        );

    async function stacks(): Promise<string[]> {
        const found = JSON.parse(await pulumi("stack", "ls", "--json")) as { name: string }[];
        return found.flatMap(({ name }) => (name.startsWith(NAME) ? [name] : [])).sort();
    }

    async function namespaces(): Promise<string[]> {
        const { items } = await k.core.listNamespace();
        return items
            .map(({ metadata }) => metadata!.name!)
            .filter((name) => name.startsWith(`${NAME}-`))
            .sort();
    }

    it("one command brings up, previews, keeps and destroys an environment with a stack per Project", () =>
        lifeOfEnvironment());

    async function bringUpAndGiveUp(): Promise<void> {
        configure(["one", "two"]);
        const printed = await unity("up", "--yes", "--skip-preview");
        const order = [...printed.matchAll(/^up of stack (\S+)$/gm)].map(([, stack]) => stack);
        assert.deepEqual(order, [NAME, `${NAME}.one`, `${NAME}.two`], "the base is first");
        assert.deepEqual(await stacks(), order);
        const files = readdirSync(checkout.folder).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
        assert.deepEqual(files, [`Pulumi.${NAME}.yaml`], "no file is left of a Project's stack");
        for (const namespace of [`${NAME}-one`, `${NAME}-two`]) {
            await untilReady(k, namespace, "zookeeper", 3);
            await untilReady(k, namespace, "kafka", 1);
        }
        await unity("preview", "--expect-no-changes");

        // One Project is forgotten and one is given up.
        configure([], ["two"]);
        const kept = new RegExp(
            `^stack ${NAME}\\.one is kept, though config has no Project one; to destroy it, `,
            "m",
        );
        const planned = await unity("preview");
        assert.match(planned, kept);
        assert.match(planned, new RegExp(`^stack ${NAME}\\.two would be destroyed and removed$`, "m"));
        assert.deepEqual(await namespaces(), [`${NAME}-one`, `${NAME}-two`]);
        assert.match(await unity("up", "--yes", "--skip-preview"), kept);
        assert.deepEqual(await stacks(), [NAME, `${NAME}.one`]);
        assert.deepEqual(await namespaces(), [`${NAME}-one`]);

        configure(["one"]);
        await assertRefused(/of Project one would be deleted or .*allowDestroy/, destroy(`${NAME}.one`));

        configure([], ["one"]);
        await unity("up", "--yes", "--skip-preview");
        await destroy(NAME);
        await pulumi("stack", "rm", "--yes", "--preserve-config", NAME);
        assert.deepEqual(await stacks(), []);
        assert.deepEqual(await namespaces(), []);
    }
});

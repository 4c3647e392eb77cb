/** `unity up` and `unity preview`: an environment by one command, whether it is one stack or a stack per Project. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { Command } from "commander";
import { parse } from "yaml";
import type { Environment } from "../../config/schema/environment.ts";
import { projectStack } from "../../config/scope.ts";
import { exitCode, UnityError } from "../errors.ts";
import type { StackReport } from "../eventLog.ts";
import { countOf } from "../format.ts";
import { type OutputOptions, outputOption } from "../options.ts";
import { pulumi } from "../pulumi.ts";
import { readStack, stackPath } from "../stackFiles.ts";
import { runOnStack, type StackResult, type Surface, type Verb } from "../stackUpdate.ts";
import { checkBeforeUp } from "./ikp.ts";

const HELP = `
Arguments after -- go to pulumi, such as -- --yes --diff. Unless they say otherwise, it gets --refresh, so that what was
changed by hand is put back, and --continue-on-error; with --yes also --skip-preview. Projects that fail are named at
the end, and keep no other from being deployed. After an up that was killed, the next one goes on from there.

An environment with stackPerProject has its base in the stack NAME and each Project in NAME.PROJECT: the base comes
first, then the Projects. The stack of a Project that is no longer in config is kept and reported, unless allowDestroy
lists the Project.

With -o json, what pulumi prints goes to standard error, and standard output has one JSON document: for each run of
pulumi the result, the changes, the resources that do not stay the same, and the failures.

Exit codes: ${exitCode.ok} done, ${exitCode.failed} pulumi failed, ${exitCode.usage} wrong usage.`;

/** Arguments of `pulumi up` that `pulumi destroy` takes too, as far as they matter to it. */
const OF_DESTROY = /^(--yes|-y|--skip-preview|-f|--non-interactive|--color=.*|--suppress-progress)$/;

interface DeployOptions extends OutputOptions {
    readonly stack: string;
}

/** The commands, to be added to the program. */
export function deployCommands(): Command[] {
    return [
        deployCommand("up", "Deploys an environment with Pulumi, all its stacks in order."),
        deployCommand("preview", "Shows what `unity up` would do."),
    ];
}

function deployCommand(verb: "up" | "preview", description: string): Command {
    return new Command(verb)
        .description(description)
        .requiredOption("--stack <NAME>", "the environment")
        .argument("[ARGS...]", "arguments of pulumi, after --")
        .addOption(outputOption())
        .addHelpText("after", HELP)
        .action((args: string[], options: DeployOptions) => deploy(verb, options, args));
}

async function deploy(
    verb: "up" | "preview",
    { stack, output }: DeployOptions,
    args: readonly string[],
): Promise<void> {
    const environment = await readStack(stack);
    if (verb === "up") {
        await checkBeforeUp(stack, environment);
    }
    if (output === "text") {
        const results = await deployStacks(verb, stack, environment, args, {
            say: (line) => void process.stdout.write(`\n${line}\n`),
            output: "show",
            report: () => undefined,
        });
        conclude(verb, stack, environment, results);
        return;
    }
    const stacks: StackReport[] = [];
    const messages: string[] = [];
    let results: readonly StackResult[];
    try {
        results = await deployStacks(verb, stack, environment, args, {
            say: (line) => void messages.push(line),
            output: "beside",
            report: (found) => void stacks.push(found),
        });
    } finally {
        // What was done before a failure has been done.
        process.stdout.write(`${JSON.stringify({ stacks, messages }, undefined, 2)}\n`);
    }
    conclude(verb, stack, environment, results);
}

async function deployStacks(
    verb: "up" | "preview",
    name: string,
    { stackPerProject, projects, allowDestroy }: Environment,
    args: readonly string[],
    surface: Surface,
): Promise<StackResult[]> {
    if (!stackPerProject) {
        const command = {
            verb,
            stack: name,
            args,
            configFile: [],
            projects: projects.map(({ name: project }) => project),
        };
        return [await runOnStack(command, surface)];
    }
    const { say } = surface;
    const configFile = ["--config-file", stackPath(name)];
    const existing = await stacksOf(name);
    const results: StackResult[] = [];
    const run = async (of: Verb, stack: string, ...inStack: string[]) => {
        say(`${of} of stack ${stack}`);
        const taken = of === "destroy" ? args.filter((arg) => OF_DESTROY.test(arg)) : args;
        const result = await runOnStack(
            { verb: of, stack, args: taken, configFile, projects: inStack },
            surface,
        );
        results.push(result);
        return result;
    };
    const ensureExists = async (stack: string) => {
        if (!existing.includes(stack)) {
            await createStack(stack, name);
        }
    };

    await ensureExists(name);
    const base = await run(verb, name);
    if (base.error && !existing.includes(name)) {
        // There are no nodes yet that a Project could run on.
        return results;
    }
    for (const project of projects) {
        const stack = projectStack(name, project.name);
        await ensureExists(stack);
        await run(verb, stack, project.name);
    }
    const wanted = projects.map((project) => projectStack(name, project.name));
    for (const stack of existing.filter((other) => other !== name && !wanted.includes(other))) {
        const project = stack.slice(name.length + 1);
        if (!allowDestroy.includes(project)) {
            const hint = `to destroy it, add ${project} to allowDestroy and run unity up again`;
            say(`stack ${stack} is kept, though config has no Project ${project}; ${hint}`);
        } else if (verb === "preview") {
            say(`stack ${stack} would be destroyed and removed`);
        } else {
            // Its program runs, because the guard that has to agree is part of it.
            const { broken, error } = await run("destroy", stack, project);
            if (broken.length === 0 && !error) {
                await pulumi(["stack", "rm", "--yes", "--preserve-config", stack], { output: "quiet" });
            }
        }
    }
    return results;
}

/**
 * Ends with what is wrong: a line for each Project that failed, before all else.
 * @throws UnityError unless there is nothing
 */
function conclude(
    verb: "up" | "preview",
    stack: string,
    { projects }: Environment,
    results: readonly StackResult[],
): void {
    const broken = results.flatMap((result) => result.broken);
    for (const { project, reason } of broken) {
        process.stderr.write(`unity: Project ${project} failed: ${reason}\n`);
    }
    const [error] = results.flatMap((result) => result.error ?? []);
    if (error) {
        throw error;
    }
    if (broken.length > 0) {
        const others = verb === "up" && broken.length < projects.length ? "; the others are deployed" : "";
        throw new UnityError(
            `${countOf(broken.length, "Project")} of ${stack} failed${others}`,
            "Fix what is above, and run this again",
            exitCode.failed,
        );
    }
}

/** Names of the stacks of an environment with a stack per Project that the state backend has. */
async function stacksOf(name: string): Promise<string[]> {
    const answer = JSON.parse(await pulumi(["stack", "ls", "--json"], { output: "read" })) as {
        name: string;
    }[];
    // Pulumi's own service puts the organisation before the name.
    const names = answer.map((stack) => stack.name.split("/").at(-1)!);
    return names.filter((stack) => stack === name || stack.startsWith(`${name}.`));
}

/** A Project's stack keeps its secrets as the base does: by the settings in the same file. */
async function createStack(stack: string, environment: string): Promise<void> {
    const stray = stackPath(stack);
    const kept = existsSync(stray);
    const provider = secretsProvider(environment);
    const secrets = provider === undefined ? [] : ["--secrets-provider", provider];
    await pulumi(["stack", "init", "--no-select", ...secrets, stack], { output: "quiet" }).finally(() => {
        // Pulumi writes a file for the stack, which would look like another environment.
        if (!kept) {
            rmSync(stray, { force: true });
        }
    });
}

/** What encrypts the secrets of an environment's stack, where its file says so. */
function secretsProvider(environment: string): string | undefined {
    const { secretsprovider } = parse(readFileSync(stackPath(environment), "utf8")) as {
        secretsprovider?: string;
    };
    return secretsprovider;
}

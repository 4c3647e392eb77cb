/** `unity up` and `unity preview`: an environment by one command, whether it is one stack or a stack per Project. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { Command } from "commander";
import { parse } from "yaml";
import type { Environment } from "../../config/schema/environment.ts";
import { projectStack } from "../../config/scope.ts";
import { exitCode } from "../errors.ts";
import { type StackReport, withEventLog } from "../eventLog.ts";
import { type OutputOptions, outputOption } from "../options.ts";
import { pulumi } from "../pulumi.ts";
import { readStack, stackPath } from "../stackFiles.ts";
import { checkBeforeUp } from "./ikp.ts";

const HELP = `
Arguments after -- go to pulumi, such as -- --yes --diff. An environment with stackPerProject has its base in the
stack NAME and each Project in NAME.PROJECT: the base comes first, then the Projects, and the first failure ends it.
The stack of a Project that is no longer in config is kept and reported, unless allowDestroy lists the Project.

With -o json, what pulumi prints goes to standard error, and standard output has one JSON document: for each stack the
result, the changes and the resources that do not stay the same.

Exit codes: ${exitCode.ok} done, ${exitCode.failed} pulumi failed, ${exitCode.usage} wrong usage.`;

/** Arguments of `pulumi up` that `pulumi destroy` takes too, as far as they matter to it. */
const OF_DESTROY = /^(--yes|-y|--skip-preview|-f|--non-interactive|--color=.*|--suppress-progress)$/;

type Verb = "up" | "preview";

interface DeployOptions extends OutputOptions {
    readonly stack: string;
}

/** Where it tells what it does, and how it runs pulumi. */
interface Surface {
    readonly say: (line: string) => void;
    /** What happens to the standard output of pulumi. */
    readonly output: "show" | "beside";
    /** Runs a command that changes a stack or shows its changes. */
    readonly run: (stack: string, command: readonly string[]) => Promise<unknown>;
}

/** The commands, to be added to the program. */
export function deployCommands(): Command[] {
    return [
        deployCommand("up", "Deploys an environment with Pulumi, all its stacks in order."),
        deployCommand("preview", "Shows what `unity up` would do."),
    ];
}

function deployCommand(verb: Verb, description: string): Command {
    return new Command(verb)
        .description(description)
        .requiredOption("--stack <NAME>", "the environment")
        .argument("[ARGS...]", "arguments of pulumi, after --")
        .addOption(outputOption())
        .addHelpText("after", HELP)
        .action((args: string[], options: DeployOptions) => deploy(verb, options, args));
}

async function deploy(verb: Verb, { stack, output }: DeployOptions, args: readonly string[]): Promise<void> {
    const environment = await readStack(stack);
    if (verb === "up") {
        await checkBeforeUp(stack, environment);
    }
    if (output === "text") {
        await deployStacks(verb, stack, environment, args, {
            say: (line) => void process.stdout.write(`\n${line}\n`),
            output: "show",
            run: (_stack, command) => pulumi(command),
        });
        return;
    }
    const stacks: StackReport[] = [];
    const messages: string[] = [];
    try {
        await deployStacks(verb, stack, environment, args, {
            say: (line) => void messages.push(line),
            output: "beside",
            run: (of, command) =>
                withEventLog(
                    of,
                    command[0]!,
                    (log) => pulumi([...command, ...log], "beside"),
                    (report) => stacks.push(report),
                ),
        });
    } finally {
        // What was done before a failure has been done.
        process.stdout.write(`${JSON.stringify({ stacks, messages }, undefined, 2)}\n`);
    }
}

async function deployStacks(
    verb: Verb,
    name: string,
    { stackPerProject, projects, allowDestroy }: Environment,
    args: readonly string[],
    { say, output, run: runPulumi }: Surface,
): Promise<void> {
    if (!stackPerProject) {
        await runPulumi(name, [verb, "--stack", name, ...args]);
        return;
    }
    const file = ["--config-file", stackPath(name)];
    const existing = await stacksOf(name);
    const run = async (stack: string, ...command: string[]) => {
        say(`${command[0]} of stack ${stack}`);
        const taken = command[0] === "destroy" ? args.filter((arg) => OF_DESTROY.test(arg)) : args;
        await runPulumi(stack, [...command, "--stack", stack, ...file, ...taken]);
    };
    const ensureExists = async (stack: string) => {
        if (!existing.includes(stack)) {
            await createStack(stack, name);
        }
    };

    await ensureExists(name);
    await run(name, verb);
    for (const project of projects) {
        const stack = projectStack(name, project.name);
        await ensureExists(stack);
        await run(stack, verb);
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
            await run(stack, "destroy", "--run-program");
            await pulumi(["stack", "rm", "--yes", "--preserve-config", stack], output);
        }
    }
}

/** Names of the stacks of an environment with a stack per Project that the state backend has. */
async function stacksOf(name: string): Promise<string[]> {
    const answer = JSON.parse(await pulumi(["stack", "ls", "--json"], "read")) as { name: string }[];
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
    await pulumi(["stack", "init", "--no-select", ...secrets, stack], "quiet").finally(() => {
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

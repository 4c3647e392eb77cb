/** `unity up` and `unity preview`: an environment by one command, whether it is one stack or a stack per Project. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { brokenTexts, deployStacks, failureOf } from "../deployStacks.ts";
import { asUnityError, errorLine, exitCode } from "../errors.ts";
import type { StackReport } from "../eventLog.ts";
import { type OutputOptions, outputOption } from "../options.ts";
import { previewComment } from "../previewComment.ts";
import { invalidStack, stackPath, tryEnvironment } from "../stackFiles.ts";
import type { Surface } from "../stackUpdate.ts";
import { checkBeforeUp } from "./ikp.ts";
import { planTexts } from "./plan.ts";

const HELP = `
Arguments after -- go to pulumi, such as -- --yes --diff. Unless they say otherwise, it gets --refresh, so that what was
changed by hand is put back, and an up --continue-on-error; with --yes also --skip-preview. Projects that fail are named
at the end, and keep no other from being deployed. After an up that was killed, the next one goes on from there.

An environment with stackPerProject has its base in the stack NAME and each Project in NAME.PROJECT: the base comes
first, then the Projects. A preview shows all stacks, also those that do not exist yet. The stack of a Project that is
no longer in config is kept and reported, unless allowDestroy lists the Project.

With -o json, what pulumi prints goes to standard error, and standard output has one JSON document: for each run of
pulumi the result, the changes, the resources that do not stay the same, the diagnostics, and the failures.

Exit codes: ${exitCode.ok} done, ${exitCode.failed} pulumi failed, ${exitCode.usage} wrong usage.`;

interface DeployOptions extends OutputOptions {
    readonly stack: string;
    readonly comment?: string;
    readonly base?: string;
}

/** The commands, to be added to the program. */
export function deployCommands(): Command[] {
    return [
        deployCommand("up", "Deploys an environment with Pulumi, all its stacks in order."),
        deployCommand("preview", "Shows what `unity up` would do.")
            .option("--comment <FILE>", "write the preview into a file too, as a comment of a pull request")
            .option("--base <FILE|COMMIT>", "what the plan in the comment is compared with, see unity plan"),
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
    { stack, output, comment, base }: DeployOptions,
    args: readonly string[],
): Promise<void> {
    const environment = await tryEnvironment(stackPath(stack));
    if (environment instanceof Error) {
        process.stderr.write(`${environment.message}\n`);
        if (comment !== undefined) {
            writeComment(comment, { stack, stacks: [], messages: [environment.message] });
        }
        throw invalidStack(stack);
    }
    const stacks: StackReport[] = [];
    const messages: string[] = [];
    const surface: Surface = {
        say: (line) => {
            messages.push(line);
            if (output === "text") {
                process.stdout.write(`\n${line}\n`);
            }
        },
        output: output === "json" ? "beside" : "show",
        report: (found) => void stacks.push(found),
    };
    const plan = comment === undefined ? undefined : await planTexts([stackPath(stack)], base);
    const run = async () => {
        if (verb === "up") {
            await checkBeforeUp(stack, environment);
        }
        const results = await deployStacks(verb, stack, environment, args, surface);
        return { broken: brokenTexts(results), failure: failureOf(verb, stack, environment, results) };
    };
    const { broken, failure } = await run().catch((failure: unknown) => ({ broken: [], failure }));
    // What was done before a failure has been done.
    if (output === "json") {
        process.stdout.write(`${JSON.stringify({ stacks, messages }, undefined, 2)}\n`);
    }
    process.stderr.write(broken.map((line) => `${line}\n`).join(""));
    if (comment !== undefined) {
        const said = messages.filter((line) => !/^\w+ of stack \S+$/.test(line));
        const errors = failure === undefined ? [] : [errorLine(asUnityError(failure))];
        writeComment(comment, {
            stack,
            stacks,
            messages: [...said, ...broken, ...errors],
            plan: plan?.join("\n"),
        });
    }
    if (failure !== undefined) {
        throw failure;
    }
}

function writeComment(path: string, content: Parameters<typeof previewComment>[0]): void {
    writeFileSync(path, `${previewComment(content)}\n`);
}

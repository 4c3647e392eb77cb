/** `unity up` and `unity preview`: an environment by one command, whether it is one stack or a stack per Project. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import type { Environment } from "../../config/schema/environment.ts";
import { deployStacks, type Surface, type Verb } from "../deployStacks.ts";
import { asUnityError, errorLine, exitCode } from "../errors.ts";
import { type StackReport, withEventLog } from "../eventLog.ts";
import { type OutputOptions, outputOption } from "../options.ts";
import { previewComment } from "../previewComment.ts";
import { pulumi } from "../pulumi.ts";
import { invalidStack, stackPath, tryEnvironment } from "../stackFiles.ts";
import { checkBeforeUp } from "./ikp.ts";
import { planTexts } from "./plan.ts";

const HELP = `
Arguments after -- go to pulumi, such as -- --yes --diff. An environment with stackPerProject has its base in the
stack NAME and each Project in NAME.PROJECT: the base comes first, then the Projects. The first failure ends an up; with
-- --continue-on-error the other Projects still have their turn. A preview shows all stacks, also those that do not
exist yet. The stack of a Project that is no longer in config is kept and reported, unless allowDestroy lists it.

With -o json, what pulumi prints goes to standard error, and standard output has one JSON document: for each stack the
result, the changes, the resources that do not stay the same, and the diagnostics.

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

function deployCommand(verb: Verb, description: string): Command {
    return new Command(verb)
        .description(description)
        .requiredOption("--stack <NAME>", "the environment")
        .argument("[ARGS...]", "arguments of pulumi, after --")
        .addOption(outputOption())
        .addHelpText("after", HELP)
        .action((args: string[], options: DeployOptions) => deploy(verb, options, args));
}

async function deploy(verb: Verb, options: DeployOptions, args: readonly string[]): Promise<void> {
    const { stack, output, comment, base } = options;
    const result = await tryEnvironment(stackPath(stack));
    if (result instanceof Error) {
        process.stderr.write(`${result.message}\n`);
        const failure = invalidStack(stack);
        if (comment !== undefined) {
            writeComment(comment, { stack, stacks: [], messages: [result.message] });
        }
        throw failure;
    }
    const stacks: StackReport[] = [];
    const messages: string[] = [];
    const where = output === "json" ? "beside" : "show";
    const isLogged = output === "json" || comment !== undefined;
    const surface: Surface = {
        say: (line) => {
            messages.push(line);
            if (output === "text") {
                process.stdout.write(`\n${line}\n`);
            }
        },
        output: where,
        run: (of, command, env = {}) =>
            isLogged
                ? withEventLog(
                      of,
                      command[0]!,
                      (log, logEnv) => pulumi([...command, ...log], where, { ...env, ...logEnv }),
                      (report) => stacks.push(report),
                  )
                : pulumi(command, where, env),
    };
    const plan = comment === undefined ? undefined : await planTexts([stackPath(stack)], base);
    const failure = await deployEnvironment(verb, stack, result, args, surface).then(
        () => undefined,
        (error: unknown) => ({ error }),
    );
    // What was done before a failure has been done.
    if (output === "json") {
        process.stdout.write(`${JSON.stringify({ stacks, messages }, undefined, 2)}\n`);
    }
    if (comment !== undefined) {
        const said = messages.filter((line) => !/^\w+ of stack \S+$/.test(line));
        const errors = failure ? [errorLine(asUnityError(failure.error))] : [];
        writeComment(comment, { stack, stacks, messages: [...said, ...errors], plan: plan?.join("\n") });
    }
    if (failure) {
        throw failure.error;
    }
}

async function deployEnvironment(
    verb: Verb,
    stack: string,
    environment: Environment,
    args: readonly string[],
    surface: Surface,
): Promise<void> {
    if (verb === "up") {
        await checkBeforeUp(stack, environment);
    }
    await deployStacks(verb, stack, environment, args, surface);
}

function writeComment(path: string, content: Parameters<typeof previewComment>[0]): void {
    writeFileSync(path, `${previewComment(content)}\n`);
}

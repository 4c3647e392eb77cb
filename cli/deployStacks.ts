/** All stacks of an environment in order: one, or the base and a stack per Project. */
import type { Environment } from "../config/schema/environment.ts";
import { projectStack } from "../config/scope.ts";
import { createStack, stacksOf, withTemporaryBackend } from "./environmentStacks.ts";
import { exitCode, UnityError } from "./errors.ts";
import { pulumi } from "./pulumi.ts";
import { stackPath } from "./stackFiles.ts";

/** Arguments of `pulumi up` that `pulumi destroy` takes too, as far as they matter to it. */
const OF_DESTROY =
    /^(--yes|-y|--skip-preview|-f|--non-interactive|--color=.*|--suppress-progress|--continue-on-error)$/;

export type Verb = "up" | "preview";
type Env = Readonly<Record<string, string>>;

/** Where it tells what it does, and how it runs pulumi. */
export interface Surface {
    readonly say: (line: string) => void;
    /** What happens to the standard output of pulumi. */
    readonly output: "show" | "beside";
    /** Runs a command that changes a stack or shows its changes. */
    readonly run: (stack: string, command: readonly string[], env?: Env) => Promise<unknown>;
}

/**
 * Deploys or previews an environment.
 * @param args further arguments of pulumi
 * @throws UnityError with the first failure, or at the end with all where the others have their turn in spite of it
 */
export async function deployStacks(
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
    const run = async (stack: string, command: readonly string[], env?: Env) => {
        say(`${command[0]} of stack ${stack}`);
        const taken = command[0] === "destroy" ? args.filter((arg) => OF_DESTROY.test(arg)) : args;
        await runPulumi(stack, [...command, "--stack", stack, ...file, ...taken], env);
    };
    const deploy = async (stack: string) => {
        if (!existing.includes(stack)) {
            if (verb === "preview") {
                // It changes nothing, and its account may have no permission to.
                await withTemporaryBackend(stack, (env) => run(stack, [verb], env));
                return;
            }
            await createStack(stack, name);
        }
        await run(stack, [verb]);
    };
    const goesOn = verb === "preview" || args.includes("--continue-on-error");
    const failures: UnityError[] = [];
    const attempt = (action: Promise<void>) =>
        action.catch((error: unknown) => {
            // Not after an interrupt, nor where something is wrong with the command itself.
            if (!goesOn || !(error instanceof UnityError) || error.code !== exitCode.failed) {
                throw error;
            }
            failures.push(error);
        });

    // Projects need what the base has, though not to be previewed.
    await (verb === "preview" ? attempt(deploy(name)) : deploy(name));
    const wanted = projects.map((project) => projectStack(name, project.name));
    for (const stack of wanted) {
        await attempt(deploy(stack));
    }
    const destroy = async (stack: string) => {
        // Its program runs, because the guard that has to agree is part of it.
        await run(stack, ["destroy", "--run-program"]);
        await pulumi(["stack", "rm", "--yes", "--preserve-config", stack], output);
    };
    for (const stack of existing.filter((other) => other !== name && !wanted.includes(other))) {
        const project = stack.slice(name.length + 1);
        if (!allowDestroy.includes(project)) {
            const hint = `to destroy it, add ${project} to allowDestroy and run unity up again`;
            say(`stack ${stack} is kept, though config has no Project ${project}; ${hint}`);
        } else if (verb === "preview") {
            say(`stack ${stack} would be destroyed and removed`);
        } else {
            await attempt(destroy(stack));
        }
    }
    if (failures.length === 1) {
        throw failures[0]!;
    }
    if (failures.length > 1) {
        const what = failures.map(({ message }) => message).join("; ");
        const hint = "Fix what pulumi reports, and run this again";
        throw new UnityError(what, hint, exitCode.failed);
    }
}

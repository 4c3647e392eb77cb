/** All stacks of an environment in order: one, or the base and a stack per Project. */

import { countOf } from "../common/format.ts";
import type { Environment } from "../config/schema/environment.ts";
import { projectStack } from "../config/scope.ts";
import { createStack, stacksOf, withTemporaryBackend } from "./environmentStacks.ts";
import { exitCode, UnityError } from "./errors.ts";
import { pulumi } from "./pulumi.ts";
import { stackPath } from "./stackFiles.ts";
import { runOnStack, type StackCommand, type StackResult, type Surface, type Verb } from "./stackUpdate.ts";

/** Arguments of `pulumi up` that `pulumi destroy` takes too, as far as they matter to it. */
const OF_DESTROY =
    /^(--yes|-y|--skip-preview|-f|--non-interactive|--color=.*|--suppress-progress|--continue-on-error)$/;

/**
 * Deploys or previews an environment. What fails keeps no other stack from its turn, but Projects need a base.
 * @param args further arguments of pulumi
 * @returns what came of each run
 * @throws UnityError after an interrupt, or where something is wrong with the command itself
 */
export async function deployStacks(
    verb: "up" | "preview",
    name: string,
    { stackPerProject, projects, allowDestroy }: Environment,
    args: readonly string[],
    surface: Surface,
): Promise<StackResult[]> {
    if (!stackPerProject) {
        const names = projects.map((project) => project.name);
        return [await runOnStack({ verb, stack: name, args, configFile: [], projects: names }, surface)];
    }
    const { say } = surface;
    const existing = await stacksOf(name);
    const run = (
        of: Verb,
        stack: string,
        inStack: string[],
        env?: StackCommand["env"],
        file = stackPath(name),
    ) => {
        say(`${of} of stack ${stack}`);
        const taken = of === "destroy" ? args.filter((arg) => OF_DESTROY.test(arg)) : args;
        const configFile = ["--config-file", file];
        const command = { verb: of, stack, args: taken, configFile, projects: inStack };
        return runOnStack({ ...command, ...(env && { env }) }, surface);
    };
    const deploy = async (stack: string, ...inStack: string[]) => {
        if (!existing.includes(stack)) {
            if (verb === "preview") {
                // It changes nothing, and its account may have no permission to.
                return withTemporaryBackend(stack, name, (env, file) => run(verb, stack, inStack, env, file));
            }
            await createStack(stack, name);
        }
        return run(verb, stack, inStack);
    };

    const base = await failureAsResult(deploy(name));
    if (verb === "up" && base.error && !existing.includes(name)) {
        // There are no nodes yet that a Project could run on.
        return [base];
    }
    const results = [base];
    for (const project of projects) {
        results.push(await failureAsResult(deploy(projectStack(name, project.name), project.name)));
    }
    const destroy = async (stack: string, project: string) => {
        // Its program runs, because the guard that has to agree is part of it.
        const result = await run("destroy", stack, [project]);
        if (result.broken.length === 0 && !result.error) {
            await pulumi(["stack", "rm", "--yes", "--preserve-config", stack], { output: "quiet" });
        }
        return result;
    };
    const wanted = projects.map((project) => projectStack(name, project.name));
    for (const stack of existing.filter((other) => other !== name && !wanted.includes(other))) {
        const project = stack.slice(name.length + 1);
        if (!allowDestroy.includes(project)) {
            const hint = `to destroy it, add ${project} to allowDestroy and run unity up again`;
            say(`stack ${stack} is kept, though config has no Project ${project}; ${hint}`);
        } else if (verb === "preview") {
            say(`stack ${stack} would be destroyed and removed`);
        } else {
            results.push(await failureAsResult(destroy(stack, project)));
        }
    }
    return results;
}

/** Not after an interrupt, nor where something is wrong with the command itself. */
function failureAsResult(action: Promise<StackResult>): Promise<StackResult> {
    return action.catch((error: unknown) => {
        if (error instanceof UnityError && error.code === exitCode.failed) {
            return { broken: [], error };
        }
        throw error;
    });
}

/** A line for each Project that failed: what an outcome begins with. */
export function brokenTexts(results: readonly StackResult[]): string[] {
    return results
        .flatMap((result) => result.broken)
        .map(({ project, reason }) => `unity: Project ${project} failed: ${reason}`);
}

/** What is wrong as a whole; undefined where nothing is. */
export function failureOf(
    verb: "up" | "preview",
    stack: string,
    { projects }: Environment,
    results: readonly StackResult[],
): UnityError | undefined {
    const [error, ...more] = results.flatMap((result) => result.error ?? []);
    if (error) {
        const what = [error, ...more].map(({ message }) => message).join("; ");
        const hint = "Fix what pulumi reports, and run this again";
        return more.length === 0 ? error : new UnityError(what, hint, exitCode.failed, error);
    }
    const broken = results.flatMap((result) => result.broken).length;
    if (broken === 0) {
        return undefined;
    }
    const others = verb === "up" && broken < projects.length ? "; the others are deployed" : "";
    return new UnityError(
        `${countOf(broken, "Project")} of ${stack} failed${others}`,
        "Fix what is above, and run this again",
        exitCode.failed,
    );
}

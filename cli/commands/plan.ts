/** `unity plan`: what a stack file takes of nodes and money, without Pulumi and without a cluster. */
import { basename, relative } from "node:path";
import { Command } from "commander";
import type { Plan } from "../../planning/plan.ts";
import { readBase } from "../baseFile.ts";
import { exitCode } from "../errors.ts";
import { addStackFileOptions, type OutputOptions, outputOption } from "../options.ts";
import { environmentOfText, readEnvironment, stackFiles } from "../stackFiles.ts";

interface PlanOptions extends OutputOptions {
    readonly stack?: string;
    readonly base?: string;
}

const HELP = `
The cost is an estimate from list prices. With --base the plan ends with what changes of nodes, Projects and cost:
both are worked out by this version. A base that is invalid for this version is reported and not compared.

Exit codes: ${exitCode.ok} planned, ${exitCode.failed} a file is invalid, ${exitCode.usage} no such file or base.`;

/** The command, to be added to the program. */
export function planCommand(): Command {
    return addStackFileOptions(new Command("plan"))
        .description("Shows the nodes that stack files need and what they cost.")
        .option(
            "--base <FILE|COMMIT>",
            "what to compare with: a stack file, or the same one at a commit of git",
        )
        .addOption(outputOption())
        .addHelpText("after", HELP)
        .action((file: string | undefined, options: PlanOptions) => plan(file, options));
}

async function plan(file: string | undefined, { stack, base, output }: PlanOptions): Promise<void> {
    const plans = await plansOf(stackFiles(file, stack), base);
    if (output === "json") {
        process.stdout.write(`${JSON.stringify({ plans: plans.map(({ data }) => data) }, undefined, 2)}\n`);
    } else {
        process.stdout.write(plans.map(({ text }) => text).join("\n"));
    }
}

/** The plans of stack files as `unity plan` prints them; the errors of a file that is invalid go to standard error. */
export async function planTexts(paths: readonly string[], base: string | undefined): Promise<string[]> {
    return (await plansOf(paths, base)).map(({ text }) => text);
}

async function plansOf(
    paths: readonly string[],
    base: string | undefined,
): Promise<{ readonly data: object; readonly text: string }[]> {
    const { planOf } = await import("../../planning/plan.ts");
    const { planText } = await import("../../planning/planText.ts");
    const { comparisonText } = await import("../../planning/comparison.ts");
    const plans = [];
    for (const path of paths) {
        const environment = await readEnvironment(path);
        if (!environment) {
            // The errors have been written in full; this only ends the program with its code.
            process.exitCode = exitCode.failed;
            continue;
        }
        const file = relative(process.cwd(), path);
        const planned = planOf(environment);
        const before = base === undefined ? "not compared" : await planOfBase(base, path);
        const isCompared = typeof before !== "string";
        const texts = [file, planText(planned)];
        if (isCompared) {
            texts.push(comparisonText(before, planned, base ?? ""));
        }
        plans.push({
            data: { file, ...planned, ...(isCompared && { base: before ?? null }) },
            text: `${texts.join("\n\n")}\n`,
        });
    }
    return plans;
}

/** The plan of the base; undefined where it has no such file. */
async function planOfBase(base: string, path: string): Promise<Plan | "not compared" | undefined> {
    const text = await readBase(base, path);
    if (text === undefined) {
        return undefined;
    }
    const result = await environmentOfText(
        text,
        `${basename(path)} of ${base}`,
        "So nothing is compared with it",
    );
    if (result instanceof Error) {
        process.stderr.write(`${result.message}\n`);
        return "not compared";
    }
    const { planOf } = await import("../../planning/plan.ts");
    return planOf(result);
}

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
    const { planOf } = await import("../../planning/plan.ts");
    const { planText } = await import("../../planning/planText.ts");
    const { comparisonText } = await import("../../planning/comparison.ts");
    const plans = [];
    const texts: string[] = [];
    for (const path of stackFiles(file, stack)) {
        const environment = await readEnvironment(path);
        if (!environment) {
            // The errors have been written in full; this only ends the program with its code.
            process.exitCode = exitCode.failed;
            continue;
        }
        const name = relative(process.cwd(), path);
        const planned = planOf(environment);
        const before = base === undefined ? "not asked" : await planOfBase(base, path);
        const isCompared = typeof before !== "string";
        plans.push({ file: name, ...planned, ...(isCompared && { base: before ?? null }) });
        const comparison = isCompared ? [comparisonText(before, planned, base ?? "")] : [];
        texts.push(`${[name, planText(planned), ...comparison].join("\n\n")}\n`);
    }
    process.stdout.write(
        output === "json" ? `${JSON.stringify({ plans }, undefined, 2)}\n` : texts.join("\n"),
    );
}

/** The plan of the base; undefined where it has no such file. */
async function planOfBase(base: string, path: string): Promise<Plan | undefined | "invalid"> {
    const text = await readBase(base, path);
    if (text === undefined) {
        return undefined;
    }
    const result = await environmentOfText(text, `${basename(path)} of ${base}`);
    if (result instanceof Error) {
        process.stderr.write(`${result.message}\n`);
        return "invalid";
    }
    const { planOf } = await import("../../planning/plan.ts");
    return planOf(result);
}

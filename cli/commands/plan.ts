/** `unity plan`: what a stack file takes of nodes and money, without Pulumi and without a cluster. */
import { relative } from "node:path";
import { Command } from "commander";
import { exitCode } from "../errors.ts";
import { addStackFileOptions, type OutputOptions, outputOption } from "../options.ts";
import { readEnvironment, stackFiles } from "../stackFiles.ts";

interface PlanOptions extends OutputOptions {
    readonly stack?: string;
}

/** The command, to be added to the program. */
export function planCommand(): Command {
    return addStackFileOptions(new Command("plan"))
        .description("Shows the nodes that stack files need and what they cost.")
        .addOption(outputOption())
        .addHelpText(
            "after",
            `\nThe cost is an estimate from list prices.\n\nExit codes: ${exitCode.ok} planned, ${exitCode.failed} a file is invalid, ${exitCode.usage} no such file.`,
        )
        .action((file: string | undefined, options: PlanOptions) => plan(file, options));
}

async function plan(file: string | undefined, { stack, output }: PlanOptions): Promise<void> {
    const { planOf } = await import("../../planning/plan.ts");
    const { planText } = await import("../../planning/planText.ts");
    const plans = [];
    for (const path of stackFiles(file, stack)) {
        const environment = await readEnvironment(path);
        if (environment) {
            plans.push({ file: relative(process.cwd(), path), ...planOf(environment) });
        } else {
            // The errors have been written in full; this only ends the program with its code.
            process.exitCode = exitCode.failed;
        }
    }
    if (output === "json") {
        process.stdout.write(`${JSON.stringify({ plans }, undefined, 2)}\n`);
    } else {
        process.stdout.write(
            plans.map(({ file: name, ...planned }) => `${name}\n\n${planText(planned)}\n`).join("\n"),
        );
    }
}

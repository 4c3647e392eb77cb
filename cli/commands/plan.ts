/** `unity plan`: what a stack file takes of nodes and money, without Pulumi and without a cluster. */
import { relative } from "node:path";
import { Command, Option } from "commander";
import type { Plan } from "../../planning/plan.ts";
import { exitCode, UnityError } from "../errors.ts";
import { stackFiles, stackNames } from "../stackFiles.ts";

interface PlanOptions {
    readonly stack?: string;
    readonly output: "text" | "json";
}

/** The command, to be added to the program. */
export function planCommand(): Command {
    return new Command("plan")
        .description("Shows the nodes that a stack file, or each of them, needs and what they will cost.")
        .argument("[FILE]", "a stack file")
        .option("--stack <NAME>", "the stack whose file in this checkout is meant")
        .addOption(
            new Option("-o, --output <FORMAT>", "json: one JSON document on stdout")
                .choices(["text", "json"])
                .default("text"),
        )
        .addHelpText(
            "after",
            `\nThe cost is an estimate from list prices.\n\nExit codes: ${exitCode.ok} planned, ${exitCode.failed} a file is at fault, ${exitCode.usage} no such file.`,
        )
        .action((file: string | undefined, options: PlanOptions) => plan(file, options));
}

async function plan(file: string | undefined, { stack, output }: PlanOptions): Promise<void> {
    const { planText } = await import("../../planning/plan.ts");
    const plans = [];
    for (const path of stackFiles(file, stack)) {
        const planned = await planFile(path);
        // What is wrong has been said in full; this only ends the program with its code.
        if (planned) {
            plans.push({ file: relative(process.cwd(), path), ...planned });
        } else {
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

/** The plan of a file, or undefined where it is at fault, which standard error then says. */
async function planFile(path: string): Promise<Plan | undefined> {
    // The schema takes a while to load, which sending a file need not wait for.
    const { readStackFile, UnreadableError } = await import("../../config/stackFile.ts");
    const { ConfigError } = await import("../../config/errors.ts");
    const { planOf } = await import("../../planning/plan.ts");
    try {
        return planOf(readStackFile(path));
    } catch (error) {
        if (error instanceof UnreadableError) {
            const next = `The stacks of this checkout are ${stackNames().join(", ")}`;
            throw new UnityError(error.message, next, exitCode.usage, error);
        }
        if (!(error instanceof ConfigError)) {
            throw error;
        }
        process.stderr.write(`${error.message}\n`);
        return undefined;
    }
}

/** `unity check`: what Pulumi would say of a stack file, without Pulumi and in a fraction of a second. */
import { relative } from "node:path";
import { Command } from "commander";
import type { Environment } from "../../config/schema/environment.ts";
import { exitCode } from "../errors.ts";
import { addStackFileOptions, type OutputOptions, outputOption } from "../options.ts";
import { stackFiles, tryEnvironment } from "../stackFiles.ts";

interface CheckOptions extends OutputOptions {
    readonly stack?: string;
}

/** The command, to be added to the program. */
export function checkCommand(): Command {
    return addStackFileOptions(new Command("check"))
        .description("Validates stack files and lists all their errors at once.")
        .addOption(outputOption())
        .addHelpText(
            "after",
            `\nExit codes: ${exitCode.ok} valid, ${exitCode.failed} invalid, ${exitCode.usage} no such file.`,
        )
        .action((file: string | undefined, options: CheckOptions) => check(file, options));
}

async function check(file: string | undefined, { stack, output }: CheckOptions): Promise<void> {
    const files = [];
    for (const path of stackFiles(file, stack)) {
        const name = relative(process.cwd(), path);
        const result = await tryEnvironment(path);
        const isValid = !(result instanceof Error);
        if (!isValid) {
            // The errors are written in full; this only ends the program with its code.
            process.exitCode = exitCode.failed;
        }
        if (output === "json") {
            files.push({
                file: name,
                valid: isValid,
                errors: isValid ? [] : result.issues,
                warnings: isValid ? result.warnings : [],
            });
        } else if (isValid) {
            const lines = [`${name} is valid: ${summary(result)}`, ...result.warnings.map(warningLine)];
            process.stdout.write(`${lines.join("\n")}\n`);
        } else {
            process.stderr.write(`${result.message}\n`);
        }
    }
    if (output === "json") {
        process.stdout.write(`${JSON.stringify({ files }, undefined, 2)}\n`);
    }
}

const warningLine = (warning: string) => `  warning: ${warning}`;

function summary({ projects }: Environment): string {
    const sized = projects.map(
        ({ name, kafka, zookeeper }) =>
            `${name} (${kafka.brokers} brokers, ${zookeeper.servers} ZooKeeper servers)`,
    );
    return sized.length > 0 ? sized.join(", ") : "no Projects";
}

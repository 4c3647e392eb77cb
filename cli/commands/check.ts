/** `unity check`: what Pulumi would say of a stack file, without Pulumi and in a fraction of a second. */
import { relative } from "node:path";
import { Command } from "commander";
import type { Environment } from "../../config/schema/environment.ts";
import { exitCode } from "../errors.ts";
import { addStackFileOptions } from "../options.ts";
import { readEnvironment, stackFiles } from "../stackFiles.ts";

/** The command, to be added to the program. */
export function checkCommand(): Command {
    return addStackFileOptions(new Command("check"))
        .description("Validates stack files and lists all their errors at once.")
        .addHelpText(
            "after",
            `\nExit codes: ${exitCode.ok} valid, ${exitCode.failed} invalid, ${exitCode.usage} no such file.`,
        )
        .action((file: string | undefined, { stack }: { stack?: string }) => check(file, stack));
}

async function check(file: string | undefined, stack: string | undefined): Promise<void> {
    for (const path of stackFiles(file, stack)) {
        const environment = await readEnvironment(path);
        if (environment) {
            process.stdout.write(`${relative(process.cwd(), path)} is valid: ${summary(environment)}\n`);
        } else {
            // The errors have been written in full; this only ends the program with its code.
            process.exitCode = exitCode.failed;
        }
    }
}

function summary({ projects }: Environment): string {
    const sized = projects.map(
        ({ name, kafka, zookeeper }) =>
            `${name} (${kafka.brokers} brokers, ${zookeeper.servers} ZooKeeper servers)`,
    );
    return sized.length > 0 ? sized.join(", ") : "no Projects";
}

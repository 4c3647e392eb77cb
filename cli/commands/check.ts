/** `unity check`: what Pulumi would say of a stack file, without Pulumi and in a fraction of a second. */
import { relative } from "node:path";
import { Command } from "commander";
import type { Environment } from "../../config/schema/environment.ts";
import { exitCode, UnityError } from "../errors.ts";
import { stackFiles, stackNames } from "../stackFiles.ts";

/** The command, to be added to the program. */
export function checkCommand(): Command {
    return new Command("check")
        .description("Checks a stack file, or all of them, and names every fault at once.")
        .argument("[FILE]", "a stack file")
        .option("--stack <NAME>", "the stack whose file in this checkout is checked")
        .addHelpText(
            "after",
            `\nExit codes: ${exitCode.ok} right, ${exitCode.failed} at fault, ${exitCode.usage} no such file.`,
        )
        .action((file: string | undefined, { stack }: { stack?: string }) => check(file, stack));
}

async function check(file: string | undefined, stack: string | undefined): Promise<void> {
    const right = await Promise.all(stackFiles(file, stack).map(isRight));
    // What is wrong has been said in full; this only ends the program with its code.
    if (right.includes(false)) {
        process.exitCode = exitCode.failed;
    }
}

async function isRight(path: string): Promise<boolean> {
    // The schema takes a while to load, which sending a file need not wait for.
    const { readStackFile, UnreadableError } = await import("../../config/stackFile.ts");
    const { ConfigError } = await import("../../config/errors.ts");
    try {
        process.stdout.write(`${relative(process.cwd(), path)} is right: ${summary(readStackFile(path))}\n`);
        return true;
    } catch (error) {
        if (error instanceof UnreadableError) {
            const next = `The stacks of this checkout are ${stackNames().join(", ")}`;
            throw new UnityError(error.message, next, exitCode.usage, error);
        }
        if (!(error instanceof ConfigError)) {
            throw error;
        }
        process.stderr.write(`${error.message}\n`);
        return false;
    }
}

function summary({ projects }: Environment): string {
    const sized = projects.map(
        ({ name, kafka, zookeeper }) =>
            `${name} (${kafka.brokers} brokers, ${zookeeper.servers} ZooKeeper servers)`,
    );
    return sized.length > 0 ? sized.join(", ") : "no Projects";
}

/** `unity add`: a Project more in a stack file, whose comments and layout stay. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { exitCode, UnityError } from "../errors.ts";
import { environmentOfText, readStack, stackPath } from "../stackFiles.ts";

interface AddOptions {
    readonly stack: string;
    readonly size?: string;
}

/** The command, to be added to the program. */
export function addCommand(): Command {
    return new Command("add")
        .description("Adds a Project to the file of a stack.")
        .argument("<NAME>", "name of the Project, and of its namespace after the environment's prefix")
        .requiredOption("--stack <STACK>", "the environment")
        .option("--size <SIZE>", "one of the environment's sizes (default: the environment's own)")
        .addHelpText(
            "after",
            `\nThe file is written only if it is valid with the Project; comments and layout stay.\n\nExit codes: ${exitCode.ok} added, ${exitCode.failed} the file is or would become invalid, ${exitCode.usage} no such stack, or a Project of that name.`,
        )
        .action(add);
}

async function add(name: string, { stack, size }: AddOptions): Promise<void> {
    // Errors that it has already are not those of the Project.
    await readStack(stack);
    const { projectNames, withProject } = await import("../addProject.ts");
    const path = stackPath(stack);
    const file = basename(path);
    const text = readFileSync(path, "utf8");
    if (projectNames(text).includes(name)) {
        throw new UnityError(`${file} has a Project ${name} already`, "Choose another name", exitCode.usage);
    }
    const changed = withProject(text, { name, size });
    const result = await environmentOfText(
        changed,
        `${file} with the Project ${name}`,
        `${file} was left as it is`,
    );
    if (result instanceof Error) {
        process.stderr.write(`${result.message}\n`);
        throw new UnityError(`${name} was not added`, "Fix the errors above", exitCode.failed);
    }
    writeFileSync(path, changed);
    const { kafka, zookeeper, namespace } = result.projects.at(-1)!;
    process.stdout.write(
        `${file} has the Project ${name} (namespace ${namespace}, ${kafka.brokers} brokers, ${zookeeper.servers} ZooKeeper servers)\nNext: unity plan --stack ${stack} --base HEAD, then commit it and open a pull request\n`,
    );
}

import { Command, InvalidArgumentError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { addCommand } from "./commands/add.ts";
import { checkCommand } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { connectCommand } from "./commands/connect.ts";
import { deployCommands } from "./commands/deploy.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { helpCommand } from "./commands/help.ts";
import { ikpCommand } from "./commands/ikp.ts";
import { imageCommand } from "./commands/image.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { planCommand } from "./commands/plan.ts";
import type { SendOptions } from "./commands/send.ts";
import { sizeCommand } from "./commands/size.ts";
import { statusCommand } from "./commands/status.ts";
import { exitCode } from "./errors.ts";
import { addProjectOptions, outputOption } from "./options.ts";

const HELP = `
FILENAME is sent line by line through a temporary topic of the Project's Kafka, read back and compared. If a file has
the name of a command, write ./NAME; - is standard input, as in: journalctl -f | unity -
A pipe to which nothing is written for --timeout seconds ends it.

Exit codes:
  ${exitCode.ok}   every record arrived once and unchanged
  ${exitCode.failed}   failed: the cluster or Kafka does not answer, or there was no progress for --timeout seconds
  ${exitCode.usage}   wrong usage: options, a file that is missing or empty, a namespace that is no Project
  ${exitCode.unhealthy}  records are missing, duplicated, changed or out of order
  ${exitCode.interrupted}, ${exitCode.terminated}  stopped by Ctrl-C (SIGINT), by SIGTERM; the temporary topic is deleted

Progress is shown on a terminal only, and not where CI is set. NO_COLOR is obeyed: there are no colours.`;

/**
 * The command line. Sending a file is its default; all else are commands.
 * @param interrupted aborts when the user wants to stop
 */
export function buildProgram(interrupted: AbortSignal): Command {
    const program = addProjectOptions(
        new Command("unity"),
        "namespace of the Project (default: the only one there is)",
    )
        .description("Sends a file through the Kafka of a Project and proves that all of it arrived.")
        .version(packageJson.version)
        .usage("[--local] [--namespace NAME] FILENAME")
        .argument("<FILENAME>", "the file to send; - for standard input")
        .addOption(outputOption("json: one JSON document on stdout, all else on stderr"))
        .option("--timeout <SECONDS>", "give up after this long without progress", parseSeconds, 120)
        .option("--debug", "show the Kafka client's log, and stack traces of errors")
        .helpCommand(false)
        .enablePositionalOptions()
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .action(async (fileName: string, options: SendOptions) => {
            // The Kubernetes client takes half a second to load, which help and usage errors need not wait for.
            const { send } = await import("./commands/send.ts");
            await send(fileName, options, interrupted);
        });
    program.addCommand(addCommand());
    program.addCommand(checkCommand());
    for (const command of deployCommands()) {
        program.addCommand(command);
    }
    program.addCommand(imageCommand());
    program.addCommand(doctorCommand());
    program.addCommand(ikpCommand());
    program.addCommand(connectCommand());
    program.addCommand(sizeCommand());
    program.addCommand(planCommand());
    program.addCommand(statusCommand(interrupted));
    program.addCommand(metricsCommand(interrupted));
    program.addCommand(completionCommand(program));
    program.addCommand(helpCommand(program));
    return program;
}

function parseSeconds(text: string): number {
    const seconds = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > 86_400) {
        throw new InvalidArgumentError("It must be a number of seconds, above 0 and up to a day.");
    }
    return seconds;
}

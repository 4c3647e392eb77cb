import { Command, InvalidArgumentError, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { checkCommand } from "./commands/check.ts";
import { connectCommand } from "./commands/connect.ts";
import { deployCommands } from "./commands/deploy.ts";
import { ikpCommand } from "./commands/ikp.ts";
import { planCommand } from "./commands/plan.ts";
import type { SendOptions } from "./commands/send.ts";
import { sizeCommand } from "./commands/size.ts";
import { statusCommand } from "./commands/status.ts";
import { exitCode } from "./errors.ts";

const HELP = `
FILENAME is sent line by line through a temporary topic of the Project's Kafka, read back and compared. Without
--namespace the only Project there is gets it. A file with the name of a command is given as ./NAME.

Exit codes:
  ${exitCode.ok}   every record arrived once and unchanged
  ${exitCode.failed}   not done: the cluster or Kafka does not answer, or nothing moved for --timeout seconds
  ${exitCode.usage}   wrong usage: options, a file that is missing or empty, a namespace that is no Project
  ${exitCode.unhealthy}  done, and records are missing, duplicated or changed
  ${exitCode.interrupted}, ${exitCode.terminated}  stopped by Ctrl-C (SIGINT), by SIGTERM; nothing is left behind

Progress is shown on a terminal only, and not where CI is set. NO_COLOR is obeyed: there are no colours.`;

/**
 * The command line. Commands besides sending a file are added here: `program.addCommand(...)`.
 * @param interrupted aborts when the user wants to stop
 */
export function buildProgram(interrupted: AbortSignal): Command {
    const program = new Command("unity")
        .description("Sends a file through the Kafka of a Project and proves that all of it arrived.")
        .version(packageJson.version)
        .usage("[--local] [--namespace NAME] FILENAME")
        .argument("<FILENAME>", "the file to send")
        .option("--local", "use the embedded platform instead of the current kube context")
        .option("--namespace <NAME>", "namespace of the Project")
        .option("--context <NAME>", "kube context to use (default: the current one)")
        .addOption(
            new Option("-o, --output <FORMAT>", "json: one JSON document on stdout, all else on stderr")
                .choices(["text", "json"])
                .default("text"),
        )
        .option("--timeout <SECONDS>", "give up when nothing has moved for this long", parseSeconds, 120)
        .option("--debug", "show the Kafka client's log and, on errors, where they come from")
        .helpCommand(false)
        .enablePositionalOptions()
        .allowExcessArguments(false)
        .addHelpText("after", HELP)
        .action(async (fileName: string, options: SendOptions) => {
            // The Kubernetes client takes half a second to load, which help and usage errors need not wait for.
            const { send } = await import("./commands/send.ts");
            await send(fileName, options, interrupted);
        });
    program.addCommand(checkCommand());
    for (const command of deployCommands()) {
        program.addCommand(command);
    }
    program.addCommand(ikpCommand());
    program.addCommand(connectCommand());
    program.addCommand(sizeCommand());
    program.addCommand(planCommand());
    program.addCommand(statusCommand(interrupted));
    return program;
}

function parseSeconds(text: string): number {
    const seconds = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > 86_400) {
        throw new InvalidArgumentError("It is a number of seconds, above 0 and up to a day.");
    }
    return seconds;
}

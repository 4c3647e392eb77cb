/** `unity help`: the same as --help. */
import { Argument, Command } from "commander";

/**
 * The command, to be added to the program after all others.
 * @param program what help is about
 */
export function helpCommand(program: Command): Command {
    const names = program.commands.map((command) => command.name());
    return new Command("help")
        .description("Shows the help of unity or of one of its commands.")
        .addArgument(new Argument("[COMMAND]", "the command").choices(names))
        .action((name: string | undefined) =>
            (program.commands.find((command) => command.name() === name) ?? program).outputHelp(),
        );
}

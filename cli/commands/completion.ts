/** `unity completion`: a script with which a shell completes `unity`. */
import { Argument, Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../completion.ts";

/**
 * The command, to be added to the program.
 * @param program what is completed, with the commands that it has when the script is printed
 */
export function completionCommand(program: Command): Command {
    return new Command("completion")
        .description("Prints a completion script for a shell, such as: source <(unity completion bash)")
        .addArgument(new Argument("<SHELL>", "the shell").choices(SHELLS))
        .action((shell: Shell) => void process.stdout.write(completionScript(program, shell)));
}

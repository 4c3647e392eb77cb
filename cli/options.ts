/** Options that several commands have, worded once. */
import { type Command, Option } from "commander";

/** Which cluster, and which Project in it. */
export interface ProjectOptions {
    /** The embedded platform instead of a kube context. */
    readonly local?: boolean;
    readonly namespace?: string;
    readonly context?: string;
}

export interface OutputOptions {
    /** `json`: stdout has nothing but one JSON document. */
    readonly output: "text" | "json";
}

/** @param namespaceHelp what `--namespace` means to the command */
export function addProjectOptions(command: Command, namespaceHelp: string): Command {
    return command
        .option("--local", "use the embedded platform instead of the current kube context")
        .option("--namespace <NAME>", namespaceHelp)
        .option("--context <NAME>", "kube context to use (default: the current one)");
}

export function outputOption(help = "json: one JSON document on stdout"): Option {
    return new Option("-o, --output <FORMAT>", help).choices(["text", "json"]).default("text");
}

/** Adds `[FILE]` and `--stack`, which name the stack files that a command is about: see `stackFiles`. */
export function addStackFileOptions(command: Command): Command {
    return command
        .argument("[FILE]", "a stack file (default: all of this checkout)")
        .option("--stack <NAME>", "the stack whose file in this checkout is meant");
}

import { CommanderError } from "commander";
import { asUnityError, errorLine, exitCode, UnityError } from "./errors.ts";
import { abortOnSignals } from "./interrupt.ts";
import { buildProgram } from "./program.ts";
import { refuseUnknownCommand } from "./unknownCommand.ts";

const debug = process.argv.includes("--debug");

/** Runs the command line and returns the exit code. Errors are one line on standard error. */
async function main(): Promise<number> {
    const program = buildProgram(abortOnSignals());
    for (const command of [program, ...program.commands]) {
        command.exitOverride().configureOutput({ outputError: () => undefined });
    }
    try {
        const commands = program.commands.map((command) => command.name());
        // Before the options of a command that is not known are taken for wrong ones of the program.
        refuseUnknownCommand(process.argv[2], commands);
        await program.parseAsync();
        return Number(process.exitCode ?? exitCode.ok);
    } catch (error) {
        if (error instanceof CommanderError && error.exitCode === 0) {
            return exitCode.ok;
        }
        const failure = error instanceof CommanderError ? wrongUsage(error) : asUnityError(error);
        process.stderr.write(`${errorLine(failure)}\n`);
        if (debug) {
            process.stderr.write(`${stackOf(failure.cause ?? failure)}\n`);
        }
        return failure.code;
    }
}

function wrongUsage(error: CommanderError): UnityError {
    const message = error.message.replace(/^error: /, "");
    const what = message.charAt(0).toUpperCase() + message.slice(1);
    return new UnityError(what, "See unity --help", exitCode.usage, error);
}

function stackOf(error: unknown): string {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// A promise that nobody waits for is one of kafkajs' (its consumer's restart after a crash, for one): all of ours are
// awaited. What matters of it is noticed by the reader and the watchdog.
process.on("unhandledRejection", (reason) => {
    if (debug) {
        process.stderr.write(`unhandled: ${stackOf(reason)}\n`);
    }
});
// The reader of our output may stop ("unity ... | head"); the transfer goes on and cleans up.
for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => undefined);
}

// Not only exitCode: timers of kafkajs and of connections to a node that is gone would keep the process for minutes.
process.exit(await main());

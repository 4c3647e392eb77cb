import { appendFileSync, mkdirSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import { execa, type Options } from "execa";

/** A command that failed; `message` is one line, `output` what the command printed. */
export class CommandError extends Error {
    readonly output: string;
    readonly exitCode: number;
    /** File the output was written to, if any. */
    readonly log: string | undefined;

    constructor(command: readonly string[], exitCode: number, output: string, log?: string) {
        super(`${command.slice(0, 3).join(" ")} failed with exit code ${exitCode}`);
        this.name = "CommandError";
        this.exitCode = exitCode;
        this.output = output;
        this.log = log;
    }
}

export interface RunOptions {
    /** Working directory; default: the caller's. */
    readonly cwd?: string;
    /** The whole environment; default: the caller's. */
    readonly env?: NodeJS.ProcessEnv;
    /** File that the command line and both outputs are appended to. */
    readonly log?: string;
    /** Told every whole line of both outputs as it comes, without its end; blank lines are left out. */
    readonly onLine?: (line: string) => void;
}

type Command = readonly [string, ...string[]];

/** The commands that run now: a signal to this program waits for their end, or is passed to them. */
export const running = new Set<{ kill(signal: NodeJS.Signals): boolean }>();

/**
 * Runs a command to its end and returns its standard output.
 *
 * @throws CommandError when it cannot be started (exit code 127) or ends with anything but 0.
 */
export async function run(command: Command, options: RunOptions = {}): Promise<string> {
    const { cwd, env, log, onLine } = options;
    if (log !== undefined) {
        mkdirSync(dirname(log), { recursive: true });
        appendFileSync(log, `$ ${command.join(" ")}\n`);
    }
    const output = [
        "pipe" as const,
        ...(onLine === undefined ? [] : [{ transform: reportTo(onLine), preserveNewlines: true }]),
        ...(log === undefined ? [] : [{ file: log, append: true }]),
    ];
    const result = await start(command, {
        ...(cwd === undefined ? {} : { cwd }),
        ...(env === undefined ? {} : { env, extendEnv: false }),
        stdin: "ignore",
        stdout: output,
        stderr: output,
        all: true,
        stripFinalNewline: false,
    });
    if (result.failed) {
        const text = wasStarted(result) ? result.all : result.originalMessage;
        throw new CommandError(command, exitCodeOf(result), String(text ?? ""), log);
    }
    return String(result.stdout);
}

/** Whether a command succeeds; its output is discarded. */
export async function succeeds(command: Command): Promise<boolean> {
    return run(command).then(
        () => true,
        () => false,
    );
}

/**
 * Runs a command on the caller's own terminal and returns its exit code, which is 128 and more when a signal
 * ended it.
 *
 * @throws CommandError when it cannot be started (exit code 127).
 */
export async function passThrough(command: Command, env: NodeJS.ProcessEnv = process.env): Promise<number> {
    const result = await start(command, { stdio: "inherit", env, extendEnv: false });
    if (!wasStarted(result)) {
        throw new CommandError(command, exitCodeOf(result), result.originalMessage ?? "");
    }
    return exitCodeOf(result);
}

/** Runs a command to its end, whatever the end. */
async function start([file, ...args]: Command, options: Options) {
    const command = execa(file, args, {
        ...options,
        reject: false,
        // A command is neither killed with this program nor for taking long to stop: Pulumi first saves its state.
        cleanup: false,
        forceKillAfterDelay: false,
    });
    running.add(command);
    try {
        return await command;
    } finally {
        running.delete(command);
    }
}

/** Passes every line that is not blank on to `onLine`, and leaves the output as it is. */
function reportTo(onLine: (line: string) => void) {
    return function* (line: unknown) {
        const text = String(line).trimEnd();
        if (text.trim() !== "") {
            onLine(text);
        }
        yield line;
    };
}

type Ended = Awaited<ReturnType<typeof start>>;

const wasStarted = ({ exitCode, signal }: Ended) => exitCode !== undefined || signal !== undefined;

/** As a shell has it: 128 and the number of the signal that ended the command, 127 when it could not be started. */
function exitCodeOf({ exitCode, signal }: Ended): number {
    return exitCode ?? (signal === undefined ? 127 : 128 + constants.signals[signal]);
}

import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";

/** A command that failed; `message` is one line, `output` what the command said. */
export class CommandError extends Error {
    readonly output: string;
    readonly exitCode: number;
    /** File the output went to, if any. */
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
    /** File that gets the command line and both outputs appended. */
    readonly log?: string;
    /** Told every line of output as it comes. */
    readonly onLine?: (line: string) => void;
}

type Command = readonly [string, ...string[]];

/** Commands under way; whoever is about to exit may want to wait for them, or tell them. */
export const running = new Set<ChildProcess>();

/**
 * Runs a command to its end and returns its standard output.
 *
 * @throws CommandError when it cannot be started (exit code 127) or ends with anything but 0.
 */
export async function run(command: Command, options: RunOptions = {}): Promise<string> {
    const [file, ...args] = command;
    const log = options.log === undefined ? undefined : openLog(options.log);
    log?.write(`$ ${command.join(" ")}\n`);
    try {
        return await new Promise<string>((resolve, reject) => {
            const child = spawn(file, args, {
                stdio: ["ignore", "pipe", "pipe"],
                ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
                ...(options.env === undefined ? {} : { env: options.env }),
            });
            running.add(child);
            const stdout: Buffer[] = [];
            const all: Buffer[] = [];
            const take = (chunk: Buffer) => {
                all.push(chunk);
                log?.write(chunk);
                for (const line of chunk.toString("utf8").split("\n")) {
                    if (line.trim() !== "") {
                        options.onLine?.(line.trimEnd());
                    }
                }
            };
            child.stdout.on("data", (chunk: Buffer) => {
                stdout.push(chunk);
                take(chunk);
            });
            child.stderr.on("data", take);
            child.on("error", (error) => {
                running.delete(child);
                reject(new CommandError(command, 127, error.message, options.log));
            });
            child.on("close", (code, signal) => {
                running.delete(child);
                const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
                if (exitCode === 0) {
                    resolve(Buffer.concat(stdout).toString("utf8"));
                } else {
                    reject(
                        new CommandError(command, exitCode, Buffer.concat(all).toString("utf8"), options.log),
                    );
                }
            });
        });
    } finally {
        log?.end();
    }
}

/** Whether a command succeeds; its output is of no interest. */
export async function succeeds(command: Command): Promise<boolean> {
    return run(command).then(
        () => true,
        () => false,
    );
}

/**
 * Runs a command on the caller's own terminal and returns its exit code, which is 128 and more when a signal
 * ended it.
 */
export async function passThrough(command: Command, env: NodeJS.ProcessEnv = process.env): Promise<number> {
    const [file, ...args] = command;
    return new Promise((resolve, reject) => {
        const child = spawn(file, args, { stdio: "inherit", env });
        running.add(child);
        child.on("error", (error) => reject(new CommandError(command, 127, error.message)));
        child.on("close", (code, signal) => {
            running.delete(child);
            resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
        });
    });
}

function openLog(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    return createWriteStream(path, { flags: "a" });
}

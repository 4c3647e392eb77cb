import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { Listr, PRESET_TIMER } from "listr2";
import { logDir } from "../common/paths.ts";
import { CommandError } from "./exec.ts";
import { DaemonError } from "./platform/process.ts";

/** A part of a command that has a line, and a time, of its own. */
export interface Step {
    readonly title: string;
    /** @param report shows what is being done now, in a few words */
    readonly run: (report: (text: string) => void) => Promise<void>;
}

/** A step that failed: its title, the reason, and the log's path and last lines. */
class StepError extends Error {
    override readonly name = "StepError";
}

/** How many lines of a log are shown with an error. */
const LAST_LINES = 15;

/** Whether the output is watched on a terminal: then its lines may change. */
export const isTerminal = () => process.stdout.isTTY === true && !process.env.CI;

/**
 * Runs one step after the other, and shows how long each took. On a terminal the lines change in place; elsewhere,
 * and in CI, a line is printed at the start and at the end of each step, and for all that it reports.
 *
 * @throws StepError for the first step that fails.
 */
export async function runSteps(steps: readonly Step[]): Promise<void> {
    let failure: StepError | undefined;
    const list = new Listr(
        steps.map((step) => ({
            title: step.title,
            task: async (_context: unknown, task: { output: string }) => {
                const report = (text: string) => {
                    task.output = text;
                };
                await step.run(report).catch((error: unknown) => {
                    failure = new StepError(`${step.title}: ${describe(error)}`);
                    throw new Error("see below");
                });
            },
        })),
        {
            renderer: "default",
            rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false },
            fallbackRenderer: "simple",
            fallbackRendererCondition: () => !isTerminal(),
            fallbackRendererOptions: { timer: PRESET_TIMER },
            // A signal must not end this program before the command that a step runs.
            registerSignalListeners: false,
        },
    );
    await list.run().catch((error: unknown) => {
        throw failure ?? error;
    });
}

/** The message of an error, and the last lines of its log or output. */
function describe(error: unknown): string {
    if (error instanceof DaemonError) {
        return withLog(error.message, error.log);
    }
    if (error instanceof CommandError) {
        if (error.log !== undefined) {
            return withLog(error.message, error.log);
        }
        return [error.message, ...lastLines(error.output)].join("\n");
    }
    return error instanceof Error ? error.message : String(error);
}

function withLog(message: string, log: string): string {
    const lines = existsSync(log) ? lastLines(readFileSync(log, "utf8")) : [];
    return [`${message}; see ${relative(process.cwd(), log) || log}`, ...lines].join("\n");
}

const lastLines = (text: string) =>
    text
        .trimEnd()
        .split("\n")
        .slice(-LAST_LINES)
        .map((line) => `    ${line}`);

/** Path of a step's log. The log of an earlier run is deleted. */
export function freshLog(name: string): string {
    const path = join(logDir, `${name}.log`);
    rmSync(path, { force: true });
    return path;
}

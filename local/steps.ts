import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { Listr, PRESET_TIMER } from "listr2";
import { logDir } from "../common/paths.ts";
import { CommandError } from "./exec.ts";
import { DaemonError } from "./platform/process.ts";

/** One line of what is being done. */
export interface Step {
    readonly title: string;
    /** @param report shows what is being done just now, to whoever watches. */
    readonly run: (report: (text: string) => void) => Promise<void>;
}

/** A step that failed: all that is to be said about it. */
export class StepError extends Error {
    override readonly name = "StepError";
}

/** How many lines of a log are shown with an error. */
const LAST_LINES = 15;

/** Whether somebody watches: then lines may change, and colours help. */
export const isTerminal = () => process.stdout.isTTY === true && !process.env.CI;

/**
 * Does one step after the other, with the time each took. On a terminal the lines change as things go on;
 * elsewhere, and in CI, each is printed once.
 *
 * @throws StepError with one line, the log's path and its last lines.
 */
export async function runSteps(steps: readonly Step[]): Promise<void> {
    if (!isTerminal()) {
        return runPlainly(steps);
    }
    const list = new Listr(
        steps.map((step) => ({
            title: step.title,
            task: (_context: unknown, task: { output: string }) =>
                carryOut(step, (text) => {
                    task.output = text;
                }),
        })),
        // The error is told when all lines are final.
        { renderer: "default", rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false } },
    );
    await list.run();
}

async function runPlainly(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
        const start = performance.now();
        console.log(`${step.title} ...`);
        await carryOut(step, () => {});
        console.log(`${step.title}: done in ${((performance.now() - start) / 1_000).toFixed(1)} s`);
    }
}

async function carryOut(step: Step, report: (text: string) => void): Promise<void> {
    await step.run(report).catch((error: unknown) => {
        throw new StepError(`${step.title}: ${describe(error)}`);
    });
}

/** What to tell about an error: a line, and where there is more. */
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

/** Path of a step's log, without what an earlier run wrote there. */
export function freshLog(name: string): string {
    const path = join(logDir, `${name}.log`);
    rmSync(path, { force: true });
    return path;
}

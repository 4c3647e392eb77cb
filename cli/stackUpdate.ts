/** `pulumi up` or `pulumi preview` of one stack, whatever a run that was killed has left. */

import { countOf } from "../common/format.ts";
import { PROGRAM } from "../config/setting.ts";
import { exitCode, UnityError } from "./errors.ts";
import { type Outcome, type StackReport, withEventLog } from "./eventLog.ts";
import { PROJECT_TYPE, projectsIn } from "./failures.ts";
import {
    pendingTexts,
    resourcesOf,
    rootOf,
    type StackState,
    unknownInGoogle,
    withoutPending,
} from "./pendingOperations.ts";
import { pulumi } from "./pulumi.ts";
import { holderText, isStale, StackLockedError, thisMachine } from "./stackLock.ts";

export type Verb = "up" | "preview" | "destroy";

/** Where it tells what it does. */
export interface Surface {
    readonly say: (line: string) => void;
    /** What happens to the standard output of pulumi. */
    readonly output: "show" | "beside";
    readonly report: (found: StackReport) => void;
}

export interface StackCommand {
    readonly verb: Verb;
    readonly stack: string;
    /** Arguments of pulumi that the user gave. */
    readonly args: readonly string[];
    /** `--config-file FILE`, where the stack's settings are in another stack's file. */
    readonly configFile: readonly string[];
    /** Names of the Projects that config has in the stack. */
    readonly projects: readonly string[];
    /** Variables for pulumi besides those of this process, such as those of another backend. */
    readonly env?: Readonly<Record<string, string>>;
}

/** A Project that could not be brought to what config says. */
export interface BrokenProject {
    readonly project: string;
    readonly reason: string;
}

/** What is wrong after a command; nothing where it succeeded. */
export interface StackResult {
    readonly broken: readonly BrokenProject[];
    /** Why more than those Projects is not as config says. */
    readonly error?: UnityError;
}

/** Arguments by which the user chooses resources: no others are touched after a failure. */
const CHOOSING = /^(--target|-t|--exclude|--replace|--target-replace)(=|$)/;

/**
 * Runs the command. An `up` first makes the stack usable again after a run that was killed, then refreshes,
 * so that whatever was changed by hand is put back. Where Projects fail it runs again without them: pulumi deletes
 * nothing in a run that fails, and one that cannot read a resource does not even begin.
 */
export async function runOnStack(command: StackCommand, surface: Surface): Promise<StackResult> {
    const { verb, stack, args, env } = command;
    const before = await exportState(stack, env);
    // Also those that have left config, and are to be deleted.
    const projects = new Set([...command.projects, ...projectsIn(resourcesOf(before))]);
    const pending = pendingTexts(before);
    if (pending.length > 0) {
        await (verb === "up"
            ? continueKilled(command, pending, surface)
            : warnOfPending(stack, pending, surface));
    }
    const flags = [...flagsOf(verb, args), ...(verb === "up" && pending.length > 0 ? ["--refresh"] : [])];
    const broken = new Map<string, string>();
    for (;;) {
        const without = [...broken.keys()].flatMap((project) => excludesOf(stack, project));
        const outcome = await attempt(command, [...flags, ...without], before, surface);
        if (!outcome.error) {
            return { broken: listOf(broken, projects) };
        }
        const found = outcome.report.failures.filter(({ project }) => project && !broken.has(project));
        for (const { project, reason } of found) {
            // The first reason is the cause of the others.
            if (!broken.has(project!)) {
                broken.set(project!, reason);
            }
        }
        if (outcome.onlyPreviewed && verb === "up" && found.length > 0) {
            return { broken: listOf(broken, projects), error: onlyPreviewed(stack, outcome.error) };
        }
        const shared = outcome.report.failures.some(({ project }) => !project);
        if (broken.size >= projects.size && broken.size > 0 && !shared) {
            return { broken: listOf(broken, projects) };
        }
        if (verb !== "up" || found.length === 0 || broken.size >= projects.size || args.some(isChoice)) {
            return { broken: listOf(broken, projects), error: outcome.error };
        }
        surface.say(`up of stack ${stack} again, without ${[...broken.keys()].join(", ")}`);
    }
}

const isChoice = (arg: string) => CHOOSING.test(arg);

/** The broken Projects, and after them those that {@link excludesOf} leaves out with one of them. */
function listOf(broken: ReadonlyMap<string, string>, projects: ReadonlySet<string>): BrokenProject[] {
    const leftOut = [...projects].flatMap((project) => {
        const cause = [...broken.keys()].find((name) => project.startsWith(`${name}-`));
        return cause === undefined || broken.has(project)
            ? []
            : [
                  {
                      project,
                      reason: `it was left out with Project ${cause}, as pulumi tells their resources apart by name alone; correct ${cause}`,
                  },
              ];
    });
    return [...[...broken].map(([project, reason]) => ({ project, reason })), ...leftOut];
}

/**
 * What pulumi is given unless the user says otherwise. The program runs for the refresh too: it writes the kubeconfig.
 * Who agrees beforehand does not look at a preview, where one broken Project would keep the others from changing.
 */
function flagsOf(verb: Verb, args: readonly string[]): string[] {
    const has = (...flags: string[]) =>
        args.some((arg) => flags.some((flag) => arg === flag || arg.startsWith(`${flag}=`)));
    if (verb === "destroy") {
        return has("--run-program") ? [] : ["--run-program"];
    }
    const refresh = has("--refresh", "-r") ? [] : ["--refresh"];
    const program = has("--run-program") ? [] : ["--run-program"];
    if (verb === "preview") {
        return [...refresh, ...program];
    }
    return [
        ...refresh,
        ...program,
        ...(has("--continue-on-error") ? [] : ["--continue-on-error"]),
        ...(has("--yes", "-y") && !has("--skip-preview", "-f") ? ["--skip-preview"] : []),
    ];
}

function onlyPreviewed(stack: string, cause: UnityError): UnityError {
    return new UnityError(
        `The preview of stack ${stack} failed, so nothing was changed`,
        "Fix what is above, and run this again; with -- --yes the other Projects are deployed all the same",
        exitCode.failed,
        cause,
    );
}

/** All resources of a Project: their names begin with its own. Pulumi has no pattern by which those of a-b are not a's. */
function excludesOf(stack: string, project: string): string[] {
    const component = `urn:pulumi:${stack}::${PROGRAM}::${PROJECT_TYPE}`;
    return [`${component}::${project}`, `${component}$**::${project}-**`].flatMap((urn) => [
        "--exclude",
        urn,
    ]);
}

async function attempt(
    { verb, stack, args, configFile, env = {} }: StackCommand,
    flags: readonly string[],
    before: StackState,
    { say, output, report }: Surface,
): Promise<Outcome> {
    const outcome = await withEventLog(stack, verb, resourcesOf(before), (log) =>
        unlocked(stack, say, () =>
            pulumi([verb, "--stack", stack, ...configFile, ...args, ...flags, ...log], { output, env }),
        ),
    );
    report(outcome.report);
    // Stopped by a signal: nothing is to be begun after it.
    if (outcome.error && outcome.error.code !== exitCode.failed) {
        throw outcome.error;
    }
    return outcome;
}

async function exportState(stack: string, env: StackCommand["env"] = {}): Promise<StackState> {
    const state = await pulumi(["stack", "export", "--stack", stack], { output: "read", env });
    return JSON.parse(state) as StackState;
}

function warnOfPending(stack: string, pending: readonly string[], { say }: Surface): void {
    const operations = countOf(pending.length, "operation");
    say(
        `stack ${stack} has ${operations} pending, since an up is running or was killed: ${pending.join(", ")}. After a killed one, unity up goes on from there`,
    );
}

/** Takes the pending operations of a killed run out of the state; what they have done the refresh that follows sees. */
async function continueKilled(
    { stack, configFile }: StackCommand,
    pending: readonly string[],
    { say }: Surface,
): Promise<void> {
    // Of the stack itself nothing is read, but the lock is taken: its holder may be doing these operations.
    const state = await exportState(stack);
    const root = rootOf(state);
    const refresh = [
        "refresh",
        "--stack",
        stack,
        ...configFile,
        "--yes",
        "--skip-preview",
        "--non-interactive",
    ];
    await unlocked(stack, say, () =>
        pulumi([...refresh, ...(root === undefined ? [] : ["--target", root])], { output: "quiet" }),
    );
    say(`the last up of stack ${stack} was killed while ${pending.join(", ")}; going on from there`);
    const rest = await exportState(stack);
    if (pendingTexts(rest).length > 0) {
        const input = JSON.stringify(withoutPending(rest));
        await unlocked(stack, say, () =>
            pulumi(["stack", "import", "--stack", stack], { output: "quiet", input }),
        );
    }
    for (const name of unknownInGoogle(rest)) {
        say(
            `${name} may exist in Google Cloud already. If up says so, delete it there, or adopt it with pulumi import, then run unity up again`,
        );
    }
}

/**
 * Runs a command that locks the stack. A lock that a killed process of this machine has left is removed.
 * @throws UnityError that says who holds any other lock
 */
async function unlocked<T>(stack: string, say: Surface["say"], run: () => Promise<T>): Promise<T> {
    try {
        return await run();
    } catch (error) {
        if (!(error instanceof StackLockedError)) {
            throw error;
        }
        const { holders } = error;
        if (holders.length === 0 || !holders.every((holder) => isStale(holder, thisMachine))) {
            throw lockedByOthers(stack, error);
        }
        say(
            `removing the lock of stack ${stack} that a killed pulumi has left: ${holders.map(holderText).join(", ")}`,
        );
        await pulumi(["cancel", "--yes", "--stack", stack], { output: "quiet" });
        return run();
    }
}

function lockedByOthers(stack: string, error: StackLockedError): UnityError {
    const by = error.holders.length === 0 ? "another run" : error.holders.map(holderText).join(", ");
    return new UnityError(
        `Stack ${stack} is locked by ${by}`,
        `Wait until it has ended. If it was killed, run: pulumi cancel --stack ${stack}, then this again`,
        exitCode.failed,
        error,
    );
}

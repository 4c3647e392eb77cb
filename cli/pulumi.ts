import { root } from "../common/paths.ts";
import { exitCode, UnityError } from "./errors.ts";
import { untilEnded } from "./interrupt.ts";
import { lockedError } from "./stackLock.ts";

export interface PulumiOptions {
    /**
     * What happens to its standard output: `show`: the user sees it, `beside`: on standard error, `read`: it is
     * returned, `quiet`: nothing. Default: `show`.
     */
    readonly output?: "show" | "beside" | "read" | "quiet";
    /** Text for its standard input; default: the terminal. */
    readonly input?: string;
    /** Variables besides those of this process. */
    readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs the `pulumi` that is on PATH.
 * @returns its standard output, unless it is shown
 * @throws StackLockedError when another run holds the lock of the stack
 * @throws UnityError when there is no pulumi or it fails
 */
export async function pulumi(
    args: readonly string[],
    { output = "show", input, env = {} }: PulumiOptions = {},
): Promise<string> {
    // Sending a file need not wait for it.
    const { execa } = await import("execa");
    const child = execa("pulumi", args, {
        cwd: root,
        ...(input === undefined ? { stdin: "inherit" } : { input }),
        stdout: output === "show" ? "inherit" : output === "beside" ? 2 : "pipe",
        // Without it pulumi knows no --event-log, which its Automation API is made of.
        env: { ...env, ...(args.includes("--event-log") && { PULUMI_DEBUG_COMMANDS: "true" }) },
        stderr: ["inherit", "pipe"],
        reject: false,
        // The terminal's Ctrl-C reaches pulumi too, which then ends its update in order; a second one ends it sooner.
        // Either way it unlocks its state last, so it is waited for: who goes first may take it along, lock and all.
        cleanup: false,
    });
    // SIGTERM reaches this process alone.
    const pass = (): void => void child.kill("SIGTERM");
    process.on("SIGTERM", pass);
    const result = await untilEnded(child).finally(() => process.off("SIGTERM", pass));
    if (result.exitCode === 0) {
        return result.stdout ?? "";
    }
    if (result.code === "ENOENT") {
        throw new UnityError("pulumi is not on PATH", "Install Pulumi's CLI", exitCode.failed, result);
    }
    const locked = lockedError(String(result.stderr));
    if (locked) {
        throw locked;
    }
    const end =
        result.signal ?? (result.exitCode === undefined ? result.code : `exit code ${result.exitCode}`);
    throw new UnityError(
        `pulumi ${args.slice(0, 3).join(" ")} failed (${end})`,
        "Fix what pulumi reports, and run this again",
        exitCode.failed,
        result,
    );
}

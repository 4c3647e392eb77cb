import { root } from "../common/paths.ts";
import { exitCode, UnityError } from "./errors.ts";
import { untilEnded } from "./interrupt.ts";

/**
 * Runs the `pulumi` that is on PATH.
 * @param output what happens to its standard output; `show`: the user sees it, `beside`: on standard error
 * @param env variables besides those of this process
 * @returns its standard output, unless it is shown
 * @throws UnityError when there is no pulumi or it fails
 */
export async function pulumi(
    args: readonly string[],
    output: "show" | "beside" | "read" | "quiet" = "show",
    env: Readonly<Record<string, string>> = {},
): Promise<string> {
    // Sending a file need not wait for it.
    const { execa } = await import("execa");
    const child = execa("pulumi", args, {
        cwd: root,
        stdin: "inherit",
        stdout: output === "show" ? "inherit" : output === "beside" ? 2 : "pipe",
        env,
        stderr: "inherit",
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
    const end =
        result.signal ?? (result.exitCode === undefined ? result.code : `exit code ${result.exitCode}`);
    throw new UnityError(
        `pulumi ${args.slice(0, 3).join(" ")} failed (${end})`,
        "Nothing was done after it; fix what pulumi reports, and run this again",
        exitCode.failed,
        result,
    );
}

import { root } from "../common/paths.ts";
import { exitCode, UnityError } from "./errors.ts";

/**
 * Runs the `pulumi` that is on PATH.
 * @param output what happens to its standard output; `show`: the user sees it
 * @returns its standard output, unless it is shown
 * @throws UnityError when there is no pulumi or it fails
 */
export async function pulumi(
    args: readonly string[],
    output: "show" | "read" | "quiet" = "show",
): Promise<string> {
    // Sending a file need not wait for it.
    const { execa } = await import("execa");
    const result = await execa("pulumi", args, {
        cwd: root,
        stdin: "inherit",
        stdout: output === "show" ? "inherit" : "pipe",
        stderr: "inherit",
        reject: false,
        // The terminal's Ctrl-C reaches pulumi too, which then ends its update in order.
        cleanup: false,
    });
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

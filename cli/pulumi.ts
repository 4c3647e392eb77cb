import { spawn } from "node:child_process";
import { root } from "../common/paths.ts";
import { exitCode, UnityError } from "./errors.ts";

/** Runs the `pulumi` that is on PATH. @throws UnityError when there is none or it fails */
export function pulumi(args: readonly string[], output: "show" | "read" | "quiet" = "show"): Promise<string> {
    return new Promise((resolve, reject) => {
        const stdout = output === "show" ? "inherit" : "pipe";
        const child = spawn("pulumi", args, { cwd: root, stdio: ["inherit", stdout, "inherit"] });
        let text = "";
        child.stdout?.on("data", (data: Buffer) => {
            text += data.toString();
        });
        child.once("error", (error) =>
            reject(new UnityError("pulumi is not on PATH", "Install Pulumi's CLI", exitCode.failed, error)),
        );
        child.once("close", (code, signal) => {
            if (code === 0) {
                resolve(text);
            } else {
                const what = `pulumi ${args.slice(0, 3).join(" ")} failed (${signal ?? `exit code ${code}`})`;
                reject(
                    new UnityError(
                        what,
                        "Nothing after it was done; mend what pulumi says, and run this again",
                        1,
                    ),
                );
            }
        });
    });
}

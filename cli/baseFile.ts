/** The former state of a stack file, to compare with. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { root } from "../common/paths.ts";
import { exitCode, UnityError } from "./errors.ts";

/**
 * Text of a stack file as it was: another file's, or that of the same name in the root of this repository at a commit,
 * branch or tag of git. Undefined where that commit has no such file.
 *
 * @param folder within the repository, where the stack files are
 * @throws UnityError where there is neither such a file nor such a commit
 */
export async function readBase(base: string, stackFile: string, folder = root): Promise<string | undefined> {
    if (existsSync(base)) {
        return readFileSync(base, "utf8");
    }
    const { execa } = await import("execa");
    const git = (...args: string[]) =>
        execa("git", args, { cwd: folder, reject: false, stripFinalNewline: false });
    const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${base}^{commit}`);
    if (commit.exitCode !== 0) {
        throw new UnityError(
            `There is neither a file nor a commit ${base}`,
            "Name a stack file, or a commit, branch or tag that git has here (git fetch)",
            exitCode.usage,
        );
    }
    // From the folder of the program, which need not be that of the repository.
    const file = await git("show", `${commit.stdout.trim()}:./${basename(stackFile)}`);
    return file.exitCode === 0 ? file.stdout : undefined;
}

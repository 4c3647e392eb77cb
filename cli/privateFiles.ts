/** Files that nobody else may read. */
import {
    chmodSync,
    closeSync,
    constants,
    fchmodSync,
    lstatSync,
    mkdirSync,
    openSync,
    readdirSync,
    renameSync,
    rmSync,
    type Stats,
    writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { exitCode, UnityError } from "./errors.ts";

/** Beginning of a file's name until it is complete. */
const UNFINISHED = ".unity-";
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** The user's folder for settings of this program: `~/.config/unity-kafka`, or where XDG_CONFIG_HOME says. */
export function settingsFolder({ XDG_CONFIG_HOME }: NodeJS.ProcessEnv = process.env): string {
    const isGiven = XDG_CONFIG_HOME !== undefined && isAbsolute(XDG_CONFIG_HOME);
    return join(isGiven ? XDG_CONFIG_HOME : join(homedir(), ".config"), "unity-kafka");
}

/**
 * Writes files into a folder, for nobody else to read, whatever was there before: each takes the place of one of its
 * name, with its permissions, and a symbolic link is replaced rather than followed.
 *
 * @throws UnityError where the folder is a symbolic link, another user's, or contains other files
 */
export function writePrivateFiles(folder: string, files: Readonly<Record<string, string>>): void {
    const existing = lstatSync(folder, { throwIfNoEntry: false });
    if (existing) {
        checkFolder(folder, existing, files);
        chmodSync(folder, 0o700);
    } else {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    for (const [name, text] of Object.entries(files)) {
        replaceFile(folder, name, text);
    }
}

function checkFolder(folder: string, existing: Stats, files: Readonly<Record<string, string>>): void {
    if (existing.isSymbolicLink() || !existing.isDirectory()) {
        throw refusal(
            `${folder} is ${existing.isSymbolicLink() ? "a symbolic link" : "no folder"}, and a key is not written there`,
        );
    }
    if (existing.uid !== process.getuid?.()) {
        throw refusal(`Folder ${folder} is another user's, who could read a key that is written there`);
    }
    const others = readdirSync(folder).filter((name) => !(name in files) && !name.startsWith(UNFINISHED));
    if (others.length > 0) {
        throw refusal(`Folder ${folder} contains other files (${others.slice(0, 3).join(", ")})`);
    }
}

function refusal(message: string): UnityError {
    return new UnityError(message, "Choose another with --folder", exitCode.usage);
}

/** A new file takes the place of the old one at once; an open handle of the old one reads nothing of it. */
function replaceFile(folder: string, name: string, text: string): void {
    const unfinished = join(folder, `${UNFINISHED}${name}`);
    rmSync(unfinished, { force: true });
    const file = openSync(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
        // Whatever the user's umask is.
        fchmodSync(file, 0o600);
        writeFileSync(file, text);
        renameSync(unfinished, join(folder, name));
    } catch (error) {
        rmSync(unfinished, { force: true });
        throw error;
    } finally {
        closeSync(file);
    }
}

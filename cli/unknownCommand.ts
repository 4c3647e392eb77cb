/** A mistyped command, which would otherwise be taken for the name of a file. */
import { existsSync } from "node:fs";
import { nearest } from "../common/nearest.ts";
import { exitCode, UnityError } from "./errors.ts";

/** Typing errors up to which a word may be meant for a command. */
const MAX_EDITS = 2;

/**
 * Refuses a first word that looks like a command and is neither a command nor a file.
 * @param word the first argument, if there is one
 * @throws UnityError
 */
export function refuseUnknownCommand(word: string | undefined, commands: readonly string[]): void {
    if (word === undefined || !/^[a-z]+$/i.test(word) || commands.includes(word) || existsSync(word)) {
        return;
    }
    const command = nearest(word.toLowerCase(), commands, MAX_EDITS);
    if (command === undefined) {
        return;
    }
    throw new UnityError(
        `Unknown command ${word}, and there is no file of that name`,
        `Did you mean unity ${command}? See unity --help`,
        exitCode.usage,
    );
}

/** A mistyped command, which would otherwise be taken for the name of a file. */
import { existsSync } from "node:fs";
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
    const [nearest] = commands
        .map((command) => ({ command, edits: editDistance(word.toLowerCase(), command) }))
        .sort((a, b) => a.edits - b.edits);
    // A short word is near to everything.
    if (nearest === undefined || nearest.edits > MAX_EDITS || nearest.edits * 2 > nearest.command.length) {
        return;
    }
    throw new UnityError(
        `Unknown command ${word}, and there is no file of that name`,
        `Did you mean unity ${nearest.command}? See unity --help`,
        exitCode.usage,
    );
}

/** Letters to insert, delete, change or swap with their neighbour to make one word of another. */
function editDistance(one: string, other: string): number {
    const rows = [Array.from({ length: other.length + 1 }, (_, i) => i)];
    for (let i = 1; i <= one.length; i++) {
        const row = [i];
        for (let j = 1; j <= other.length; j++) {
            const change = one[i - 1] === other[j - 1] ? 0 : 1;
            row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + change);
            if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] && i > 1 && j > 1) {
                row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
            }
        }
        rows.push(row);
    }
    return rows.at(-1)!.at(-1)!;
}

/**
 * The word that was probably meant by a mistyped one, or undefined where none is near.
 *
 * @param maxEdits most letters to insert, delete, change or swap with their neighbour
 */
export function nearest(word: string, words: Iterable<string>, maxEdits: number): string | undefined {
    let best: string | undefined;
    let edits = maxEdits + 1;
    for (const candidate of words) {
        // The difference in length is the least there can be: most words need no table.
        const isNear = Math.abs(candidate.length - word.length) < edits;
        const distance = isNear ? editDistance(word, candidate) : edits;
        if (distance < edits) {
            [best, edits] = [candidate, distance];
        }
    }
    // A short word is near to everything.
    return best !== undefined && edits * 2 <= best.length ? best : undefined;
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

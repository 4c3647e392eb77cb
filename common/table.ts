/** Text in columns. */

export interface Column {
    readonly title: string;
    /** Numbers stand at the right of their column, so that their digits are below each other. */
    readonly align?: "right";
}

/** Rows below their titles. */
export function tableText(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
    return rowsText(
        [columns.map(({ title }) => title), ...rows],
        columns.map(({ align }) => align),
    );
}

/** Rows without titles, each column as wide as its widest cell, two spaces apart. No space ends a line. */
export function rowsText(
    rows: readonly (readonly string[])[],
    aligns: readonly Column["align"][] = [],
): string {
    const widths: number[] = [];
    for (const row of rows) {
        row.forEach((cell, i) => {
            widths[i] = Math.max(widths[i] ?? 0, cell.length);
        });
    }
    return rows
        .map((row) =>
            widths
                .map((width, i) => {
                    const cell = row[i] ?? "";
                    return aligns[i] === "right" ? cell.padStart(width) : cell.padEnd(width);
                })
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}

/** Text in columns. */

export interface Column {
    readonly title: string;
    /** Numbers stand at the right of their column, so that their digits are below each other. */
    readonly align?: "right";
}

/** Rows below their titles, each column as wide as its widest cell, two spaces apart. No space ends a line. */
export function tableText(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
    const lines = [columns.map(({ title }) => title), ...rows];
    const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
    return lines
        .map((line) =>
            columns
                .map(({ align }, i) => {
                    const cell = line[i] ?? "";
                    return align === "right" ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
                })
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}

/** Reading values that no schema has checked. */

export type Raw = Record<string, unknown>;

export function isBlock(value: unknown): value is Raw {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path within blocks and lists; undefined where there is none. */
export function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
        (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
        raw,
    );
}

/** The blocks of a list of blocks, each with its index; any other entry is an error of the schema. */
export function blocksOf(list: unknown): [index: number, block: Raw][] {
    return Array.isArray(list)
        ? list.flatMap((entry: unknown, i) => (isBlock(entry) ? [[i, entry]] : []))
        : [];
}

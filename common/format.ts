const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes for people, in powers of 1000: "2.1 MB". */
export function formatBytes(bytes: number): string {
    let value = bytes;
    let unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
        value /= 1000;
        unit++;
    }
    const digits = unit === 0 || value >= 100 ? 0 : 1;
    return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** "1 record", "2 records". */
export function countOf(count: number, noun: string): string {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const SHOWN = 5;

/** The first of many, for a line: "a, b, c, d, e, ...". */
export function firstOf(all: readonly string[]): string {
    return [...all.slice(0, SHOWN), ...(all.length > SHOWN ? ["..."] : [])].join(", ");
}

/** Records that a bridge could not carry, by its log: Kafka's clients tell of them nowhere else. */

export interface SkippedRecords {
    /** Such as `rates-0`. */
    readonly partition: string;
    /** Offset of the record that was next. */
    readonly expected: number;
    /** Offset that it went on at. */
    readonly actual: number;
    /** As in the log. */
    readonly time: string;
}

const OUT_OF_RANGE =
    /^(\S+ \S+) \w+ .*Fetch position FetchPosition\{offset=(\d+),.* is out of range for partition (\S+), /;
const RESET = /Resetting offset for partition (\S+) to position FetchPosition\{offset=(\d+),/;

/** Where the next record of a partition was no longer there, or the partition itself was another, and what came instead. */
export function skippedRecords(log: string): SkippedRecords[] {
    const pending = new Map<string, Omit<SkippedRecords, "actual">>();
    const skipped: SkippedRecords[] = [];
    for (const line of log.split("\n")) {
        const [, time, expected, partition] = OUT_OF_RANGE.exec(line) ?? [];
        if (time !== undefined && partition !== undefined) {
            pending.set(partition, { partition, expected: Number(expected), time });
            continue;
        }
        const [, reset, actual] = RESET.exec(line) ?? [];
        const found = reset === undefined ? undefined : pending.get(reset);
        if (found !== undefined) {
            pending.delete(found.partition);
            skipped.push({ ...found, actual: Number(actual) });
        }
    }
    return skipped;
}

import type { ReadRecord } from "../../kafka/client/projectKafka.ts";
import { RecordDigest } from "./digest.ts";
import { fitsKey, numberIn, partitionOf } from "./numbering.ts";

/** Gaps remembered at a time, so that records which come late can be told from records which come twice. */
const MAX_GAPS = 1_000;

/** How many of a run of missing records are named. */
const NAMED = 10;

/** What a partition was sent. */
export interface Expected {
    readonly records: number;
    readonly digest: string;
}

/** What is wrong with the records of a partition, as counts; named are the first record numbers of each kind. */
export interface Differences {
    readonly missing: number;
    readonly duplicated: number;
    readonly changed: number;
    /** Came, but after a later one. */
    readonly reordered: number;
}

/** A run of missing record numbers of this partition: `from` and every `partitions`-th number before `to`. */
interface Gap {
    from: number;
    to: number;
}

/** Compares what comes out of one partition with what its numbers say went in, in a fixed amount of memory. */
export class PartitionCheck {
    readonly #partition: number;
    readonly #partitions: number;
    readonly #digest = new RecordDigest();
    readonly #note: (kind: keyof Differences, number: number) => void;
    #next: number;
    #records = 0;
    #gaps: Gap[] = [];
    /** Missing numbers in gaps that are no longer remembered. */
    #lost = 0;
    #duplicated = 0;
    #changed = 0;
    #reordered = 0;

    /** @param note is told the number of each record that is wrong in some way; -1 if it has none */
    constructor(
        partition: number,
        partitions: number,
        note: (kind: keyof Differences, number: number) => void = () => undefined,
    ) {
        this.#partition = partition;
        this.#partitions = partitions;
        this.#note = note;
        this.#next = partition;
    }

    add({ key, value }: ReadRecord): void {
        const number = numberIn(key);
        const content = value ?? Buffer.alloc(0);
        this.#records++;
        this.#digest.add(content);
        if (
            number === undefined ||
            key === null ||
            value === null ||
            partitionOf(number, this.#partitions) !== this.#partition
        ) {
            this.#changed++;
            this.#note("changed", number ?? -1);
            return;
        }
        if (!fitsKey(key, content)) {
            this.#changed++;
            this.#note("changed", number);
        }
        this.#place(number);
    }

    #place(number: number): void {
        if (number === this.#next) {
            this.#next += this.#partitions;
        } else if (number > this.#next) {
            this.#remember({ from: this.#next, to: number });
            this.#next = number + this.#partitions;
        } else if (this.#fill(number)) {
            this.#reordered++;
            this.#note("reordered", number);
        } else {
            this.#duplicated++;
            this.#note("duplicated", number);
        }
    }

    #remember(gap: Gap): void {
        this.#gaps.push(gap);
        if (this.#gaps.length > MAX_GAPS) {
            const [forgotten] = this.#gaps.splice(0, 1);
            this.#lost += forgotten === undefined ? 0 : this.#size(forgotten);
        }
    }

    #fill(number: number): boolean {
        const index = this.#gaps.findIndex(({ from, to }) => from <= number && number < to);
        const gap = this.#gaps[index];
        if (gap === undefined) {
            return false;
        }
        const rest = [
            { from: gap.from, to: number },
            { from: number + this.#partitions, to: gap.to },
        ].filter(({ from, to }) => from < to);
        this.#gaps.splice(index, 1, ...rest);
        return true;
    }

    #size({ from, to }: Gap): number {
        return (to - from) / this.#partitions;
    }

    /**
     * What is wrong, once everything that will come has come.
     * @param expected what was sent to this partition
     */
    differences(expected: Expected): Differences {
        const end = this.#partition + expected.records * this.#partitions;
        const gaps = this.#next < end ? [...this.#gaps, { from: this.#next, to: end }] : this.#gaps;
        for (const { from, to } of gaps) {
            for (
                let number = from;
                number < to && number < from + NAMED * this.#partitions;
                number += this.#partitions
            ) {
                this.#note("missing", number);
            }
        }
        const missing = gaps.reduce((sum, gap) => sum + this.#size(gap), this.#lost);
        const whole = this.#records === expected.records && this.#digest.value() === expected.digest;
        const counted = missing + this.#duplicated + this.#changed + this.#reordered;
        // The digest has the last word: should it differ where no number and no checksum does, something did change.
        const changed = !whole && counted === 0 ? 1 : this.#changed;
        return { missing, duplicated: this.#duplicated, changed, reordered: this.#reordered };
    }
}

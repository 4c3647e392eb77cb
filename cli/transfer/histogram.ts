/** Below this every value has a bucket of its own; above, each power of two has half as many. */
const EXACT = 128;
const PER_OCTAVE = EXACT / 2;
const OCTAVES = 40;

/**
 * Counts whole numbers from 0 in a fixed amount of memory and tells their quantiles with an error of less than 1 %
 * (buckets grow with the values, as in HdrHistogram).
 */
export class Histogram {
    readonly #buckets = new Float64Array(EXACT + OCTAVES * PER_OCTAVE);
    #count = 0;

    /** @param value negative ones, from a clock that was set back, count as 0 */
    add(value: number, times = 1): void {
        const bucket = bucketOf(Math.max(0, Math.round(value)));
        this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + times;
        this.#count += times;
    }

    /**
     * The smallest value that at least this share of all values does not exceed; 0 without values.
     * @param share from 0 to 1
     */
    quantile(share: number): number {
        let left = Math.max(1, Math.ceil(share * this.#count));
        for (const [bucket, times] of this.#buckets.entries()) {
            left -= times;
            if (left <= 0) {
                return middleOf(bucket);
            }
        }
        return 0;
    }
}

function bucketOf(value: number): number {
    if (value < EXACT) {
        return value;
    }
    const octave = Math.floor(Math.log2(value)) - Math.log2(EXACT);
    if (octave >= OCTAVES) {
        return EXACT + OCTAVES * PER_OCTAVE - 1;
    }
    const width = 2 ** (octave + 1);
    return EXACT + octave * PER_OCTAVE + Math.floor((value - EXACT * 2 ** octave) / width);
}

function middleOf(bucket: number): number {
    if (bucket < EXACT) {
        return bucket;
    }
    const octave = Math.floor((bucket - EXACT) / PER_OCTAVE);
    const width = 2 ** (octave + 1);
    const lowest = EXACT * 2 ** octave + ((bucket - EXACT) % PER_OCTAVE) * width;
    return lowest + (width - 1) / 2;
}

import { createHash } from "node:crypto";

const SCRATCH_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;

/**
 * SHA-256 over a sequence of records, each with its length, so that moving a byte from one record to the next shows.
 * Small records are gathered first: a call into the hash costs more than hashing a line.
 */
export class RecordDigest {
    readonly #hash = createHash("sha256");
    readonly #scratch = Buffer.allocUnsafe(SCRATCH_BYTES);
    #used = 0;

    add(record: Buffer): void {
        if (this.#used + LENGTH_BYTES + record.length > SCRATCH_BYTES) {
            this.#flush();
        }
        this.#used = this.#scratch.writeUInt32BE(record.length, this.#used);
        if (this.#used + record.length > SCRATCH_BYTES) {
            this.#flush();
            this.#hash.update(record);
        } else {
            this.#used += record.copy(this.#scratch, this.#used);
        }
    }

    /** The digest so far, as hexadecimal. */
    value(): string {
        this.#flush();
        return this.#hash.copy().digest("hex");
    }

    #flush(): void {
        this.#hash.update(this.#scratch.subarray(0, this.#used));
        this.#used = 0;
    }
}

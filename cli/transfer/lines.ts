const NEWLINE = 0x0a;

/**
 * Longest record, in bytes. Brokers refuse batches of more than 1 MiB by default, and a record has to share it with
 * its key and its batch's head.
 */
const MAX_RECORD_BYTES = 900 * 1024;

/**
 * Splits a stream of bytes into records: its lines, without their "\n". A line longer than a record may be becomes
 * several, so that a file without any newline is no special case. Keeps at most one record in memory.
 */
export class LineSplitter {
    /** Lines begun so far. */
    lines = 0;
    readonly #maxBytes: number;
    #rest: Buffer[] = [];
    #restBytes = 0;
    #inLine = false;

    constructor(maxBytes = MAX_RECORD_BYTES) {
        this.#maxBytes = maxBytes;
    }

    /** The records that `chunk` completes. They share its memory. */
    *push(chunk: Buffer): Generator<Buffer, void, undefined> {
        let start = 0;
        while (start < chunk.length) {
            const newline = chunk.indexOf(NEWLINE, start);
            const end = newline === -1 ? chunk.length : newline;
            this.#beginLine();
            while (this.#restBytes + end - start > this.#maxBytes) {
                const cut = start + this.#maxBytes - this.#restBytes;
                yield this.#complete(chunk.subarray(start, cut));
                start = cut;
            }
            const piece = chunk.subarray(start, end);
            if (newline === -1) {
                this.#keep(piece);
            } else {
                yield this.#complete(piece);
                this.#inLine = false;
            }
            start = end + 1;
        }
    }

    /** The last line, if it has no newline. */
    *end(): Generator<Buffer, void, undefined> {
        if (this.#inLine) {
            this.#inLine = false;
            yield this.#complete(Buffer.alloc(0));
        }
    }

    #beginLine(): void {
        if (!this.#inLine) {
            this.#inLine = true;
            this.lines++;
        }
    }

    #keep(piece: Buffer): void {
        if (piece.length > 0) {
            // A copy, because a few bytes would hold on to the whole chunk.
            this.#rest.push(Buffer.from(piece));
            this.#restBytes += piece.length;
        }
    }

    #complete(piece: Buffer): Buffer {
        if (this.#restBytes === 0) {
            return piece;
        }
        const record = Buffer.concat([...this.#rest, piece], this.#restBytes + piece.length);
        this.#rest = [];
        this.#restBytes = 0;
        return record;
    }
}

import { crc32 } from "node:zlib";

/**
 * A record's key: its number in the file, so that missing and duplicated records can be named, and a checksum of its
 * value, so that changed ones can. Both ends know it without remembering anything.
 */
export const KEY_BYTES = 12;
const HIGH = 2 ** 32;

/** Writes the key of a record to `target` and returns it. */
export function writeKey(target: Buffer, number: number, value: Buffer): Buffer {
    target.writeUInt32BE(Math.floor(number / HIGH), 0);
    target.writeUInt32BE(number % HIGH, 4);
    target.writeUInt32BE(crc32(value), 8);
    return target;
}

/** The number in a key; undefined if it is not one of ours. */
export function numberIn(key: Buffer | null): number | undefined {
    return key?.length === KEY_BYTES ? key.readUInt32BE(0) * HIGH + key.readUInt32BE(4) : undefined;
}

/** Whether a value is what its key was made for. */
export function fitsKey(key: Buffer, value: Buffer): boolean {
    return key.readUInt32BE(8) === crc32(value);
}

/** The partition of a record: all get the same share, and each knows which numbers are its own. */
export function partitionOf(number: number, partitions: number): number {
    return number % partitions;
}

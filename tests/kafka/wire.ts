/** Kafka's protocol as hexadecimal text, by the decoder and encoder of kafkajs. */
import { createRequire } from "node:module";
import type { Decoder, Encoder } from "../../kafka/admin/protocol.ts";

const internal = createRequire(import.meta.url);
const EncoderClass = internal("kafkajs/src/protocol/encoder") as new () => Encoder & {
    readonly buffer: Buffer;
};
const DecoderClass = internal("kafkajs/src/protocol/decoder") as new (data: Buffer) => Decoder;

/** The body of a request. */
export function sent(request: { encode(encoder: Encoder): Encoder }): string {
    const encoder = new EncoderClass();
    request.encode(encoder);
    return encoder.buffer.toString("hex");
}

/** An answer, its parts separated by spaces. */
export const answer = (...hex: string[]) =>
    new DecoderClass(Buffer.from(hex.join("").replaceAll(" ", ""), "hex"));

/** A string: its length in two bytes, then its bytes. */
export const text = (value: string) => `${int16(value.length)}${Buffer.from(value).toString("hex")}`;

export const int16 = (value: number) => (value & 0xffff).toString(16).padStart(4, "0");
export const int32 = (value: number) => (value >>> 0).toString(16).padStart(8, "0");
/** An array: its length in four bytes, then its elements. */
export const array = (...elements: string[]) => `${int32(elements.length)}${elements.join("")}`;

/** What newer versions have instead: lengths in a byte, one more than they are; and fields that nobody has set. */
export const compactText = (value: string) =>
    `${byte(value.length + 1)}${Buffer.from(value).toString("hex")}`;
export const compactArray = (...elements: string[]) => `${byte(elements.length + 1)}${elements.join("")}`;
export const NULL = "00";
export const TAGS = "00";

/** A number up to 127. */
const byte = (value: number) => value.toString(16).padStart(2, "0");

import { createHash } from "node:crypto";

/** A short text that differs where the given one does: ten hex digits of its SHA-256. */
export function digest(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

import type { Preview } from "../resourceHandler.ts";
import type { Lifetime } from "../resources/inputs.ts";

const DAY = 24 * 3600 * 1000;

/**
 * When the current certificate was issued: the time of the existing one until its renewal is due, then now. As an
 * input it shows in a preview that a certificate will be renewed, and two previews in a row say the same.
 *
 * @param before time of issue of the existing one, ISO 8601; undefined where there is none
 * @param lifetime where it is not known yet, nothing is due
 * @param now milliseconds since 1970
 */
export function issuedAt(
    before: string | undefined,
    { days, renewAt }: Preview<Lifetime>,
    now = Date.now(),
): string {
    const due = (days ?? Number.POSITIVE_INFINITY) * (renewAt ?? 1) * DAY;
    if (before !== undefined && now < Date.parse(before) + due) {
        return before;
    }
    return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

const DAY = 24 * 3600 * 1000;

/** How long something is valid, and when a new one takes its place. */
export interface Lifetime {
    /** Length of its validity. */
    readonly days: number;
    /** Share of it after which it is renewed, such as 0.66. */
    readonly renewAt: number;
}

/**
 * When the current one is from: the time of the one before until that is due, then now. As an input it shows in a
 * preview that something will be renewed, and two previews in a row say the same.
 *
 * @param before time of the one that there is, ISO 8601; undefined where there is none
 * @param now milliseconds since 1970
 */
export function issuedAt(before: string | undefined, { days, renewAt }: Lifetime, now = Date.now()): string {
    if (before !== undefined && now < Date.parse(before) + renewAt * days * DAY) {
        return before;
    }
    return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** Whether one of these values differs; they are texts, numbers or lists of such. */
export function differs<T extends object>(old: Partial<T>, now: T, names: readonly (keyof T)[]): boolean {
    return names.some((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]));
}

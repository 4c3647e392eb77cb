/** What `unity doctor` found out about one prerequisite. */
export interface Check {
    /** `not checked`: it could not be found out, for a reason that `what` names. */
    readonly state: "ok" | "problem" | "not checked";
    /** What it is about, such as `Cloud NAT`. */
    readonly about: string;
    readonly what: string;
    /** What to do about a problem, or to have it checked; a sentence without its full stop. */
    readonly next?: string;
}

export const ok = (about: string, what: string): Check => ({ state: "ok", about, what });
export const problem = (about: string, what: string, next: string): Check => ({
    state: "problem",
    about,
    what,
    next,
});
export const notChecked = (about: string, what: string, next?: string): Check => ({
    state: "not checked",
    about,
    what,
    ...(next !== undefined && { next }),
});

/**
 * Values that a preview does not know, such as all that a cluster says which does not exist yet. Pulumi throws where
 * a rule reads one, skips the rule for this preview and says so.
 */

/** Whether a rule stopped at an unknown value. The SDK has the class of this error but does not declare it. */
function isUnknownValue(error: unknown): error is Error {
    return error instanceof Error && "unknownTypeSentinel" in error;
}

/** Visits every entry of a list, and returns the error of the first whose visit stopped at an unknown value. */
function visitAll<T>(list: readonly T[], visit: (entry: T) => void): Error | undefined {
    let unknown: Error | undefined;
    for (let i = 0; i < list.length; i++) {
        try {
            visit(list[i]!);
        } catch (error) {
            if (!isUnknownValue(error)) {
                throw error;
            }
            unknown ??= error;
        }
    }
    return unknown;
}

/**
 * Visits every entry of a list: unknown values of one do not hide the others.
 *
 * @throws the error of an unknown value, after the last visit
 */
export function forEachKnown<T>(list: readonly T[], visit: (entry: T) => void): void {
    const unknown = visitAll(list, visit);
    if (unknown) {
        throw unknown;
    }
}

/**
 * Whether a test holds for any entry of a list: unknown values of one do not hide another for which it holds.
 *
 * @throws the error of an unknown value where the answer depends on it
 */
export function someKnown<T>(list: readonly T[], test: (entry: T) => boolean): boolean {
    let holds = false;
    const unknown = visitAll(list, (entry) => {
        holds ||= test(entry);
    });
    if (unknown && !holds) {
        throw unknown;
    }
    return holds;
}

/** Whether all tests hold, or may hold as far as is known: one that surely fails decides, whatever is unknown. */
export function mayHold(...tests: readonly (() => boolean)[]): boolean {
    return tests.every((test) => valueOr(true, test));
}

/** A value, or another one where it is unknown. */
export function valueOr<T>(other: T, value: () => T): T {
    try {
        return value();
    } catch (error) {
        if (!isUnknownValue(error)) {
            throw error;
        }
        return other;
    }
}

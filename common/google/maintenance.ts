/** GKE's limits of maintenance windows. */

/** Days of the week as RFC 5545 writes them, from Sunday on. */
const DAYS: readonly string[] = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** Fewest hours of maintenance windows, and in how many days. Source: GKE's documentation, "Maintenance windows and exclusions". */
const HOURS = 48;
const WITHIN_DAYS = 32;

/** The weekday of the first window: 2026-01-03, see components/gke/gkeCluster.ts, is a Saturday. */
const FIRST = "SA";

/** Recurrences that GKE takes: each day, or days of the week, as RRULEs of RFC 5545. */
export const RECURRENCE = new RegExp(
    `^FREQ=(DAILY|WEEKLY)(;BYDAY=(${DAYS.join("|")})(,(${DAYS.join("|")}))*)?$`,
);

/** Days of the week of a recurrence such as `FREQ=WEEKLY;BYDAY=SA,SU`. */
function daysOf(recurrence: string): readonly string[] {
    const [frequency = "", list] = recurrence.split(";BYDAY=");
    return list?.split(",") ?? (frequency === "FREQ=DAILY" ? DAYS : [FIRST]);
}

/** Why GKE refuses windows of so many hours, or undefined where it does not. The recurrence must match {@link RECURRENCE}. */
export function maintenanceError(recurrence: string, hours: number): string | undefined {
    const days = daysOf(recurrence);
    // The 32 days with the fewest windows: four weeks and four days more.
    const windows = DAYS.map(
        (_, start) =>
            Array.from({ length: WITHIN_DAYS }, (_, day) => DAYS[(start + day) % DAYS.length]!).filter(
                (day) => days.includes(day),
            ).length,
    );
    const fewest = Math.min(...windows);
    return fewest * hours >= HOURS
        ? undefined
        : `${recurrence} with windows of ${hours} hours has ${fewest * hours} hours in ${WITHIN_DAYS} days, less than the ${HOURS} that GKE requires; add days or hours`;
}

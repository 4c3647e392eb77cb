/**
 * Quantities that config spells with a unit, as plain numbers: Kubernetes' for memory, disk and CPU, and rates and
 * durations. Only the spellings that people write are taken; `4gb` and `1e3` are not.
 */

const POWER: Record<string, number> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4 };
const RATES: Record<string, number> = { kB: 1e3, MB: 1e6, GB: 1e9 };
const SECONDS: Record<string, number> = { m: 60, h: 3600, d: 86_400 };

export const BYTES = /^([1-9][0-9]*)(Ki|Mi|Gi|Ti)$/;
export const CPU = /^([1-9][0-9]*m|(?:0\.[0-9]*[1-9][0-9]*|[1-9][0-9]*(?:\.[0-9]+)?))$/;
const RATE = /^([0-9]+(?:\.[0-9]+)?)(kB|MB|GB)\/s$/;
const DURATION = /^([1-9][0-9]*)(m|h|d)$/;

/** Bytes of a quantity such as `512Mi`. Throws if it does not match {@link BYTES}. */
export function bytes(quantity: string): number {
    const [, digits, unit] = BYTES.exec(quantity) ?? [];
    if (digits === undefined || unit === undefined) {
        throw new Error(`not a quantity of bytes: ${quantity}`);
    }
    return Number(digits) * 1024 ** POWER[unit]!;
}

/** Whole MiB of a quantity, rounded down: the unit of the JVM's heap flags. */
export function mebibytes(quantity: string): number {
    return Math.floor(bytes(quantity) / 1024 ** 2);
}

/** Cores of a quantity such as `500m` or `2`. Throws if it does not match {@link CPU}. */
export function cores(quantity: string): number {
    if (!CPU.test(quantity)) {
        throw new Error(`not a quantity of CPU: ${quantity}`);
    }
    return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}

/** Bytes per second of a rate such as `30MB/s`; undefined for zero and for anything that is not a rate. */
export function rateOf(text: string): number | undefined {
    const [, digits, unit] = RATE.exec(text) ?? [];
    const rate = digits === undefined || unit === undefined ? 0 : Number(digits) * RATES[unit]!;
    return rate > 0 ? rate : undefined;
}

/** Seconds of a duration such as `24h`; undefined for anything that is not a duration. */
export function secondsOf(text: string): number | undefined {
    const [, digits, unit] = DURATION.exec(text) ?? [];
    return digits === undefined || unit === undefined ? undefined : Number(digits) * SECONDS[unit]!;
}

/**
 * Kubernetes quantities as plain numbers.
 * Only the spellings that people write for memory, disk and CPU are taken; `4gb` and `1e3` are not.
 */

const POWER: Record<string, number> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4 };

export const BYTES = /^([1-9][0-9]*)(Ki|Mi|Gi|Ti)$/;
export const CPU = /^([1-9][0-9]*m|(?:0\.[0-9]*[1-9][0-9]*|[1-9][0-9]*(?:\.[0-9]+)?))$/;

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

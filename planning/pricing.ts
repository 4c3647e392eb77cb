/** Google's list prices, from a dated table. What the table lacks has no price; nothing is guessed. */
import { familyOf, machine } from "./machineTypes.ts";
import table from "./prices.json" with { type: "json" };

/** Hours of a month as Google's own estimates count them. */
export const MONTH_HOURS = 730;

const GIB = 1024 ** 3;

interface Region {
    /** USD per hour of a vCPU and of a GiB of memory, by family of machines. */
    readonly machines: Readonly<Record<string, { readonly cpu: number; readonly memory: number }>>;
    /** USD per month of a GiB, by type of disk. */
    readonly disks: Readonly<Record<string, number>>;
}

const REGIONS: Readonly<Record<string, Region>> = table.regions;

/** Currency and date of the prices, to be shown beside every figure. */
export const PRICES: { readonly currency: string; readonly date: string } = {
    currency: table.currency,
    date: table.date,
};

/** A cluster's management, USD per month, regional or zonal. */
export const CLUSTER_MONTH: number = table.cluster * MONTH_HOURS;

/** A GB (10^9 bytes) from one zone to another of its region, USD. */
export const ZONE_TRAFFIC_GB: number = table.zoneTraffic;

const regionPrices = (region: string): Region | undefined =>
    Object.hasOwn(REGIONS, region) ? REGIONS[region] : undefined;

/** A machine without its disk for a month, USD: its vCPUs and its memory. Undefined where there is no price. */
export function machineMonth(
    type: string,
    region: string,
): { readonly cpu: number; readonly memory: number } | undefined {
    const price = regionPrices(region)?.machines[familyOf(type)];
    const shape = machine(type);
    if (!price || !shape) {
        return undefined;
    }
    return {
        cpu: shape.cpus * price.cpu * MONTH_HOURS,
        memory: (shape.memory / GIB) * price.memory * MONTH_HOURS,
    };
}

/** A disk of so many bytes for a month, USD. Undefined where there is no price. */
export function diskMonth(type: string, size: number, region: string): number | undefined {
    const price = regionPrices(region)?.disks[type];
    return price === undefined ? undefined : (size / GIB) * price;
}

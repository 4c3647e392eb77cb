/** Google's list prices, from a dated table. What the table lacks has no price; nothing is guessed. */
import { familyOf, machine } from "./machineTypes.ts";
import table from "./prices.json" with { type: "json" };

/** Hours of a month as Google's own estimates count them. */
export const MONTH_HOURS = 730;

const GIB = 1024 ** 3;
const DAY = 24 * 3_600_000;

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

/** A GiB from one zone to another of its region, USD. */
const ZONE_TRAFFIC_GIB: number = table.zoneTraffic;

/** Share of the price that a family gets back, by itself, for machines that run the whole month. */
const SUSTAINED_USE: Readonly<Record<string, number>> = table.sustainedUse;

/**
 * Prices of Google's Managed Service for Apache Kafka, USD. A DCU (data compute unit) is billed by the hour, storage by
 * GiB and month; each vCPU comes with `localPerCpu` GiB of local storage. Of one region, as no others were found.
 */
export const MANAGED_KAFKA = table.managedKafka;

/** Price of Google's Managed Service for Prometheus, USD for a million values that are collected. */
export const MANAGED_PROMETHEUS = table.managedPrometheus;

const regionPrices = (region: string): Region | undefined =>
    Object.hasOwn(REGIONS, region) ? REGIONS[region] : undefined;

/** Days after which prices are no longer to be relied on. */
const PRICES_LAST = 365;

/** What to do about prices that are older than a year, or undefined where none are. */
export function priceWarning(now: Date): string | undefined {
    const old = [
        { of: "Google's prices", date: table.date },
        { of: "the prices of Managed Kafka", date: table.managedKafka.date },
        { of: "the prices of Managed Prometheus", date: table.managedPrometheus.date },
    ].filter(({ date }) => now.getTime() - Date.parse(date) > PRICES_LAST * DAY);
    return old.length === 0
        ? undefined
        : `${old.map(({ of, date }) => `${of} are of ${date}`).join("; ")}: more than a year ago; renew planning/prices.json`;
}

/** So many bytes a second from zone to zone for a month, USD. */
export function zoneTrafficMonth(rate: number): number {
    return (rate / GIB) * MONTH_HOURS * 3600 * ZONE_TRAFFIC_GIB;
}

/**
 * A machine without its disk for a month, USD: its vCPUs and its memory, less the discount for sustained use.
 * Undefined where there is no price.
 */
export function machineMonth(
    type: string,
    region: string,
): { readonly cpu: number; readonly memory: number } | undefined {
    const family = familyOf(type);
    const price = regionPrices(region)?.machines[family];
    const shape = machine(type);
    if (!price || !shape) {
        return undefined;
    }
    const hours = MONTH_HOURS * (1 - (SUSTAINED_USE[family] ?? 0));
    return { cpu: shape.cpus * price.cpu * hours, memory: (shape.memory / GIB) * price.memory * hours };
}

/** A disk of so many bytes for a month, USD. Undefined where there is no price. */
export function diskMonth(type: string, size: number, region: string): number | undefined {
    const price = regionPrices(region)?.disks[type];
    return price === undefined ? undefined : (size / GIB) * price;
}

/** Where keys of Cloud KMS must be for what they encrypt. */
import { regionOf } from "./locations.ts";

/** The location in a key's full name: `projects/PROJECT/locations/LOCATION/keyRings/…`. */
function locationOf(key: string): string {
    return key.split("/")[3] ?? "";
}

/**
 * Why a key cannot encrypt the Secrets of a cluster, or undefined where it can. Source: GKE's documentation, "Encrypt
 * secrets at the application layer": the key is in the cluster's region, not in a multi-region and not global.
 */
export function clusterKeyError(key: string, location: string): string | undefined {
    const region = regionOf(location);
    return locationOf(key) === region
        ? undefined
        : `is a key in ${locationOf(key)}; GKE requires one in ${region}, the region of the cluster`;
}

/**
 * Cloud KMS's locations of several regions, by the area that regions' names begin with. Source: Cloud KMS's
 * documentation, "Cloud KMS locations", as of 2025-08-01.
 */
const MULTI_REGIONS: Readonly<Record<string, RegExp>> = {
    asia: /^asia[0-9]*$/,
    europe: /^(europe|eur[0-9]+)$/,
    northamerica: /^nam[0-9]+$/,
    us: /^(us|nam[0-9]+)$/,
};

/**
 * Why a key cannot encrypt disks in a region, or undefined where it can. Source: Compute Engine's documentation,
 * "Protect resources by using Cloud KMS keys": the disk's region, a multi-region that has it, or global.
 */
export function diskKeyError(key: string, region: string): string | undefined {
    const location = locationOf(key);
    const multiRegion = MULTI_REGIONS[region.split("-")[0]!];
    return location === region || location === "global" || multiRegion?.test(location)
        ? undefined
        : `is a key in ${location}; disks in ${region} require one there, in a multi-region around it, or in global`;
}

/** Where Compute Engine has machines: a dated table of regions and zones. */

/** Day of {@link REGIONS}. Google opens a region or two a year. */
const LOCATIONS_DATE = "2025-08-01";

/**
 * The letters of each region's zones. Source: Compute Engine's documentation, "Regions and zones", as of
 * {@link LOCATIONS_DATE}; without the zones for AI machines, which take no node pool of servers.
 */
const REGIONS: Readonly<Record<string, string>> = {
    "africa-south1": "abc",
    "asia-east1": "abc",
    "asia-east2": "abc",
    "asia-northeast1": "abc",
    "asia-northeast2": "abc",
    "asia-northeast3": "abc",
    "asia-south1": "abc",
    "asia-south2": "abc",
    "asia-southeast1": "abc",
    "asia-southeast2": "abc",
    "australia-southeast1": "abc",
    "australia-southeast2": "abc",
    "europe-central2": "abc",
    "europe-north1": "abc",
    "europe-north2": "abc",
    "europe-southwest1": "abc",
    "europe-west1": "bcd",
    "europe-west10": "abc",
    "europe-west12": "abc",
    "europe-west2": "abc",
    "europe-west3": "abc",
    "europe-west4": "abc",
    "europe-west6": "abc",
    "europe-west8": "abc",
    "europe-west9": "abc",
    "me-central1": "abc",
    "me-central2": "abc",
    "me-west1": "abc",
    "northamerica-northeast1": "abc",
    "northamerica-northeast2": "abc",
    "northamerica-south1": "abc",
    "southamerica-east1": "abc",
    "southamerica-west1": "abc",
    "us-central1": "abcf",
    "us-east1": "bcd",
    "us-east4": "abc",
    "us-east5": "abc",
    "us-south1": "abc",
    "us-west1": "abc",
    "us-west2": "abc",
    "us-west3": "abc",
    "us-west4": "abc",
};

/** Region of a region or of a zone: `europe-west1` of `europe-west1-b`. */
export function regionOf(location: string): string {
    return /^[a-z]+-[a-z]+[0-9]+/.exec(location)?.[0] ?? location;
}

/** The zones of a region; none of one that the table does not have. */
function zonesOf(region: string): string[] {
    const letters = Object.hasOwn(REGIONS, region) ? REGIONS[region]! : "";
    return [...letters].map((letter) => `${region}-${letter}`);
}

/**
 * Why Google has no such region or zone, or undefined where it has; to be read after a path.
 *
 * @param location a region or a zone
 * @param unlisted zones that are known besides the table, and so are their regions
 */
export function locationError(location: string, unlisted: readonly string[]): string | undefined {
    const region = regionOf(location);
    const known = [...zonesOf(region), ...unlisted.filter((zone) => regionOf(zone) === region)];
    const table = `Google's table of ${LOCATIONS_DATE}`;
    const wayOut = "a newer zone can be added to gke.unlistedZones";
    if (known.length === 0) {
        const area = region.split("-")[0]!;
        const near = Object.keys(REGIONS).filter((name) => name.startsWith(`${area}-`));
        const choice = near.length > 0 ? `has ${near.join(", ")} there` : "has no region there";
        return `${region} is not a region of ${table}, which ${choice}; ${wayOut}`;
    }
    return location === region || known.includes(location)
        ? undefined
        : `${location} is not a zone of ${table}, which has ${known.join(", ")} in ${region}; ${wayOut}`;
}

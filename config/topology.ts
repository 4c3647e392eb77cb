/** Topology validation: zones, clusters and storage classes, across the blocks of a stack file. */
import type { ConfigIssue } from "../common/configIssue.ts";
import { diskKeyError } from "../common/google/keys.ts";
import { regionOf } from "../common/google/locations.ts";
import type { KubeTarget } from "../common/kubeTarget.ts";
import { duplicates, namesText } from "./errors.ts";
import { blocksOf, isBlock, type Raw, valueAt } from "./raw.ts";
import { type ParsedGke, unreachableImage, zoneErrors } from "./schema/gke.ts";
import type { Rule } from "./schema/rules.ts";
import { isGoogleDisk, type StorageClassConfig } from "./schema/storageClasses.ts";

/** The fields of an environment that topology rules read. */
interface Topology {
    readonly zones: readonly string[];
    readonly minimumZones: number;
    readonly kubernetes: KubeTarget;
    readonly gke: ParsedGke | undefined;
    readonly image: string;
    readonly storageClasses: readonly StorageClassConfig[];
}

export const topologyRules: readonly Rule<Topology>[] = [
    ({ zones, storageClasses }, error) => {
        for (const { index, message } of duplicates(zones ?? [])) {
            error(["zones", index], message);
        }
        for (const { index, message } of duplicates((storageClasses ?? []).map(({ name }) => name))) {
            error(["storageClasses", index], message);
        }
    },
    ({ zones, minimumZones }, error) => {
        if (zones !== undefined && minimumZones !== undefined && zones.length < minimumZones) {
            error(["zones"], `${zones.length} zones are fewer than minimumZones (${minimumZones}); add more`);
        }
    },
    ({ gke, kubernetes }, error, invalid) => {
        const namesContext = invalid.has("kubernetes") || Object.keys(kubernetes ?? {}).length > 0;
        if ((gke !== undefined || invalid.has("gke")) && namesContext) {
            error(["kubernetes"], "excludes gke, which names the cluster already; remove one of the two");
        }
    },
    ({ gke, zones }, error) => {
        if (gke !== undefined && zones !== undefined) {
            zoneErrors(gke, zones, error);
        }
    },
    ({ gke, image }, error) => {
        const unreachable = gke && image !== undefined && unreachableImage(gke, image);
        if (unreachable) {
            error(["image"], unreachable);
        }
    },
    ({ gke, storageClasses = [] }, error) => {
        storageClasses.forEach((storageClass, i) => {
            const key = isGoogleDisk(storageClass) ? storageClass.encryptionKey : undefined;
            const elsewhere = gke && key && diskKeyError(key, regionOf(gke.location));
            if (elsewhere) {
                error(["storageClasses", i, "encryptionKey"], elsewhere);
            }
        });
    },
];

/** A PVC of a class that does not exist would stay pending. */
export function storageClassIssues(raw: Raw): ConfigIssue[] {
    const names = blocksOf(raw.storageClasses).map(([, { name }]) => name);
    const blocks: [path: string, block: unknown][] = [["", raw]];
    blocks.push(...blocksOf(raw.projects).map(([i, entry]): [string, unknown] => [`projects[${i}].`, entry]));
    if (isBlock(raw.sizes)) {
        blocks.push(
            ...Object.entries(raw.sizes).map(([name, size]): [string, unknown] => [`sizes.${name}.`, size]),
        );
    }
    return blocks.flatMap(([path, block]) =>
        ["zookeeper", "kafka"].flatMap((key): ConfigIssue[] => {
            const wanted = valueAt(block, [key, "disk", "storageClass"]);
            if (typeof wanted !== "string" || names.includes(wanted)) {
                return [];
            }
            const message = `${wanted} is not among storageClasses (${namesText(names)})`;
            return [{ path: `${path}${key}.disk.storageClass`, message }];
        }),
    );
}

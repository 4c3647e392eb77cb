/** Faults of the places to run in, across the blocks of a stack file: zones, storage classes, clusters. */
import { type ConfigIssue, valueText } from "./errors.ts";
import { blocksOf, isBlock, valueAt } from "./rules.ts";
import { gkeIssues, gkeSchema } from "./schema/gke.ts";

type Raw = Record<string, unknown>;

export function topologyIssues(raw: Raw): ConfigIssue[] {
    return [
        ...duplicateIssues(raw),
        ...zoneIssues(raw),
        ...clusterIssues(raw),
        ...diskIssues(raw),
        ...storageClassIssues(raw),
    ];
}

function duplicateIssues(raw: Raw): ConfigIssue[] {
    const twice = (list: unknown, path: string, name: (entry: unknown) => unknown): ConfigIssue[] =>
        (Array.isArray(list) ? list.map(name) : []).flatMap((value, i, all) =>
            value !== undefined && all.indexOf(value) < i
                ? [{ path: `${path}[${i}]`, message: `${valueText(value)} is there twice` }]
                : [],
        );
    return [
        ...twice(raw.zones, "zones", (zone) => zone),
        ...twice(raw.storageClasses, "storageClasses", (entry) => (isBlock(entry) ? entry.name : undefined)),
    ];
}

function zoneIssues({ zones = [], minimumZones }: Raw): ConfigIssue[] {
    if (!Array.isArray(zones) || typeof minimumZones !== "number" || zones.length >= minimumZones) {
        return [];
    }
    const message = `${zones.length} of them are fewer than minimumZones (${minimumZones}); name more`;
    return [{ path: "zones", message }];
}

function clusterIssues({ gke, kubernetes, zones }: Raw): ConfigIssue[] {
    if (gke === undefined) {
        return [];
    }
    const faults: ConfigIssue[] = [];
    if (isBlock(kubernetes) && Object.keys(kubernetes).length > 0) {
        faults.push({ path: "kubernetes", message: "must go where gke names the cluster, or gke must" });
    }
    const parsed = gkeSchema.safeParse(gke);
    const named = Array.isArray(zones) ? zones.filter((zone) => typeof zone === "string") : [];
    if (parsed.success) {
        faults.push(...gkeIssues(parsed.data, named));
    }
    return faults;
}

/** Only a Hyperdisk is what it is told to be; the others follow from their size. */
function diskIssues(raw: Raw): ConfigIssue[] {
    return blocksOf(raw.storageClasses).flatMap(([i, { disk, iops, throughput }]): ConfigIssue[] => {
        const path = `storageClasses[${i}]`;
        if (disk === undefined || disk === "hyperdisk-balanced") {
            // Google's limit: 256 operations a second of 4 KiB carry a MiB/s.
            if (typeof iops === "number" && typeof throughput === "number" && throughput * 4 > iops) {
                return [
                    {
                        path: `${path}.throughput`,
                        message: `${throughput} is more than a quarter of iops (${iops})`,
                    },
                ];
            }
            return [];
        }
        return Object.entries({ iops, throughput }).flatMap(([key, value]) =>
            value === undefined
                ? []
                : [
                      {
                          path: `${path}.${key}`,
                          message: `is for hyperdisk-balanced only, not for ${String(disk)}`,
                      },
                  ],
        );
    });
}

/** A claim of a class that nothing creates would wait for ever. */
function storageClassIssues(raw: Raw): ConfigIssue[] {
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
            const among = names.length > 0 ? names.join(", ") : "none are there";
            const message = `${wanted} is not among storageClasses (${among})`;
            return [{ path: `${path}${key}.disk.storageClass`, message }];
        }),
    );
}

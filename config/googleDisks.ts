/** Whether Google has the disks that servers ask for, and whether their machines take them. */
import type { ConfigIssue } from "../common/configIssue.ts";
import { DISKS_DATE, diskSizeError, disksOf, HYPERDISK } from "../common/google/disks.ts";
import { bytes } from "../common/quantity.ts";
import { familyOf } from "../planning/machineTypes.ts";
import { SERVER_TYPES } from "../planning/model.ts";
import type { Environment } from "./schema/environment.ts";
import { type GoogleDiskClass, isGoogleDisk } from "./schema/storageClasses.ts";

type Disks = Pick<Environment, "gke" | "projects" | "storageClasses">;

const TABLE = `Google's table of ${DISKS_DATE}`;

/** Sizes and IOPS beyond Google's limits, and disks that the machines of a pool do not take. */
export function googleDiskIssues(environment: Disks): ConfigIssue[] {
    return [...limitIssues(environment), ...machineIssues(environment)];
}

function limitIssues(environment: Disks): ConfigIssue[] {
    return environment.projects.flatMap((project, i) =>
        SERVER_TYPES.flatMap((server): ConfigIssue[] => {
            const { size, storageClass: name } = project[server].disk;
            const storageClass = googleClass(environment, name);
            if (storageClass === undefined) {
                return [];
            }
            const wrongSize = diskSizeError(storageClass.disk, bytes(size));
            const mostIops = Math.floor((bytes(size) / 1024 ** 3) * HYPERDISK.iopsPerGib);
            const { iops = 0 } = storageClass;
            const message =
                wrongSize ??
                (iops > mostIops
                    ? `has at most ${mostIops} IOPS, ${HYPERDISK.iopsPerGib} for each GiB, and storage class ${name} provisions ${iops}`
                    : undefined);
            return message === undefined
                ? []
                : [{ path: `projects[${i}].${server}.disk.size`, message: `${size} ${message}` }];
        }),
    );
}

/** One error for each pool, server and storage class, however many Projects have it. */
function machineIssues(environment: Disks): ConfigIssue[] {
    return (environment.gke?.nodePools ?? []).flatMap(({ machineType, servers }, i) => {
        const family = familyOf(machineType);
        const taken: readonly string[] = disksOf(family);
        return servers.flatMap((server) => {
            const users = Map.groupBy(environment.projects, (project) => project[server].disk.storageClass);
            return [...users].flatMap(([name, projects]): ConfigIssue[] => {
                const disk = googleClass(environment, name)?.disk;
                if (disk === undefined || taken.length === 0 || taken.includes(disk)) {
                    return [];
                }
                const others = projects.length > 1 ? ` and ${projects.length - 1} more` : "";
                return [
                    {
                        path: `gke.nodePools[${i}].machineType`,
                        message: `${family} machines take ${taken.join(", ")}, not ${disk}, which storage class ${name} has for ${server} of ${projects[0]!.name}${others} (${TABLE})`,
                    },
                ];
            });
        });
    });
}

/** Storage classes whose disks the machines of no pool take: `path: message` each. */
export function unusableClasses({
    gke,
    storageClasses,
}: Pick<Environment, "gke" | "storageClasses">): string[] {
    if (!gke) {
        return [];
    }
    const taken: readonly string[] = gke.nodePools.flatMap(({ machineType }) =>
        disksOf(familyOf(machineType)),
    );
    return storageClasses.flatMap((storageClass, i) =>
        !isGoogleDisk(storageClass) || taken.includes(storageClass.disk)
            ? []
            : [
                  `storageClasses[${i}].disk: no node pool has machines that take ${storageClass.disk}, so no server can use ${storageClass.name}`,
              ],
    );
}

function googleClass({ storageClasses }: Disks, name: string): GoogleDiskClass | undefined {
    return storageClasses.filter(isGoogleDisk).find((storageClass) => storageClass.name === name);
}

/** What config may say of node pools on GKE. */
import { z } from "zod";
import { DISKS_DATE, diskSizeError, disksOf, GOOGLE_DISKS } from "../../common/google/disks.ts";
import { bytes } from "../../common/quantity.ts";
import { familyOf } from "../../planning/machineTypes.ts";
import { SERVER_TYPES } from "../../planning/model.ts";
import { duplicates } from "../errors.ts";
import { dnsName, flag, size, whole } from "./fields.ts";
import { gkeName, matching } from "./googleNames.ts";
import { type Rule, withRules } from "./rules.ts";

const MACHINE =
    "must be a machine type of Compute Engine with 2 or more CPUs of its own, such as n2-standard-8 or e2-highmem-4";

const SMALLEST_BOOT_DISK = "20Gi";

const machineType = () =>
    matching(/^[a-z][a-z0-9]*-(standard|highmem|highcpu)-([2-9]|[1-9][0-9]+)$/, MACHINE).describe(
        "Machine type of each node.",
    );

const bootDisk = () =>
    z
        .strictObject(
            {
                type: z
                    .enum(GOOGLE_DISKS, { error: `must be one of ${GOOGLE_DISKS.join(", ")}` })
                    .optional()
                    .describe(
                        "Type of the disk. Default: pd-balanced, or hyperdisk-balanced where the machine takes no other.",
                    ),
                size: size().default("50Gi").describe("Size of the disk, 20Gi or more."),
            },
            { error: "must be a block with type and size" },
        )
        .prefault({})
        .describe("Boot disk of each node; data is on PVCs.");

interface Sizes {
    readonly machineType: string;
    readonly bootDisk: { readonly type?: string | undefined; readonly size: string };
    readonly minPerZone: number;
    readonly maxPerZone: number;
}

const sizeRules: readonly Rule<Sizes>[] = [
    ({ minPerZone, maxPerZone }, error) => {
        if (minPerZone !== undefined && maxPerZone !== undefined && minPerZone > maxPerZone) {
            error(["minPerZone"], `${minPerZone} is more than maxPerZone (${maxPerZone})`);
        }
    },
    ({ bootDisk }, error) => {
        if (bootDisk === undefined) {
            return;
        }
        const path = ["bootDisk", "size"];
        const tooLarge = diskSizeError(bootDisk.type ?? "disk", bytes(bootDisk.size));
        if (bytes(bootDisk.size) < bytes(SMALLEST_BOOT_DISK)) {
            error(path, `${bootDisk.size} is less than the ${SMALLEST_BOOT_DISK} that a node requires`);
        } else if (tooLarge !== undefined) {
            error(path, `${bootDisk.size} ${tooLarge}`);
        }
    },
    ({ machineType: machine, bootDisk }, error) => {
        if (machine === undefined || bootDisk?.type === undefined) {
            return;
        }
        const taken: readonly string[] = disksOf(familyOf(machine));
        // The machine types that this program does not know are an error of their own.
        if (taken.length > 0 && !taken.includes(bootDisk.type)) {
            error(
                ["bootDisk", "type"],
                `${bootDisk.type} is not taken by ${familyOf(machine)} machines; they take ${taken.join(", ")} (Google's table of ${DISKS_DATE})`,
            );
        }
    },
];

export const nodePoolSchema = withRules(
    z.strictObject(
        {
            name: gkeName().describe("Name of the pool in the cluster."),
            servers: z
                .array(z.enum(SERVER_TYPES, { error: `must be ${SERVER_TYPES.join(" or ")}` }), {
                    error: `must be a list of ${SERVER_TYPES.join(" and ")}`,
                })
                .min(1, { error: "must name kafka, zookeeper or both" })
                .describe("Servers whose pods run here. All other pods are kept off by a taint."),
            machineType: machineType(),
            bootDisk: bootDisk(),
            spot: flag()
                .default(false)
                .describe("Spot VMs: cheaper, and preempted by Google at any time; never for brokers."),
            zones: z
                .array(dnsName(), { error: "must be a list of zones" })
                .min(1, { error: "must name one zone or more" })
                .optional()
                .describe("Zones with nodes of this pool. Default: the zones of the environment."),
            minPerZone: whole(0, 1000, "nodes").default(0).describe("Nodes that each zone keeps."),
            maxPerZone: whole(1, 1000, "nodes").describe("Nodes that each zone may grow to."),
        },
        { error: "must be a block that describes a node pool" },
    ),
    [
        ...sizeRules,
        ({ spot, servers }, error) => {
            if (spot && servers?.includes("kafka")) {
                error(["spot"], "must be false where brokers run: Google may preempt several nodes at once");
            }
        },
        ({ zones }, error) => {
            for (const { index, message } of duplicates(zones ?? [])) {
                error(["zones", index], message);
            }
        },
    ],
);

export const systemPoolSchema = withRules(
    z.strictObject(
        {
            name: gkeName().default("system").describe("Name of the pool in the cluster."),
            machineType: machineType(),
            bootDisk: bootDisk(),
            minPerZone: whole(1, 100, "nodes").default(1).describe("Nodes that each zone keeps."),
            maxPerZone: whole(1, 100, "nodes").describe("Nodes that each zone may grow to."),
        },
        { error: "must be a block such as {machineType: e2-standard-2, maxPerZone: 2}" },
    ),
    sizeRules,
);

type ParsedPool = z.output<typeof nodePoolSchema>;

/** A node pool with everything decided. */
export interface NodePoolConfig extends Omit<ParsedPool, "zones" | "bootDisk"> {
    readonly zones: readonly string[];
    readonly bootDisk: { readonly type: string; readonly size: string };
}

/** @param zones the zones of the environment */
export function resolvePool(pool: ParsedPool, zones: readonly string[]): NodePoolConfig {
    const { type = disksOf(familyOf(pool.machineType))[0] ?? GOOGLE_DISKS[0], size } = pool.bootDisk;
    return { ...pool, zones: pool.zones ?? zones, bootDisk: { type, size } };
}

/** The pool for the pods of the system: like the others, in every zone, for no servers and therefore without a taint. */
export function resolveSystemPool(
    pool: z.output<typeof systemPoolSchema>,
    zones: readonly string[],
): NodePoolConfig {
    return resolvePool({ ...pool, servers: [], spot: false }, zones);
}

/** What config may say of the cluster on Google Kubernetes Engine and of its node pools. */
import { z } from "zod";
import { regionOf } from "../../common/googleCloud.ts";
import { bytes } from "../../common/quantity.ts";
import { SERVER_TYPES } from "../../planning/model.ts";
import { duplicates, namesText } from "../errors.ts";
import { DNS_NAME, dnsName, flag, size, text, whole } from "./fields.ts";
import { type Report, withRules } from "./rules.ts";

const POOL_NAME = "must be 1 to 40 lower-case letters, digits or dashes, beginning with a letter";
const MACHINE =
    "must be a machine type of Compute Engine with 2 or more CPUs of its own, such as n2-standard-8 or e2-highmem-4";
const LOCATION = "must be a region such as europe-west1, or a zone such as europe-west1-b";
const PROJECT_ID = "must be the id of a Google Cloud project: 6 to 30 lower-case letters, digits or dashes";
const CIDR = "must be a range of addresses, such as 10.0.0.0/8";
const KEY =
    "must be the full name of a Cloud KMS key: projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY";
const RRULE = "must be an RRULE of RFC 5545, such as FREQ=WEEKLY;BYDAY=SA,SU";
const TIME = 'must be a time of day in UTC, in quotes, such as "02:00"';

const gkeName = (error = POOL_NAME) =>
    z.string({ error }).regex(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/, { error });
const matching = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });

/** Full name of a key of Cloud KMS. */
export const kmsKey = () =>
    matching(/^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+$/, KEY);

/** Google's disk types that config may name: pd-standard is too slow. */
export const GOOGLE_DISKS = ["pd-balanced", "pd-ssd", "hyperdisk-balanced"] as const;

const range = () => z.cidrv4({ error: CIDR });

const SMALLEST_BOOT_DISK = "20Gi";

const nodePoolSchema = withRules(
    z.strictObject(
        {
            name: gkeName().describe("Name of the pool in the cluster."),
            servers: z
                .array(z.enum(SERVER_TYPES, { error: `must be ${SERVER_TYPES.join(" or ")}` }), {
                    error: `must be a list of ${SERVER_TYPES.join(" and ")}`,
                })
                .min(1, { error: "must name kafka, zookeeper or both" })
                .describe("Servers whose pods run here. All other pods are kept off by a taint."),
            machineType: matching(
                /^[a-z][a-z0-9]*-(standard|highmem|highcpu)-([2-9]|[1-9][0-9]+)$/,
                MACHINE,
            ).describe("Machine type of each node."),
            bootDisk: z
                .strictObject(
                    {
                        type: z
                            .enum(GOOGLE_DISKS, { error: `must be one of ${GOOGLE_DISKS.join(", ")}` })
                            .default("pd-balanced")
                            .describe("Type of the disk."),
                        size: size().default("50Gi").describe("Size of the disk, 20Gi or more."),
                    },
                    { error: "must be a block with type and size" },
                )
                .prefault({})
                .describe("Boot disk of each node; data is on PVCs."),
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
        ({ minPerZone, maxPerZone }, error) => {
            if (minPerZone !== undefined && maxPerZone !== undefined && minPerZone > maxPerZone) {
                error(["minPerZone"], `${minPerZone} is more than maxPerZone (${maxPerZone})`);
            }
        },
        ({ spot, servers }, error) => {
            if (spot && servers?.includes("kafka")) {
                error(["spot"], "must be false where brokers run: Google may preempt several nodes at once");
            }
        },
        ({ bootDisk }, error) => {
            if (bootDisk !== undefined && bytes(bootDisk.size) < bytes(SMALLEST_BOOT_DISK)) {
                error(
                    ["bootDisk", "size"],
                    `${bootDisk.size} is less than the ${SMALLEST_BOOT_DISK} that a node requires`,
                );
            }
        },
        ({ zones }, error) => {
            for (const { index, message } of duplicates(zones ?? [])) {
                error(["zones", index], message);
            }
        },
    ],
);

const createSchema = z.strictObject(
    {
        network: text("must be the name of a VPC network").describe("VPC network."),
        subnetwork: text("must be the name of a subnetwork").describe("Subnetwork of the nodes."),
        podRange: text("must be the name of a secondary range").describe("Secondary range of the pods."),
        serviceRange: text("must be the name of a secondary range").describe("Secondary range of services."),
        controlPlaneRange: range()
            .refine((text) => text.endsWith("/28"), {
                error: "must be a range of 16 addresses, such as 172.16.0.0/28",
            })
            .describe("Addresses of the control plane, a /28 that nothing else uses."),
        authorizedNetworks: z
            .array(
                z.strictObject(
                    {
                        name: text("must be a name").describe("Name of the network, for people."),
                        range: range().describe("Its addresses."),
                    },
                    { error: "must be a block with name and range" },
                ),
                { error: "must be a list of networks" },
            )
            .min(1, { error: "must name one network or more, or the API is unreachable" })
            .describe("Networks that are allowed to reach the Kubernetes API."),
        secretsKey: kmsKey().describe("Cloud KMS key that encrypts Secrets in the cluster's database."),
        releaseChannel: z
            .enum(["REGULAR", "STABLE", "EXTENDED"], { error: "must be REGULAR, STABLE or EXTENDED" })
            .default("REGULAR")
            .describe("GKE release channel."),
        deletionProtection: flag()
            .default(true)
            .describe(
                "Whether Google refuses to delete the cluster. To delete it, set false and run `up` first.",
            ),
        maintenance: z
            .strictObject(
                {
                    start: matching(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, TIME)
                        .default("02:00")
                        .describe("Start of a maintenance window, UTC."),
                    hours: whole(4, 24, "hours").default(6).describe("Length of a window, hours."),
                    recurrence: matching(/^FREQ=(DAILY|WEEKLY)(;[A-Z]+=[A-Z0-9,]+)*$/, RRULE)
                        .default("FREQ=WEEKLY;BYDAY=SA,SU")
                        .describe("Days of the windows. GKE requires 48 hours of them in 32 days."),
                },
                { error: "must be a block with start, hours and recurrence" },
            )
            .prefault({})
            .describe("When Google may upgrade the control plane and the nodes."),
    },
    { error: "must be a block that describes the cluster to create" },
);

export const gkeSchema = withRules(
    z.strictObject(
        {
            project: matching(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, PROJECT_ID).describe(
                "Id of the Google Cloud project.",
            ),
            location: matching(/^[a-z]+-[a-z]+[0-9]+(-[a-z])?$/, LOCATION).describe(
                "Region of a regional cluster (three control planes), or zone of a zonal one.",
            ),
            cluster: gkeName().describe("Name of the cluster."),
            create: createSchema
                .optional()
                .describe("Create the cluster. Without it, the cluster must exist and is only checked."),
            nodePools: z
                .array(nodePoolSchema, { error: "must be a list of node pools" })
                .min(1, { error: "must have one node pool or more" })
                .describe("Node pools that this program creates for the servers."),
        },
        { error: "must be a block with project, location, cluster and nodePools" },
    ),
    [
        ({ nodePools = [] }, error) => {
            for (const { index, message } of duplicates(nodePools.map(({ name }) => name))) {
                error(["nodePools", index, "name"], message);
            }
        },
        ({ nodePools }, error) => {
            for (const type of SERVER_TYPES) {
                if (nodePools !== undefined && !nodePools.some(({ servers }) => servers.includes(type))) {
                    error(["nodePools"], `no pool is for ${type}; add ${type} to the servers of one`);
                }
            }
        },
    ],
);

export type ParsedGke = z.output<typeof gkeSchema>;

/** A cluster to create. */
export type GkeCreation = z.output<typeof createSchema>;

/** A node pool with everything decided. */
export interface NodePoolConfig extends Omit<z.output<typeof nodePoolSchema>, "zones"> {
    readonly zones: readonly string[];
}

/** The GKE cluster of an environment with everything decided. */
export interface GkeConfig extends Omit<ParsedGke, "nodePools"> {
    readonly nodePools: readonly NodePoolConfig[];
}

/** The name that `gcloud container clusters get-credentials` gives the cluster's context in a kubeconfig. */
export function contextName({
    project,
    location,
    cluster,
}: Pick<GkeConfig, "project" | "location" | "cluster">) {
    return `gke_${project}_${location}_${cluster}`;
}

export function resolveGke(gke: ParsedGke, zones: readonly string[]): GkeConfig {
    return { ...gke, nodePools: gke.nodePools.map((pool) => ({ ...pool, zones: pool.zones ?? zones })) };
}

/** Errors of the node pools' zones, against the region of the cluster and the zones of the environment. */
export function zoneErrors(
    { location, nodePools }: ParsedGke,
    zones: readonly string[],
    error: Report,
): void {
    const region = regionOf(location);
    nodePools.forEach((pool, i) => {
        const path = ["nodePools", i];
        const own = pool.zones ?? zones;
        if (own.length === 0) {
            error([...path, "zones"], "is missing, and the environment names no zones either");
        }
        own.forEach((zone, j) => {
            const where = pool.zones ? [...path, "zones", j] : path;
            if (DNS_NAME.test(zone) && !zone.startsWith(`${region}-`)) {
                error(where, `${zone} is not in the region of the cluster (${region})`);
            } else if (!zones.includes(zone)) {
                error(where, `${zone} is not among zones (${namesText(zones)})`);
            }
        });
    });
    for (const type of SERVER_TYPES) {
        const pools = nodePools.filter(({ servers }) => servers.includes(type));
        for (const zone of pools.length > 0 ? zones : []) {
            if (!pools.some((pool) => (pool.zones ?? zones).includes(zone))) {
                error(["nodePools"], `no pool for ${type} has nodes in ${zone}`);
            }
        }
    }
}

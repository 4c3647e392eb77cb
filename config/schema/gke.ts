/** What config may say of the cluster on Google Kubernetes Engine. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { clusterKeyError } from "../../common/google/keys.ts";
import { locationError, regionOf } from "../../common/google/locations.ts";
import { SERVER_TYPES } from "../../planning/model.ts";
import { duplicates, namesText } from "../errors.ts";
import { artifactRepositoryOf, registryOf, throughRepository, upstreamOf } from "./artifactRegistry.ts";
import { DNS_NAME, flag } from "./fields.ts";
import { createSchema } from "./gkeCreation.ts";
import { gkeName, googleName, matching, projectId } from "./googleNames.ts";
import { type NodePoolConfig, nodePoolSchema, resolvePool, resolveSystemPool } from "./nodePools.ts";
import { type Report, withRules } from "./rules.ts";

const LOCATION = "must be a region such as europe-west1, or a zone such as europe-west1-b";
const UPSTREAM = "must be the address of a registry, such as https://quay.io";
const ZONE = "must be a zone such as europe-west1-b";

export const gkeSchema = withRules(
    z.strictObject(
        {
            project: projectId().describe("Id of the Google Cloud project."),
            location: matching(/^[a-z]+-[a-z]+[0-9]+(-[a-z])?$/, LOCATION).describe(
                "Region of a regional cluster (three control planes), or zone of a zonal one.",
            ),
            unlistedZones: z
                .array(matching(/^[a-z]+-[a-z]+[0-9]+-[a-z]$/, ZONE), { error: "must be a list of zones" })
                .default([])
                .describe(
                    "Zones that Google opened after this program's table of them was written. They and their regions are accepted.",
                ),
            cluster: gkeName().describe("Name of the cluster."),
            create: createSchema
                .optional()
                .describe("Create the cluster. Without it, the cluster must exist and is only checked."),
            remoteRepository: z
                .strictObject(
                    {
                        name: googleName("a repository").describe("Name of the repository."),
                        upstream: matching(/^https:\/\/[a-z0-9][a-z0-9.-]*(:[0-9]+)?$/, UPSTREAM).describe(
                            "Address of the registry behind it, such as https://quay.io.",
                        ),
                    },
                    { error: "must be a block such as {name: quay, upstream: https://quay.io}" },
                )
                .optional()
                .describe(
                    "Remote repository of Artifact Registry to create in the cluster's region; nodes pull the image through it.",
                ),
            otherEgress: flag()
                .default(false)
                .describe(
                    "Whether the nodes reach the image's registry in a way that the checks cannot see, such as a proxy of yours.",
                ),
            nodePools: z
                .array(nodePoolSchema, { error: "must be a list of node pools" })
                .min(1, { error: "must have one node pool or more" })
                .describe("Node pools that this program creates for the servers."),
        },
        { error: "must be a block with project, location, cluster and nodePools" },
    ),
    [
        ({ location, unlistedZones = [] }, error) => {
            const unknown = location && locationError(location, unlistedZones);
            if (unknown) {
                error(["location"], unknown);
            }
        },
        ({ create, nodePools = [] }, error) => {
            const names = [...nodePools.map(({ name }) => name), create?.systemPool.name];
            for (const { index, message } of duplicates(names)) {
                const isSystem = index === nodePools.length;
                error([...(isSystem ? ["create", "systemPool"] : ["nodePools", index]), "name"], message);
            }
        },
        ({ nodePools }, error) => {
            for (const type of SERVER_TYPES) {
                if (nodePools !== undefined && !nodePools.some(({ servers }) => servers.includes(type))) {
                    error(["nodePools"], `no pool is for ${type}; add ${type} to the servers of one`);
                }
            }
        },
        ({ create, location }, error) => {
            if (create === undefined || location === undefined) {
                return;
            }
            const elsewhere = clusterKeyError(create.secretsKey, location);
            if (elsewhere !== undefined) {
                error(["create", "secretsKey"], elsewhere);
            }
            const [, region = regionOf(location)] = /\/regions\/([^/]+)\//.exec(create.subnetwork) ?? [];
            if (region !== regionOf(location)) {
                error(
                    ["create", "subnetwork"],
                    `is in ${region}, and the cluster is in ${regionOf(location)}`,
                );
            }
        },
    ],
);

export type ParsedGke = z.output<typeof gkeSchema>;

/** The GKE cluster of an environment with everything decided. */
export interface GkeConfig extends Omit<ParsedGke, "nodePools"> {
    /** The pools of the servers. */
    readonly nodePools: readonly NodePoolConfig[];
    /** The pool of the cluster's own pods, in a cluster that this program creates. */
    readonly systemPool?: NodePoolConfig;
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
    return {
        ...gke,
        nodePools: gke.nodePools.map((pool) => resolvePool(pool, zones)),
        ...(gke.create && { systemPool: resolveSystemPool(gke.create.systemPool, zones) }),
    };
}

/** Why the nodes could not pull the image, or undefined where they can or Google must be asked. */
export function unreachableImage(gke: ParsedGke, image: string): string | undefined {
    const { create, project, remoteRepository } = gke;
    const location = regionOf(gke.location);
    const written = artifactRepositoryOf(image);
    if (remoteRepository) {
        const own = { project, location, repository: remoteRepository.name };
        if (isDeepStrictEqual(written, own)) {
            return undefined;
        }
        return written
            ? `is in repository ${written.repository} in ${written.location} of project ${written.project}, and gke.remoteRepository creates ${own.repository} in ${location} of ${project}; correct one of them`
            : `is not pulled through gke.remoteRepository; write it as ${throughRepository(image, own)}`;
    }
    if (create === undefined || create.nat || gke.otherEgress || written) {
        return undefined;
    }
    const registry = registryOf(image);
    const example = throughRepository(image, { project, location, repository: "NAME" });
    return `is on ${registry}, which nodes without public addresses do not reach; write it as ${example} and add gke.remoteRepository {name: NAME, upstream: ${upstreamOf(registry)}}, or set gke.create.nat: true`;
}

/** Errors of an environment's zones and its node pools', against the region of the cluster. */
export function zoneErrors(gke: ParsedGke, zones: readonly string[], error: Report): void {
    const { location, nodePools, unlistedZones } = gke;
    if (locationError(location, unlistedZones) !== undefined) {
        return; // an error of the location
    }
    const region = regionOf(location);
    zones.forEach((zone, i) => {
        if (DNS_NAME.test(zone) && !zone.startsWith(`${region}-`)) {
            error(["zones", i], `${zone} is not in the region of the cluster (${region})`);
        } else {
            const unknown = locationError(zone, unlistedZones);
            if (unknown !== undefined) {
                error(["zones", i], unknown);
            }
        }
    });
    nodePools.forEach((pool, i) => {
        const path = ["gke", "nodePools", i, "zones"];
        if ((pool.zones ?? zones).length === 0) {
            error(path, "is missing, and the environment names no zones either");
        }
        (pool.zones ?? []).forEach((zone, j) => {
            if (DNS_NAME.test(zone) && !zone.startsWith(`${region}-`)) {
                error([...path, j], `${zone} is not in the region of the cluster (${region})`);
            } else if (!zones.includes(zone)) {
                error([...path, j], `${zone} is not among zones (${namesText(zones)})`);
            }
        });
    });
    for (const type of SERVER_TYPES) {
        const pools = nodePools.filter(({ servers }) => servers.includes(type));
        for (const zone of pools.length > 0 ? zones : []) {
            if (!pools.some((pool) => (pool.zones ?? zones).includes(zone))) {
                error(["gke", "nodePools"], `no pool for ${type} has nodes in ${zone}`);
            }
        }
    }
}

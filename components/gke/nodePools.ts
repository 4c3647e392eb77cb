import { NodePool } from "@pulumi/gcp/container/nodePool.js";
import type { container } from "@pulumi/gcp/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { POOL_TAINT, poolLabel, SYSTEM_POOL_LABEL } from "../../common/names.ts";
import { bytes } from "../../common/quantity.ts";
import type { GkeConfig } from "../../config/schema/gke.ts";
import type { NodePoolConfig } from "../../config/schema/nodePools.ts";
import { allPools } from "../../planning/model.ts";
import type { DeletionGuard } from "../project/deletionGuard.ts";
import { nodePoolTimeouts } from "../timeouts.ts";

export interface NodePoolsArgs {
    readonly gke: GkeConfig;
    /** Name of the cluster, known once it exists. */
    readonly cluster: pulumi.Input<string>;
    /** Email of the nodes' service account. */
    readonly serviceAccount: pulumi.Input<string>;
    /** Labels of the pools, their machines and boot disks. */
    readonly resourceLabels: Readonly<Record<string, string>> | undefined;
    readonly deletionGuard: DeletionGuard;
}

/** Settings of every node, those of the cluster's short-lived first pool too. */
export function secureNode(serviceAccount: pulumi.Input<string>) {
    return {
        serviceAccount,
        // The account's permissions are those of its roles; narrower scopes on top are Google's older way.
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        metadata: { "disable-legacy-endpoints": "true" },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        // Pods cannot use the node's own account.
        workloadMetadataConfig: { mode: "GKE_METADATA" },
    };
}

function nodeConfig(
    pool: NodePoolConfig,
    serviceAccount: pulumi.Input<string>,
): container.NodePoolNodeConfig {
    return {
        ...secureNode(serviceAccount),
        machineType: pool.machineType,
        diskType: pool.bootDisk.type,
        // The API's "GB" are GiB.
        diskSizeGb: Math.ceil(bytes(pool.bootDisk.size) / 1024 ** 3),
        spot: pool.spot,
        imageType: "COS_CONTAINERD",
        loggingVariant: "DEFAULT",
        ...(pool.servers.length > 0
            ? {
                  labels: Object.fromEntries(pool.servers.map((server) => [poolLabel(server), "true"])),
                  taints: [{ key: POOL_TAINT, value: "true", effect: "NO_SCHEDULE" }],
                  // Each segment of a broker's log takes two memory maps (Kafka documentation, "Hardware and OS"),
                  // whose default of 65530 maps ends at 32,000 segments. Four times that is within what GKE allows.
                  linuxNodeConfig: { sysctls: { "vm.max_map_count": "262144" } },
              }
            : // The cluster's own pods tolerate no taint of ours.
              { labels: { [SYSTEM_POOL_LABEL]: "true" } }),
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
    };
}

/**
 * The node pools of an environment: nodes dedicated to its servers, in the zones that config names, and in a cluster
 * that this program creates also those for the cluster's own pods.
 */
export class NodePools extends pulumi.ComponentResource {
    constructor(name: string, args: NodePoolsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:NodePools", name, {}, opts);
        const { gke, cluster, serviceAccount, resourceLabels, deletionGuard } = args;
        for (const pool of allPools(gke)) {
            new NodePool(
                `${name}-${pool.name}`,
                {
                    name: pool.name,
                    project: gke.project,
                    location: gke.location,
                    cluster,
                    nodeLocations: [...pool.zones],
                    // The autoscaler does not fill an empty pool up to its minimum, so it begins there.
                    initialNodeCount: pool.minPerZone,
                    autoscaling: {
                        minNodeCount: pool.minPerZone,
                        maxNodeCount: pool.maxPerZone,
                        locationPolicy: "BALANCED",
                    },
                    management: { autoRepair: true, autoUpgrade: true },
                    upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
                    nodeDrainConfigs: [{ respectPdbDuringNodePoolDeletion: true }],
                    networkConfig: { enablePrivateNodes: true },
                    nodeConfig: { ...nodeConfig(pool, serviceAccount), resourceLabels },
                },
                {
                    parent: this,
                    customTimeouts: nodePoolTimeouts,
                    // A changed count would replace the whole pool; after its creation the autoscaler decides.
                    ignoreChanges: ["initialNodeCount"],
                    ...deletionGuard.protectNodePool,
                },
            );
        }
        this.registerOutputs({});
    }
}

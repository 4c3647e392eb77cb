/** Rules over node pools on GKE; most are recommendations of the CIS GKE Benchmark. */
import type { NodePoolArgs } from "@pulumi/gcp/container/nodePool.js";
import { KAFKA, POOL_TAINT, poolLabel } from "../common/names.ts";
import { rulesOf } from "./rule.ts";

export const nodePoolRules = rulesOf<NodePoolArgs>(["gcp:container/nodePool:NodePool"], {
    "pool-auto-repair": {
        description: "Google replaces nodes that are broken.",
        fix: "Set management.autoRepair to true.",
        broken: ({ management }) => management?.autoRepair !== true,
    },
    "pool-auto-upgrade": {
        description: "Nodes get security updates by themselves.",
        fix: "Set management.autoUpgrade to true.",
        broken: ({ management }) => management?.autoUpgrade !== true,
    },
    "pool-surge": {
        description: "An upgrade brings a new node before it takes an old one, one at a time.",
        fix: "Set upgradeSettings to {strategy: SURGE, maxSurge: 1, maxUnavailable: 0}.",
        broken: ({ upgradeSettings: { strategy = "SURGE", maxSurge, maxUnavailable } = {} }) =>
            strategy !== "SURGE" || maxSurge !== 1 || maxUnavailable !== 0,
    },
    "pool-container-os": {
        description: "Nodes run Container-Optimized OS.",
        fix: "Set nodeConfig.imageType to COS_CONTAINERD.",
        broken: ({ nodeConfig }) => nodeConfig?.imageType !== "COS_CONTAINERD",
    },
    "pool-secure-boot": {
        description: "Nodes start signed software only.",
        fix: "Set nodeConfig.shieldedInstanceConfig.enableSecureBoot to true.",
        broken: ({ nodeConfig }) => nodeConfig?.shieldedInstanceConfig?.enableSecureBoot !== true,
    },
    "pool-integrity-monitoring": {
        description: "A node whose boot was tampered with is noticed.",
        fix: "Set nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring to true.",
        broken: ({ nodeConfig }) => nodeConfig?.shieldedInstanceConfig?.enableIntegrityMonitoring !== true,
    },
    "pool-metadata-server": {
        description: "Pods do not reach their node's credentials.",
        fix: "Set nodeConfig.workloadMetadataConfig.mode to GKE_METADATA.",
        broken: ({ nodeConfig }) => nodeConfig?.workloadMetadataConfig?.mode !== "GKE_METADATA",
    },
    "pool-kubelet-port": {
        description: "Nobody reads from a kubelet without logging in.",
        fix: "Set nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled to FALSE, as a text.",
        broken: ({ nodeConfig }) => nodeConfig?.kubeletConfig?.insecureKubeletReadonlyPortEnabled !== "FALSE",
    },
    "pool-own-account": {
        description: "Nodes run as a service account of their own.",
        fix: "Set nodeConfig.serviceAccount to an account made for nodes; the default one may edit the whole project.",
        broken: ({ nodeConfig }) =>
            /^(default|.*-compute@developer\.gserviceaccount\.com)?$/.test(nodeConfig?.serviceAccount ?? ""),
    },
    "pool-private-nodes": {
        description: "Nodes of the pool have no public addresses.",
        fix: "Leave out networkConfig.enablePrivateNodes, or set it to true.",
        broken: ({ networkConfig }) => networkConfig?.enablePrivateNodes === false,
    },
    "pool-tainted": {
        description: "Pods of others stay off the nodes of servers.",
        fix: `Add the taint {key: ${POOL_TAINT}, value: "true", effect: NO_SCHEDULE} to nodeConfig.taints.`,
        broken: ({ nodeConfig }) =>
            !(nodeConfig?.taints ?? []).some(
                ({ key, effect }) => key === POOL_TAINT && effect === "NO_SCHEDULE",
            ),
    },
    "pool-brokers-keep-nodes": {
        description: "No broker runs on a node that Google takes back at any time.",
        fix: `Leave out spot, preemptible and flexStart where the nodes have the label ${poolLabel(KAFKA.name)}.`,
        broken: ({ nodeConfig: { labels = {}, spot, preemptible, flexStart } = {} }) =>
            poolLabel(KAFKA.name) in labels && [spot, preemptible, flexStart].includes(true),
    },
});

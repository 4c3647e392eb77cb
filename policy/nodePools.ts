/** Rules over node pools on GKE; most are recommendations of the CIS GKE Benchmark. */
import type { NodePoolArgs } from "@pulumi/gcp/container/nodePool.js";
import { KAFKA, POOL_TAINT, poolLabel, SYSTEM_POOL_LABEL, ZOOKEEPER } from "../common/names.ts";
import { rulesOf } from "./rule.ts";
import { someKnown } from "./unknown.ts";

const SERVER_LABELS = [KAFKA.name, ZOOKEEPER.name].map(poolLabel);

export const nodePoolRules = rulesOf<NodePoolArgs>(["gcp:container/nodePool:NodePool"], {
    "pool-auto-repair": {
        description: "Google repairs unhealthy nodes.",
        remediation: "Set management.autoRepair to true.",
        violates: ({ management }) => management?.autoRepair !== true,
    },
    "pool-auto-upgrade": {
        description: "Nodes get security updates by themselves.",
        remediation: "Set management.autoUpgrade to true.",
        violates: ({ management }) => management?.autoUpgrade !== true,
    },
    "pool-surge": {
        description: "An upgrade adds a new node before it removes an old one, one at a time.",
        remediation: "Set upgradeSettings to {strategy: SURGE, maxSurge: 1, maxUnavailable: 0}.",
        violates: ({ upgradeSettings: { strategy = "SURGE", maxSurge, maxUnavailable } = {} }) =>
            strategy !== "SURGE" || maxSurge !== 1 || maxUnavailable !== 0,
    },
    "pool-container-os": {
        description: "Nodes run Container-Optimized OS.",
        remediation: "Set nodeConfig.imageType to COS_CONTAINERD.",
        violates: ({ nodeConfig }) => nodeConfig?.imageType !== "COS_CONTAINERD",
    },
    "pool-secure-boot": {
        description: "Nodes start signed software only.",
        remediation: "Set nodeConfig.shieldedInstanceConfig.enableSecureBoot to true.",
        violates: ({ nodeConfig }) => nodeConfig?.shieldedInstanceConfig?.enableSecureBoot !== true,
    },
    "pool-integrity-monitoring": {
        description: "A node whose boot was tampered with is noticed.",
        remediation: "Set nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring to true.",
        violates: ({ nodeConfig }) => nodeConfig?.shieldedInstanceConfig?.enableIntegrityMonitoring !== true,
    },
    "pool-metadata-server": {
        description: "Pods do not reach their node's credentials.",
        remediation: "Set nodeConfig.workloadMetadataConfig.mode to GKE_METADATA.",
        violates: ({ nodeConfig }) => nodeConfig?.workloadMetadataConfig?.mode !== "GKE_METADATA",
    },
    "pool-kubelet-port": {
        description: "The kubelet answers no request without authentication.",
        remediation: "Set nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled to FALSE, as a text.",
        violates: ({ nodeConfig }) =>
            nodeConfig?.kubeletConfig?.insecureKubeletReadonlyPortEnabled !== "FALSE",
    },
    "pool-own-account": {
        description: "Nodes run as a service account of their own.",
        remediation:
            "Set nodeConfig.serviceAccount to an account for nodes alone; the default one may edit the whole project.",
        violates: ({ nodeConfig }) =>
            /^(default|.*-compute@developer\.gserviceaccount\.com)?$/.test(nodeConfig?.serviceAccount ?? ""),
    },
    "pool-private-nodes": {
        description: "Nodes of the pool have no public addresses.",
        remediation: "Leave out networkConfig.enablePrivateNodes, or set it to true.",
        violates: ({ networkConfig }) => networkConfig?.enablePrivateNodes === false,
    },
    "pool-tainted": {
        description: "Other pods stay off the dedicated nodes, and the cluster's own pods find nodes.",
        remediation: `Add the taint {key: ${POOL_TAINT}, value: "true", effect: NO_SCHEDULE} to nodeConfig.taints; only the pool for the cluster's own pods, with the label ${SYSTEM_POOL_LABEL} and none of a server, has no taint.`,
        violates: ({ nodeConfig: { labels = {}, taints = [] } = {} }) =>
            SYSTEM_POOL_LABEL in labels && !SERVER_LABELS.some((label) => label in labels)
                ? taints.length > 0
                : !someKnown(taints, ({ key, effect }) => key === POOL_TAINT && effect === "NO_SCHEDULE"),
    },
    "pool-no-spot-brokers": {
        description: "No broker runs on a node that Google may reclaim at any time.",
        remediation: `Leave out spot, preemptible and flexStart where the nodes have the label ${poolLabel(KAFKA.name)}.`,
        violates: ({ nodeConfig: { labels = {}, spot, preemptible, flexStart } = {} }) =>
            poolLabel(KAFKA.name) in labels && [spot, preemptible, flexStart].includes(true),
    },
});

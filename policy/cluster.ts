/** Rules over a cluster that this program creates on GKE; most are recommendations of the CIS GKE Benchmark. */
import type { ClusterArgs } from "@pulumi/gcp/container/cluster.js";
import { rulesOf } from "./rule.ts";

export const clusterRules = rulesOf<ClusterArgs>(["gcp:container/cluster:Cluster"], {
    "cluster-private-nodes": {
        description: "Nodes have no public addresses.",
        fix: "Set privateClusterConfig.enablePrivateNodes to true.",
        broken: ({ privateClusterConfig }) => privateClusterConfig?.enablePrivateNodes !== true,
    },
    "cluster-dataplane-v2": {
        description: "The cluster's network enforces network policies.",
        fix: "Set datapathProvider to ADVANCED_DATAPATH (Dataplane V2).",
        broken: ({ datapathProvider }) => datapathProvider !== "ADVANCED_DATAPATH",
    },
    "cluster-workload-identity": {
        description: "Pods reach Google Cloud as themselves, not as their node.",
        fix: "Set workloadIdentityConfig.workloadPool to PROJECT.svc.id.goog.",
        broken: ({ workloadIdentityConfig }) =>
            !/\.svc\.id\.goog$/.test(workloadIdentityConfig?.workloadPool ?? ""),
    },
    "cluster-release-channel": {
        description: "The cluster gets its security updates from a release channel.",
        fix: "Set releaseChannel.channel to REGULAR, STABLE or EXTENDED.",
        broken: ({ releaseChannel }) =>
            !["REGULAR", "STABLE", "EXTENDED"].includes(releaseChannel?.channel ?? ""),
    },
    "cluster-shielded-nodes": {
        description: "Nodes prove to the control plane who they are.",
        fix: "Set enableShieldedNodes to true.",
        broken: ({ enableShieldedNodes }) => enableShieldedNodes !== true,
    },
    "cluster-authorized-networks": {
        description: "Only named networks reach the Kubernetes API.",
        fix: "Name networks in masterAuthorizedNetworksConfig.cidrBlocks, none of them the whole internet, and leave out gcpPublicCidrsAccessEnabled.",
        broken: ({ masterAuthorizedNetworksConfig: networks }) =>
            networks === undefined ||
            networks.gcpPublicCidrsAccessEnabled === true ||
            (networks.cidrBlocks ?? []).some(({ cidrBlock }) => cidrBlock.endsWith("/0")),
    },
    "cluster-secrets-encrypted": {
        description: "Secrets are encrypted in the cluster's database with a key of one's own.",
        fix: "Set databaseEncryption to {state: ENCRYPTED, keyName: a key of Cloud KMS}.",
        broken: ({ databaseEncryption }) =>
            databaseEncryption?.state !== "ENCRYPTED" || !databaseEncryption.keyName,
    },
    "cluster-no-legacy-access": {
        description: "Access is by roles alone.",
        fix: "Leave out enableLegacyAbac.",
        broken: ({ enableLegacyAbac }) => enableLegacyAbac === true,
    },
    "cluster-no-client-certificate": {
        description: "Nobody holds a client certificate, which cannot be taken back.",
        fix: "Leave out masterAuth, or set clientCertificateConfig.issueClientCertificate to false.",
        broken: ({ masterAuth }) => masterAuth?.clientCertificateConfig?.issueClientCertificate === true,
    },
    "cluster-no-alpha": {
        description: "The cluster has no alpha features, with which it would be deleted after 30 days.",
        fix: "Leave out enableKubernetesAlpha.",
        broken: ({ enableKubernetesAlpha }) => enableKubernetesAlpha === true,
    },
    "cluster-own-pools-only": {
        description: "Every node belongs to a pool that this program describes.",
        fix: "Set removeDefaultNodePool to true: nodes of the default pool run as the project's default account.",
        broken: ({ removeDefaultNodePool }) => removeDefaultNodePool !== true,
    },
    "cluster-deletion-protected": {
        description: "Google refuses to delete the cluster.",
        fix: "Set deletionProtection to true, unless the cluster is being given up.",
        // The update that takes protection off must pass, or no cluster could ever go.
        advisory: true,
        broken: ({ deletionProtection }) => deletionProtection === false,
    },
});

/** Rules over a cluster that this program creates on GKE; most are recommendations of the CIS GKE Benchmark. */
import type { ClusterArgs } from "@pulumi/gcp/container/cluster.js";
import { rulesOf } from "./rule.ts";
import { someKnown } from "./unknown.ts";

export const clusterRules = rulesOf<ClusterArgs>(["gcp:container/cluster:Cluster"], {
    "cluster-private-nodes": {
        description: "Nodes have no public addresses.",
        remediation: "Set privateClusterConfig.enablePrivateNodes to true.",
        violates: ({ privateClusterConfig }) => privateClusterConfig?.enablePrivateNodes !== true,
    },
    "cluster-dataplane-v2": {
        description: "The cluster's network enforces network policies.",
        remediation: "Set datapathProvider to ADVANCED_DATAPATH (Dataplane V2).",
        violates: ({ datapathProvider }) => datapathProvider !== "ADVANCED_DATAPATH",
    },
    "cluster-workload-identity": {
        description: "Pods reach Google Cloud as themselves, not as their node.",
        remediation: "Set workloadIdentityConfig.workloadPool to PROJECT.svc.id.goog.",
        violates: ({ workloadIdentityConfig }) =>
            !/\.svc\.id\.goog$/.test(workloadIdentityConfig?.workloadPool ?? ""),
    },
    "cluster-release-channel": {
        description: "The cluster gets its security updates from a release channel.",
        remediation: "Set releaseChannel.channel to REGULAR, STABLE or EXTENDED.",
        violates: ({ releaseChannel }) =>
            !["REGULAR", "STABLE", "EXTENDED"].includes(releaseChannel?.channel ?? ""),
    },
    "cluster-shielded-nodes": {
        description: "Nodes prove to the control plane who they are.",
        remediation: "Set enableShieldedNodes to true.",
        violates: ({ enableShieldedNodes }) => enableShieldedNodes !== true,
    },
    "cluster-authorized-networks": {
        description: "Only named networks reach the Kubernetes API.",
        remediation:
            "Name networks in masterAuthorizedNetworksConfig.cidrBlocks, none of them the whole internet, and leave out gcpPublicCidrsAccessEnabled; or set controlPlaneEndpointsConfig.ipEndpointsConfig.enabled to false.",
        violates: ({ masterAuthorizedNetworksConfig: networks, controlPlaneEndpointsConfig: endpoints }) =>
            (networks === undefined && endpoints?.ipEndpointsConfig?.enabled !== false) ||
            networks?.gcpPublicCidrsAccessEnabled === true ||
            someKnown(networks?.cidrBlocks ?? [], ({ cidrBlock }) => cidrBlock.endsWith("/0")),
    },
    "cluster-secrets-encrypted": {
        description: "Secrets are encrypted in the cluster's database with a customer-managed key.",
        remediation: "Set databaseEncryption to {state: ENCRYPTED, keyName: a key of Cloud KMS}.",
        violates: ({ databaseEncryption }) =>
            databaseEncryption?.state !== "ENCRYPTED" || !databaseEncryption.keyName,
    },
    "cluster-no-legacy-access": {
        description: "Permissions come from RBAC alone.",
        remediation: "Leave out enableLegacyAbac.",
        violates: ({ enableLegacyAbac }) => enableLegacyAbac === true,
    },
    "cluster-no-client-certificate": {
        description: "The cluster issues no client certificate, which could not be revoked.",
        remediation: "Leave out masterAuth, or set clientCertificateConfig.issueClientCertificate to false.",
        violates: ({ masterAuth }) => masterAuth?.clientCertificateConfig?.issueClientCertificate === true,
    },
    "cluster-no-alpha": {
        description: "The cluster has no alpha features, with which it would be deleted after 30 days.",
        remediation: "Leave out enableKubernetesAlpha.",
        violates: ({ enableKubernetesAlpha }) => enableKubernetesAlpha === true,
    },
    "cluster-own-pools-only": {
        description: "Every node belongs to a pool that this program describes.",
        remediation:
            "Set removeDefaultNodePool to true: nodes of the default pool run as the project's default account.",
        violates: ({ removeDefaultNodePool }) => removeDefaultNodePool !== true,
    },
    "cluster-deletion-protected": {
        description: "Google refuses to delete the cluster.",
        remediation: "Set deletionProtection to true, unless the cluster is being given up.",
        // The update that takes protection off must pass, or no cluster could ever be deleted.
        advisory: true,
        violates: ({ deletionProtection }) => deletionProtection === false,
    },
});

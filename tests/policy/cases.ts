/** For each rule over one resource: the changes to a good one that break it, and it alone. */
import { good, type Kind } from "./resources.ts";

/** Kind of resource, where the value stands, and what it becomes: nothing takes it away. */
export type Case = readonly [kind: Kind, path: readonly (string | number)[], value?: unknown];

const POD = ["spec", "template", "spec"];
const MAIN = [...POD, "containers", 0];
const FIRST = [...POD, "initContainers", 0];
const NODE = ["nodeConfig"];
const NAMESPACE_LABELS = ["metadata", "labels"];
const HOSTS = "requiredDuringSchedulingIgnoredDuringExecution";
const ANTI_AFFINITY = [...POD, "affinity", "podAntiAffinity", HOSTS, 0];

export const breaking: Record<string, readonly Case[]> = {
    "namespace-restricted": [
        ["namespace", [...NAMESPACE_LABELS, "pod-security.kubernetes.io/enforce"], "baseline"],
        ["namespace", [...NAMESPACE_LABELS, "pod-security.kubernetes.io/enforce"]],
    ],
    "namespace-standard-pinned": [
        ["namespace", [...NAMESPACE_LABELS, "pod-security.kubernetes.io/enforce-version"], "latest"],
        ["namespace", [...NAMESPACE_LABELS, "pod-security.kubernetes.io/enforce-version"]],
    ],
    "namespace-project": [["namespace", [...NAMESPACE_LABELS, "unity-kafka/project"]]],

    "pod-non-root": [
        ["set", [...POD, "securityContext", "runAsNonRoot"]],
        ["set", [...MAIN, "securityContext", "runAsNonRoot"], false],
        ["set", [...FIRST, "securityContext", "runAsNonRoot"], false],
    ],
    "pod-high-user": [
        ["set", [...POD, "securityContext", "runAsUser"]],
        ["set", [...POD, "securityContext", "runAsUser"], 10_000],
        ["set", [...MAIN, "securityContext", "runAsUser"], 1001],
    ],
    "pod-no-escalation": [
        ["set", [...MAIN, "securityContext", "allowPrivilegeEscalation"]],
        ["set", [...FIRST, "securityContext", "allowPrivilegeEscalation"], true],
        ["set", [...MAIN, "securityContext", "privileged"], true],
    ],
    "pod-no-capabilities": [
        ["set", [...MAIN, "securityContext", "capabilities"]],
        ["set", [...MAIN, "securityContext", "capabilities", "drop"], ["NET_RAW"]],
        ["set", [...FIRST, "securityContext", "capabilities", "add"], ["NET_BIND_SERVICE"]],
    ],
    "pod-read-only-root": [
        ["set", [...MAIN, "securityContext", "readOnlyRootFilesystem"]],
        ["set", [...FIRST, "securityContext", "readOnlyRootFilesystem"], false],
    ],
    "pod-seccomp": [
        ["set", [...POD, "securityContext", "seccompProfile"]],
        ["set", [...MAIN, "securityContext", "seccompProfile"], { type: "Unconfined" }],
    ],
    "pod-no-token": [
        ["set", [...POD, "automountServiceAccountToken"]],
        ["set", [...POD, "automountServiceAccountToken"], true],
    ],
    "pod-no-host-namespaces": [
        ["set", [...POD, "hostNetwork"], true],
        ["set", [...POD, "hostPID"], true],
        ["set", [...POD, "hostIPC"], true],
        ["set", [...MAIN, "ports", 0, "hostPort"], 9092],
    ],
    "pod-no-host-path": [["set", [...POD, "volumes", 0], { name: "host", hostPath: { path: "/" } }]],

    "pod-image-pinned": [
        ["set", [...MAIN, "image"], "repository.example/kafka:latest"],
        ["set", [...MAIN, "image"], "repository.example:5000/kafka"],
        ["set", [...FIRST, "image"], "tools"],
    ],
    "pod-no-secret-variables": [
        ["set", [...MAIN, "env", 0], { name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
        ["set", [...MAIN, "envFrom"], [{ secretRef: { name: "s" } }]],
        ["set", [...FIRST, "env"], [{ name: "KEYSTORE_PASSWORD", value: "changeit" }]],
    ],
    "pod-fixed-memory": [
        ["set", [...MAIN, "resources", "limits", "memory"], "4Gi"],
        ["set", [...MAIN, "resources", "limits"]],
        ["set", [...FIRST, "resources", "requests", "memory"]],
    ],
    "pod-requests-cpu": [["set", [...MAIN, "resources", "requests", "cpu"]]],
    "pod-probes": [
        ["set", [...MAIN, "startupProbe"]],
        ["set", [...MAIN, "livenessProbe"]],
        ["set", [...MAIN, "readinessProbe"]],
    ],

    "set-one-per-host": [
        ["set", [...POD, "affinity"]],
        ["set", [...ANTI_AFFINITY, "topologyKey"], "topology.kubernetes.io/zone"],
        ["set", [...ANTI_AFFINITY, "labelSelector", "matchLabels"], { "app.kubernetes.io/name": "other" }],
        ["set", [...ANTI_AFFINITY, "labelSelector", "matchLabels"], {}],
    ],
    "set-claims-retained": [
        ["set", ["spec", "persistentVolumeClaimRetentionPolicy"]],
        ["set", ["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"], "Delete"],
        ["set", ["spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"], "Delete"],
    ],
    "set-storage-class": [["set", ["spec", "volumeClaimTemplates", 0, "spec", "storageClassName"]]],
    "set-rolls-one-by-one": [
        ["set", ["spec", "updateStrategy"]],
        ["set", ["spec", "updateStrategy", "type"], "OnDelete"],
        ["set", ["spec", "updateStrategy", "rollingUpdate"], { maxUnavailable: 2 }],
        ["set", ["spec", "updateStrategy", "rollingUpdate"], { partition: 1 }],
    ],
    "budget-one": [
        ["budget", ["spec", "maxUnavailable"], 0],
        ["budget", ["spec", "maxUnavailable"], "50%"],
        [
            "budget",
            ["spec"],
            { minAvailable: 2, selector: { matchLabels: { "app.kubernetes.io/name": "kafka" } } },
        ],
    ],

    "service-inside": [
        ["service", ["spec", "type"], "LoadBalancer"],
        ["service", ["spec", "type"], "NodePort"],
        ["service", ["spec", "externalIPs"], ["192.0.2.1"]],
    ],
    "storage-waits-for-pod": [
        ["storageClass", ["volumeBindingMode"]],
        ["storageClass", ["volumeBindingMode"], "Immediate"],
    ],
    "storage-can-grow": [["storageClass", ["allowVolumeExpansion"]]],
    "storage-retained": [
        ["storageClass", ["reclaimPolicy"], "Delete"],
        ["storageClass", ["reclaimPolicy"]],
    ],
    "account-no-token": [
        ["account", ["automountServiceAccountToken"]],
        ["account", ["automountServiceAccountToken"], true],
    ],
    "grant-narrow-role": [
        ["grant", ["role"], "roles/owner"],
        ["grant", ["role"], "roles/editor"],
    ],
    "grant-known-member": [
        ["grant", ["member"], "allUsers"],
        ["grant", ["member"], "allAuthenticatedUsers"],
    ],

    "cluster-private-nodes": [
        ["cluster", ["privateClusterConfig"]],
        ["cluster", ["privateClusterConfig", "enablePrivateNodes"], false],
    ],
    "cluster-dataplane-v2": [
        ["cluster", ["datapathProvider"]],
        ["cluster", ["datapathProvider"], "LEGACY_DATAPATH"],
    ],
    "cluster-workload-identity": [["cluster", ["workloadIdentityConfig"]]],
    "cluster-release-channel": [
        ["cluster", ["releaseChannel"]],
        ["cluster", ["releaseChannel", "channel"], "UNSPECIFIED"],
        ["cluster", ["releaseChannel", "channel"], "RAPID"],
    ],
    "cluster-shielded-nodes": [["cluster", ["enableShieldedNodes"], false]],
    "cluster-authorized-networks": [
        ["cluster", ["masterAuthorizedNetworksConfig"]],
        ["cluster", ["masterAuthorizedNetworksConfig", "cidrBlocks", 1], { cidrBlock: "0.0.0.0/0" }],
        ["cluster", ["masterAuthorizedNetworksConfig", "gcpPublicCidrsAccessEnabled"], true],
    ],
    "cluster-secrets-encrypted": [
        ["cluster", ["databaseEncryption"]],
        ["cluster", ["databaseEncryption", "state"], "DECRYPTED"],
        ["cluster", ["databaseEncryption", "keyName"]],
    ],
    "cluster-no-legacy-access": [["cluster", ["enableLegacyAbac"], true]],
    "cluster-no-client-certificate": [
        ["cluster", ["masterAuth", "clientCertificateConfig", "issueClientCertificate"], true],
    ],
    "cluster-no-alpha": [["cluster", ["enableKubernetesAlpha"], true]],
    "cluster-own-pools-only": [["cluster", ["removeDefaultNodePool"]]],
    "cluster-deletion-protected": [["cluster", ["deletionProtection"], false]],

    "pool-auto-repair": [["nodePool", ["management", "autoRepair"], false]],
    "pool-auto-upgrade": [["nodePool", ["management", "autoUpgrade"], false]],
    "pool-surge": [
        ["nodePool", ["upgradeSettings"]],
        ["nodePool", ["upgradeSettings", "maxSurge"], 0],
        ["nodePool", ["upgradeSettings", "maxUnavailable"], 1],
        ["nodePool", ["upgradeSettings", "strategy"], "BLUE_GREEN"],
    ],
    "pool-container-os": [
        ["nodePool", [...NODE, "imageType"]],
        ["nodePool", [...NODE, "imageType"], "UBUNTU_CONTAINERD"],
    ],
    "pool-secure-boot": [["nodePool", [...NODE, "shieldedInstanceConfig", "enableSecureBoot"]]],
    "pool-integrity-monitoring": [
        ["nodePool", [...NODE, "shieldedInstanceConfig", "enableIntegrityMonitoring"], false],
    ],
    "pool-metadata-server": [
        ["nodePool", [...NODE, "workloadMetadataConfig"]],
        ["nodePool", [...NODE, "workloadMetadataConfig", "mode"], "GCE_METADATA"],
    ],
    "pool-kubelet-port": [
        ["nodePool", [...NODE, "kubeletConfig"]],
        ["nodePool", [...NODE, "kubeletConfig", "insecureKubeletReadonlyPortEnabled"], "TRUE"],
    ],
    "pool-own-account": [
        ["nodePool", [...NODE, "serviceAccount"]],
        ["nodePool", [...NODE, "serviceAccount"], "default"],
        ["nodePool", [...NODE, "serviceAccount"], "123-compute@developer.gserviceaccount.com"],
    ],
    "pool-private-nodes": [["nodePool", ["networkConfig", "enablePrivateNodes"], false]],
    "pool-tainted": [
        ["nodePool", [...NODE, "taints"]],
        ["nodePool", [...NODE, "taints", 0, "effect"], "PREFER_NO_SCHEDULE"],
        ["nodePool", [...NODE, "taints", 0, "key"], "other"],
    ],
    "pool-brokers-keep-nodes": [
        ["nodePool", [...NODE, "spot"], true],
        ["nodePool", [...NODE, "preemptible"], true],
        ["nodePool", [...NODE, "flexStart"], true],
    ],
};

/** Changes to a good resource that break nothing, though they come near it. */
export const harmless: readonly Case[] = [
    ["set", [...MAIN, "image"], `repository.example/kafka@sha256:${"a".repeat(64)}`],
    ["set", [...MAIN, "env", 0], { name: "KEYSTORE_PASSWORD_FILE", value: "/etc/tls/password" }],
    ["set", [...MAIN, "securityContext", "runAsUser"], 20_000],
    ["set", [...MAIN, "securityContext", "seccompProfile"], { type: "Localhost" }],
    ["set", ["spec", "updateStrategy", "rollingUpdate"], { maxUnavailable: 1, partition: 0 }],
    ["set", ["spec", "volumeClaimTemplates"]],
    ["service", ["spec", "clusterIP"], "None"],
    ["service", ["spec", "type"], "ClusterIP"],
    ["cluster", ["releaseChannel", "channel"], "STABLE"],
    ["cluster", ["masterAuth"]],
    ["nodePool", ["upgradeSettings", "strategy"]],
    ["nodePool", ["networkConfig", "enablePrivateNodes"], true],
    // Nodes that take no brokers may be taken back.
    [
        "nodePool",
        NODE,
        { ...good.nodePool.inputs.nodeConfig, labels: { "unity-kafka/zookeeper": "true" }, spot: true },
    ],
];

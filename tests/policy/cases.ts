/** For each rule over one resource: changes to a compliant one that violate it, and it alone. */
import { good, type Kind } from "./resources.ts";

/** Kind of resource, path of the value, and its new value: none removes it. */
export type Case = readonly [kind: Kind, path: readonly (string | number)[], value?: unknown];

const POD = ["spec", "template", "spec"];
const MAIN = [...POD, "containers", 0];
const FIRST = [...POD, "initContainers", 0];
const NODE = ["nodeConfig"];
const NAMESPACE_LABELS = ["metadata", "labels"];
const HOSTS = "requiredDuringSchedulingIgnoredDuringExecution";
const ANTI_AFFINITY = [...POD, "affinity", "podAntiAffinity", HOSTS, 0];

const SYSTEM = { "unity-kafka/system": "true" };
const { taints: _, ...untainted } = good.nodePool.inputs.nodeConfig;

export const violating: Record<string, readonly Case[]> = {
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
        ["statefulSet", [...POD, "securityContext", "runAsNonRoot"]],
        ["statefulSet", [...MAIN, "securityContext", "runAsNonRoot"], false],
        ["statefulSet", [...FIRST, "securityContext", "runAsNonRoot"], false],
    ],
    "pod-high-user": [
        ["statefulSet", [...POD, "securityContext", "runAsUser"]],
        ["statefulSet", [...POD, "securityContext", "runAsUser"], 10_000],
        ["statefulSet", [...MAIN, "securityContext", "runAsUser"], 1001],
    ],
    "pod-no-escalation": [
        ["statefulSet", [...MAIN, "securityContext", "allowPrivilegeEscalation"]],
        ["statefulSet", [...FIRST, "securityContext", "allowPrivilegeEscalation"], true],
        ["statefulSet", [...MAIN, "securityContext", "privileged"], true],
    ],
    "pod-no-capabilities": [
        ["statefulSet", [...MAIN, "securityContext", "capabilities"]],
        ["statefulSet", [...MAIN, "securityContext", "capabilities", "drop"], ["NET_RAW"]],
        ["statefulSet", [...FIRST, "securityContext", "capabilities", "add"], ["NET_BIND_SERVICE"]],
    ],
    "pod-read-only-root": [
        ["statefulSet", [...MAIN, "securityContext", "readOnlyRootFilesystem"]],
        ["statefulSet", [...FIRST, "securityContext", "readOnlyRootFilesystem"], false],
    ],
    "pod-seccomp": [
        ["statefulSet", [...POD, "securityContext", "seccompProfile"]],
        ["statefulSet", [...MAIN, "securityContext", "seccompProfile"], { type: "Unconfined" }],
    ],
    "pod-no-token": [
        ["statefulSet", [...POD, "automountServiceAccountToken"]],
        ["statefulSet", [...POD, "automountServiceAccountToken"], true],
    ],
    "pod-no-host-namespaces": [
        ["statefulSet", [...POD, "hostNetwork"], true],
        ["statefulSet", [...POD, "hostPID"], true],
        ["statefulSet", [...POD, "hostIPC"], true],
        ["statefulSet", [...MAIN, "ports", 0, "hostPort"], 9092],
    ],
    "pod-no-host-path": [["statefulSet", [...POD, "volumes", 0], { name: "host", hostPath: { path: "/" } }]],

    "pod-image-pinned": [
        ["statefulSet", [...MAIN, "image"], "repository.example/kafka:latest"],
        ["statefulSet", [...MAIN, "image"], "repository.example:5000/kafka"],
        ["statefulSet", [...FIRST, "image"], "tools"],
    ],
    "pod-no-secret-variables": [
        [
            "statefulSet",
            [...MAIN, "env", 0],
            { name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
        ],
        ["statefulSet", [...MAIN, "envFrom"], [{ secretRef: { name: "s" } }]],
        ["statefulSet", [...FIRST, "env"], [{ name: "KEYSTORE_PASSWORD", value: "changeit" }]],
    ],
    "pod-fixed-memory": [
        ["statefulSet", [...MAIN, "resources", "limits", "memory"], "4Gi"],
        ["statefulSet", [...MAIN, "resources", "limits"]],
        ["statefulSet", [...FIRST, "resources", "requests", "memory"]],
    ],
    "pod-requests-cpu": [["statefulSet", [...MAIN, "resources", "requests", "cpu"]]],
    "pod-probes": [
        ["statefulSet", [...MAIN, "startupProbe"]],
        ["statefulSet", [...MAIN, "livenessProbe"]],
        ["statefulSet", [...MAIN, "readinessProbe"]],
    ],

    "statefulset-one-per-host": [
        ["statefulSet", [...POD, "affinity"]],
        ["statefulSet", [...ANTI_AFFINITY, "topologyKey"], "topology.kubernetes.io/zone"],
        [
            "statefulSet",
            [...ANTI_AFFINITY, "labelSelector", "matchLabels"],
            { "app.kubernetes.io/name": "other" },
        ],
        ["statefulSet", [...ANTI_AFFINITY, "labelSelector", "matchLabels"], {}],
    ],
    "statefulset-pvcs-retained": [
        ["statefulSet", ["spec", "persistentVolumeClaimRetentionPolicy"]],
        ["statefulSet", ["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"], "Delete"],
        ["statefulSet", ["spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"], "Delete"],
    ],
    "statefulset-storage-class": [
        ["statefulSet", ["spec", "volumeClaimTemplates", 0, "spec", "storageClassName"]],
    ],
    "statefulset-rolls-one-by-one": [
        ["statefulSet", ["spec", "updateStrategy"]],
        ["statefulSet", ["spec", "updateStrategy", "type"], "RollingUpdate"],
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
        ["reader", ["member"], "allUsers"],
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
        // A pool of servers does not become one of the system by its label, and that one has no taint.
        ["nodePool", NODE, { ...untainted, labels: { ...SYSTEM, "unity-kafka/zookeeper": "true" } }],
        ["nodePool", NODE, { ...untainted, labels: {} }],
        ["nodePool", NODE, { ...good.nodePool.inputs.nodeConfig, labels: SYSTEM }],
    ],
    "pool-no-spot-brokers": [
        ["nodePool", [...NODE, "spot"], true],
        ["nodePool", [...NODE, "preemptible"], true],
        ["nodePool", [...NODE, "flexStart"], true],
    ],
};

/** Changes to a compliant resource that come near a rule and violate none. */
export const harmless: readonly Case[] = [
    ["statefulSet", [...MAIN, "image"], `repository.example/kafka@sha256:${"a".repeat(64)}`],
    ["statefulSet", [...MAIN, "env", 0], { name: "KEYSTORE_PASSWORD_FILE", value: "/etc/tls/password" }],
    ["statefulSet", [...MAIN, "securityContext", "runAsUser"], 20_000],
    ["statefulSet", [...MAIN, "securityContext", "seccompProfile"], { type: "Localhost" }],
    ["statefulSet", ["spec", "volumeClaimTemplates"]],
    ["service", ["spec", "clusterIP"], "None"],
    ["service", ["spec", "type"], "ClusterIP"],
    ["cluster", ["releaseChannel", "channel"], "STABLE"],
    ["cluster", ["masterAuth"]],
    ["nodePool", ["upgradeSettings", "strategy"]],
    ["nodePool", ["networkConfig", "enablePrivateNodes"], true],
    ["nodePool", NODE, { ...untainted, labels: SYSTEM }],
    // Nodes that run no brokers may be spot.
    [
        "nodePool",
        NODE,
        { ...good.nodePool.inputs.nodeConfig, labels: { "unity-kafka/zookeeper": "true" }, spot: true },
    ],
];

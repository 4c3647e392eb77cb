/** One resource of each kind that complies with every rule, for the tests to change. */

const labels = { "app.kubernetes.io/name": "kafka" };
const metadata = { name: "kafka", namespace: "demo", labels };

export interface Resource {
    readonly type: string;
    readonly name: string;
    readonly inputs: object;
    /** What rules over the stack see of it. Default: the inputs. */
    readonly outputs?: object;
}

export const good = {
    namespace: {
        type: "kubernetes:core/v1:Namespace",
        name: "demo-namespace",
        inputs: {
            metadata: {
                name: "demo",
                labels: {
                    "unity-kafka/project": "demo",
                    "pod-security.kubernetes.io/enforce": "restricted",
                    "pod-security.kubernetes.io/enforce-version": "v1.34",
                },
            },
        },
    },
    denial: {
        type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        name: "demo-policy-default-deny",
        inputs: {
            metadata: { name: "default-deny", namespace: "demo" },
            spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        },
    },
    statefulSet: {
        type: "kubernetes:apps/v1:StatefulSet",
        name: "demo-kafka-servers-statefulset",
        inputs: {
            metadata,
            spec: {
                persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
                updateStrategy: { type: "OnDelete" },
                template: {
                    metadata: { labels },
                    spec: {
                        automountServiceAccountToken: false,
                        securityContext: {
                            runAsNonRoot: true,
                            runAsUser: 10_001,
                            seccompProfile: { type: "RuntimeDefault" },
                        },
                        affinity: {
                            podAntiAffinity: {
                                requiredDuringSchedulingIgnoredDuringExecution: [
                                    {
                                        labelSelector: { matchLabels: labels },
                                        topologyKey: "kubernetes.io/hostname",
                                    },
                                ],
                            },
                        },
                        initContainers: [
                            {
                                name: "first",
                                image: "repository.example/tools:1.0",
                                securityContext: {
                                    allowPrivilegeEscalation: false,
                                    readOnlyRootFilesystem: true,
                                    capabilities: { drop: ["ALL"] },
                                },
                                resources: {
                                    requests: { cpu: "10m", memory: "32Mi" },
                                    limits: { memory: "32Mi" },
                                },
                            },
                        ],
                        containers: [
                            {
                                name: "kafka",
                                image: "repository.example:5000/kafka:3.9.2",
                                env: [{ name: "ORDINAL", value: "0" }],
                                ports: [{ name: "client", containerPort: 9092 }],
                                startupProbe: { tcpSocket: { port: "client" } },
                                livenessProbe: { tcpSocket: { port: "client" } },
                                readinessProbe: { tcpSocket: { port: "client" } },
                                securityContext: {
                                    allowPrivilegeEscalation: false,
                                    readOnlyRootFilesystem: true,
                                    capabilities: { drop: ["ALL"] },
                                },
                                resources: {
                                    requests: { cpu: "500m", memory: "3Gi" },
                                    limits: { memory: "3Gi" },
                                },
                            },
                        ],
                        volumes: [{ name: "tmp", emptyDir: {} }],
                    },
                },
                volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { storageClassName: "fast" } }],
            },
        },
    },
    budget: {
        type: "kubernetes:policy/v1:PodDisruptionBudget",
        name: "demo-kafka-budget",
        inputs: { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
    },
    service: {
        type: "kubernetes:core/v1:Service",
        name: "demo-kafka-clients",
        inputs: { metadata, spec: { selector: labels, ports: [{ name: "client", port: 9092 }] } },
    },
    storageClass: {
        type: "kubernetes:storage.k8s.io/v1:StorageClass",
        name: "storage-fast",
        inputs: {
            metadata: { name: "fast" },
            provisioner: "pd.csi.storage.gke.io",
            reclaimPolicy: "Retain",
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
        },
    },
    account: {
        type: "kubernetes:core/v1:ServiceAccount",
        name: "demo-kafka-account",
        inputs: { metadata, automountServiceAccountToken: false },
    },
    grant: {
        type: "gcp:projects/iAMMember:IAMMember",
        name: "nodes",
        inputs: {
            project: "unity-dev",
            role: "roles/container.defaultNodeServiceAccount",
            member: "serviceAccount:nodes@unity-dev.iam.gserviceaccount.com",
        },
    },
    reader: {
        type: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
        name: "gke-nodes-reader",
        inputs: {
            project: "demo",
            location: "europe-west1",
            repository: "quay",
            role: "roles/artifactregistry.reader",
            member: "serviceAccount:nodes@demo.iam.gserviceaccount.com",
        },
    },
    cluster: {
        type: "gcp:container/cluster:Cluster",
        name: "cluster",
        inputs: {
            name: "unity-dev",
            deletionProtection: true,
            datapathProvider: "ADVANCED_DATAPATH",
            enableShieldedNodes: true,
            removeDefaultNodePool: true,
            privateClusterConfig: { enablePrivateNodes: true },
            workloadIdentityConfig: { workloadPool: "unity-dev.svc.id.goog" },
            releaseChannel: { channel: "REGULAR" },
            masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "10.0.0.0/8" }] },
            databaseEncryption: {
                state: "ENCRYPTED",
                keyName: "projects/p/locations/l/keyRings/r/cryptoKeys/k",
            },
            masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
        },
    },
    nodePool: {
        type: "gcp:container/nodePool:NodePool",
        name: "brokers",
        inputs: {
            cluster: "unity-dev",
            management: { autoRepair: true, autoUpgrade: true },
            upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
            nodeConfig: {
                imageType: "COS_CONTAINERD",
                serviceAccount: "nodes@unity-dev.iam.gserviceaccount.com",
                spot: false,
                labels: { "unity-kafka/kafka": "true" },
                taints: [{ key: "unity-kafka/servers", value: "true", effect: "NO_SCHEDULE" }],
                shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
                workloadMetadataConfig: { mode: "GKE_METADATA" },
                kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
            },
        },
    },
} satisfies Record<string, Resource>;

export type Kind = keyof typeof good;

/**
 * A good resource with one value changed.
 *
 * @param path where the value stands, such as `["spec", "type"]`
 * @param value what stands there then; undefined takes it away
 */
export function changed(kind: Kind, path: readonly (string | number)[], value: unknown): Resource {
    const resource = structuredClone<Resource>(good[kind]);
    let at = resource.inputs as Record<string | number, unknown>;
    for (const part of path.slice(0, -1)) {
        at = (at[part] ??= {}) as typeof at;
    }
    const last = path.at(-1)!;
    if (value === undefined) {
        delete at[last];
    } else {
        at[last] = value;
    }
    return resource;
}

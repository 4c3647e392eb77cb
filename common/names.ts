/** Names and labels of a Project's objects in Kubernetes, by which the command line finds what the program created. */

/** Label of every object of a Project, its namespaces too; its value is the Project's name. */
export const PROJECT_LABEL = "unity-kafka/project";

/** Label of a Project's client namespace; its value is `clients`. The namespace of the servers has none. */
export const NAMESPACE_LABEL = "unity-kafka/namespace";

/** Annotation of a Project's namespace: the namespaces of its components' pods, separated by commas. */
export const CLIENT_NAMESPACES_ANNOTATION = "unity-kafka/client-namespaces";

/** Name of the namespace that is created for the pods of a Project's components, by that of its servers. */
export const clientNamespaceOf = (namespace: string): string => `${namespace}-clients`;

/** Labels of every object; with {@link COMPONENT_LABEL} they select the pods of one StatefulSet or Deployment, so they never change. */
export const INSTANCE_LABELS = { "app.kubernetes.io/part-of": "unity-kafka" } as const;
export const COMPONENT_LABEL = "app.kubernetes.io/name";

/** Label that the API server copies from a pod's node to the pod when it is bound. */
export const ZONE_LABEL = "topology.kubernetes.io/zone";

/** Name of the PVC template of a StatefulSet: a server's PVC is called `data-kafka-0`. */
export const PVC = "data";

export const CLUSTER_DOMAIN = "cluster.local";

export const ZOOKEEPER = {
    name: "zookeeper",
    nodes: "zookeeper-nodes",
    client: "zookeeper-client",
    /** For four-letter words, from within the pod only, unless config says otherwise. */
    commandsPort: 2182,
    /** ConfigMap that exists while servers may begin an ensemble with empty disks, and its key. */
    initialization: { configMap: "zookeeper-initialize", key: "initialize" },
} as const;

export const KAFKA = {
    name: "kafka",
    /** Headless service: gives each broker its own address. */
    brokers: "kafka-brokers",
    /** Service of all brokers, for a client's first connection. */
    bootstrap: "kafka-bootstrap",
    ports: { client: 9092, brokers: 9091, metrics: 9404 },
    /** ConfigMap that exists while partitions do not fit the number of brokers yet. */
    reassignment: "kafka-reassignment",
} as const;

/** Name of the network policy by which labelled pods of a namespace may reach brokers. */
export const CLIENT_EGRESS = "kafka-clients";

/** The pods of the bridge to IKP. */
export const BRIDGE = { name: "bridge", ports: { metrics: 9404, peers: 8083 } } as const;

/** The pod that exports how far consumer groups are behind. */
export const LAG_EXPORTER = { name: "lag-exporter", ports: { metrics: 9404 } } as const;

/** Label of a pod of a component, by which network policies allow it to reach the brokers; its value is `true`. */
export const CLIENT_LABEL = "unity-kafka/client";

/** Principals of a Project's own servers and users; a component's has no dot, so none can collide. */
export const IDENTITIES = {
    zookeeper: "zookeeper.unity-kafka",
    brokers: "brokers.unity-kafka",
    operator: "operator.unity-kafka",
    bridge: "bridge.unity-kafka",
    lagExporter: "lag-exporter.unity-kafka",
} as const;

/**
 * The principal of a client's key, which is the common name of its certificate. A key that was replaced belongs to
 * another one, as ACLs, quotas and super users go by principals and no broker asks whether a certificate was revoked.
 *
 * @param client a component, or one of {@link IDENTITIES}
 * @param key number of the key; the first one's principal is the client itself
 */
export function principalOf(client: string, key: number): string {
    return key === 1 ? client : `${client}.${key}`;
}

/** The number of a principal's key. No component has a dot in its name, so none is taken for another's key. */
export function keyOf(principal: string): number {
    return Number(/\.(\d+)$/.exec(principal)?.[1] ?? 1);
}

/** The client that a principal belongs to, whichever its key. */
export function clientOf(principal: string): string {
    return principal.replace(/\.\d+$/, "");
}

/** Secrets of clients: a component's is in the namespaces of its pods, the others are in that of the servers. */
export const SECRETS = {
    operator: "kafka-operator",
    bridge: "kafka-bridge",
    lagExporter: "kafka-lag-exporter",
    component: (name: string) => `kafka-client-${name}`,
} as const;

/** What separates those of brokers and clients from those of ZooKeeper and the brokers as its clients. */
export type Trust = "cluster" | "ensemble";

/**
 * Annotation of a server's pod with the CAs in the Secret that it has read at its start: {@link PodCas} as JSON. Who may
 * see pods knows them without the permission to read Secrets.
 */
export const caAnnotation = (trust: Trust): string => `unity-kafka/${trust}-ca`;

/** CAs by their names in config. */
export interface PodCas {
    /** That of the server's own certificate. */
    readonly signedBy: string;
    readonly trusted: readonly string[];
}

/** Prefix of a pod's annotations that are its configuration files, by the files' names. */
export const FILES_ANNOTATION = "files.unity-kafka";

/** Address of one pod of a StatefulSet, which stays the same when the pod moves to another node. */
export function serverAddress(
    statefulSet: string,
    ordinal: number | string,
    service: string,
    namespace: string,
): string {
    return `${statefulSet}-${ordinal}.${service}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}

/** ZooKeeper counts its servers from 1. */
export function serverId(ordinal: number): number {
    return ordinal + 1;
}

/** host:port for a client's first connection, inside the Kubernetes cluster. */
export function kafkaBootstrap(namespace: string): string {
    return `${KAFKA.bootstrap}.${namespace}.svc.${CLUSTER_DOMAIN}:${KAFKA.ports.client}`;
}

/** Names of a service, and of the servers behind it where it is headless, in certificates. */
export function serviceNames(service: string, namespace: string): string[] {
    return [
        service,
        `${service}.${namespace}`,
        `${service}.${namespace}.svc`,
        `${service}.${namespace}.svc.${CLUSTER_DOMAIN}`,
    ];
}

/** Label of the nodes that are dedicated to `kafka` or `zookeeper`; its value is `true`. */
export const poolLabel = (server: string): string => `unity-kafka/${server}`;

/** Key of the taint that keeps all other pods off those nodes; its value is `true`, its effect NoSchedule. */
export const POOL_TAINT = "unity-kafka/servers";

/** Label of the nodes for the cluster's own pods, which have no taint; its value is `true`. */
export const SYSTEM_POOL_LABEL = "unity-kafka/system";

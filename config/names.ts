/** Names that a Project's objects carry in Kubernetes: the program makes them, the command line finds them. */

/** Label of a Project's namespace; its value is the Project's name. */
export const PROJECT_LABEL = "unity-kafka/project";

/** Labels of every object; with {@link COMPONENT_LABEL} they select the pods of one set, so they never change. */
export const INSTANCE_LABELS = { "app.kubernetes.io/part-of": "unity-kafka" } as const;
export const COMPONENT_LABEL = "app.kubernetes.io/name";

/** Label that the API server copies from a pod's node to the pod when it is bound. */
export const ZONE_LABEL = "topology.kubernetes.io/zone";

export const CLUSTER_DOMAIN = "cluster.local";

export const ZOOKEEPER = { name: "zookeeper", nodes: "zookeeper-nodes", client: "zookeeper-client" } as const;

export const KAFKA = {
    name: "kafka",
    /** Headless service: gives each broker its own address. */
    brokers: "kafka-brokers",
    /** Service in front of all brokers, for a client's first connection. */
    bootstrap: "kafka-bootstrap",
    ports: { client: 9092, metrics: 9404 },
} as const;

/** Address of one server of a set, the same before and after it moves to another node. */
export function serverAddress(
    set: string,
    ordinal: number | string,
    service: string,
    namespace: string,
): string {
    return `${set}-${ordinal}.${service}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}

/** Label of the nodes that take the pods of a set (`kafka`, `zookeeper`); its value is `true`. */
export const poolLabel = (set: string): string => `unity-kafka/${set}`;

/** Key of the taint that keeps every other pod off those nodes; its value is `true`, its effect NoSchedule. */
export const POOL_TAINT = "unity-kafka/servers";

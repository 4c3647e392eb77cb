// What a Project is called inside Kubernetes. Whoever deploys it and whoever connects to it must agree on these.

/** Label of a Project's namespace; its value is the Project's name. */
export const PROJECT_LABEL = "unity-kafka/project";
/** StatefulSet of the brokers; its pods are `kafka-0`, `kafka-1`, ... */
export const KAFKA_STATEFUL_SET = "kafka";
/** Headless service that gives every broker its name. */
export const BROKER_SERVICE = "kafka-brokers";
/** Port on which brokers listen for clients. */
export const CLIENT_PORT = 9092;

/**
 * The name under which a broker advertises itself to its clients.
 * @param namespace the Project's namespace
 * @param ordinal the broker's number, from 0
 */
export function brokerHost(namespace: string, ordinal: number): string {
    return `${KAFKA_STATEFUL_SET}-${ordinal}.${BROKER_SERVICE}.${namespace}.svc.cluster.local`;
}

const BROKER_HOST = new RegExp(
    `^(${KAFKA_STATEFUL_SET}-\\d+)\\.${BROKER_SERVICE}\\.([a-z0-9-]+)\\.svc(?:\\.[a-z0-9.-]+)?$`,
);

/**
 * The pod behind an advertised broker name.
 * @param host a name as made by `brokerHost`, with any cluster domain
 * @throws Error when the name is not that of a broker: such a name exists in no laptop's DNS either, so
 *     trying it would only end in a slower and darker error
 */
export function podOfBroker(host: string): { readonly namespace: string; readonly pod: string } {
    const [, pod, namespace] = BROKER_HOST.exec(host) ?? [];
    if (pod === undefined || namespace === undefined) {
        throw new Error(`"${host}" is not the name of a broker of a Project`);
    }
    return { namespace, pod };
}

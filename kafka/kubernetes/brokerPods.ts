import { KAFKA } from "../../common/names.ts";

const BROKER_HOST = new RegExp(
    `^(${KAFKA.name}-\\d+)\\.${KAFKA.brokers}\\.([a-z0-9-]+)\\.svc(?:\\.[a-z0-9.-]+)?$`,
);

/**
 * The pod behind an advertised broker name.
 * @param host a name as made by `serverAddress`, with any cluster domain
 * @throws Error when the name is not that of a broker: no DNS outside the cluster has it either
 */
export function podOfBroker(host: string): { readonly namespace: string; readonly pod: string } {
    const [, pod, namespace] = BROKER_HOST.exec(host) ?? [];
    if (pod === undefined || namespace === undefined) {
        throw new Error(`"${host}" is not the name of a broker of a Project`);
    }
    return { namespace, pod };
}

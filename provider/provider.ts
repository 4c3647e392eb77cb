import type { Provider } from "@pulumi/pulumi/provider/provider.js";
import type { CallContext } from "./callContext.ts";
import { brokerConfig } from "./handlers/brokerConfig.ts";
import { brokerDecommission } from "./handlers/brokerDecommission.ts";
import { certificate } from "./handlers/certificate.ts";
import { clientKeys } from "./handlers/clientKeys.ts";
import { ensembleSize } from "./handlers/ensembleSize.ts";
import { kafkaUser } from "./handlers/kafkaUser.ts";
import { kafkaUsers } from "./handlers/kafkaUsers.ts";
import { networkPolicySpecs } from "./handlers/networkPolicySpecs.ts";
import { operatorKey } from "./handlers/operatorKey.ts";
import { partitionReassignment } from "./handlers/partitionReassignment.ts";
import { rollingUpdate } from "./handlers/rollingUpdate.ts";
import { rootCertificate } from "./handlers/rootCertificate.ts";
import { smokeTest } from "./handlers/smokeTest.ts";
import { topic } from "./handlers/topic.ts";
import { zookeeperInitialization } from "./handlers/zookeeperInitialization.ts";
import type { InKafka } from "./kafkaConnection.ts";
import { type RegisteredHandler, registered } from "./registered.ts";
import { FORMER_TYPES } from "./resources/formerTypes.ts";

// What a preview does not call is not loaded: the clients of Kafka, Kubernetes and certificates come with the first change.
const inProjectKafka: InKafka = async (...args) => (await import("./kafkaConnection.ts")).inKafka(...args);

/** Writes a line about a resource, by its URN, to the log of the engine. */
export type Log = (severity: "INFO" | "WARNING", urn: string, message: string) => void;

export interface ProviderArgs {
    /** Default: nobody reads it. */
    readonly log?: Log;
    /** How a Project's Kafka is reached. Default: through the Kubernetes API. */
    readonly inKafka?: InKafka;
}

/** The provider `unity`: the resources that no other provider has. */
export function unityProvider({
    log = () => undefined,
    inKafka = inProjectKafka,
}: ProviderArgs = {}): Provider {
    const canceled = new AbortController();
    const contextOf = (urn: string): CallContext => ({
        info: (message) => log("INFO", urn, message),
        warn: (message) => log("WARNING", urn, message),
        signal: canceled.signal,
    });
    const handlers = new Map<string, RegisteredHandler>([
        ["unity:tls:RootCertificate", registered(rootCertificate, contextOf)],
        ["unity:tls:Certificate", registered(certificate, contextOf)],
        ["unity:kubernetes:NetworkPolicySpecs", registered(networkPolicySpecs, contextOf)],
        ["unity:kubernetes:RollingUpdate", registered(rollingUpdate, contextOf)],
        ["unity:kubernetes:ZookeeperInitialization", registered(zookeeperInitialization, contextOf)],
        ["unity:kubernetes:EnsembleSize", registered(ensembleSize, contextOf)],
        ["unity:kafka:Topic", registered(topic(inKafka), contextOf)],
        ["unity:kafka:BrokerConfig", registered(brokerConfig(inKafka), contextOf)],
        ["unity:kafka:BrokerDecommission", registered(brokerDecommission(inKafka), contextOf)],
        ["unity:kafka:PartitionReassignment", registered(partitionReassignment(inKafka), contextOf)],
        ["unity:kafka:User", registered(kafkaUser(inKafka), contextOf)],
        ["unity:kafka:Users", registered(kafkaUsers(inKafka), contextOf)],
        ["unity:kafka:OperatorKey", registered(operatorKey(inKafka), contextOf)],
        ["unity:kafka:ClientKeys", registered(clientKeys(inKafka), contextOf)],
        ["unity:kafka:SmokeTest", registered(smokeTest, contextOf)],
    ]);
    // A resource that has left the program is deleted by the type that it has in the state.
    for (const [type, former] of Object.entries(FORMER_TYPES)) {
        handlers.set(former, handlers.get(type)!);
    }

    function handlerOf(urn: string): RegisteredHandler {
        const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
        const handler = handlers.get(type);
        if (!handler) {
            throw new Error(`the provider unity has no resources of type ${type}`);
        }
        return handler;
    }

    return {
        check: async (urn, olds, news) => handlerOf(urn).check(urn, olds, news),
        diff: async (id, urn, olds, news) => handlerOf(urn).diff(id, urn, olds, news),
        create: async (urn, inputs) => handlerOf(urn).create(urn, inputs),
        update: async (id, urn, olds, news) => handlerOf(urn).update(id, urn, olds, news),
        read: async (id, urn, state) => handlerOf(urn).read(id, urn, state),
        delete: async (id, urn, state) => handlerOf(urn).delete(id, urn, state),
        // The user ends the `up`: what is waited for ends, and the engine writes down how far it has come.
        cancel: async () => canceled.abort(new Error("the up was ended. Run up again: it goes on from here")),
    };
}

import type { Provider } from "@pulumi/pulumi/provider/provider.js";
import { brokerConfig } from "./handlers/brokerConfig.ts";
import { certificate } from "./handlers/certificate.ts";
import { kafkaUser } from "./handlers/kafkaUser.ts";
import { rollingUpdate } from "./handlers/rollingUpdate.ts";
import { rootCertificate } from "./handlers/rootCertificate.ts";
import { smokeTest } from "./handlers/smokeTest.ts";
import { topic } from "./handlers/topic.ts";
import type { InKafka } from "./kafkaConnection.ts";
import { type RegisteredHandler, registered, type WarnOf } from "./registered.ts";
import { FORMER_TYPES } from "./resources/formerTypes.ts";

// What a preview does not call is not loaded: the clients of Kafka, Kubernetes and certificates come with the first change.
const inProjectKafka: InKafka = async (...args) => (await import("./kafkaConnection.ts")).inKafka(...args);

/** What a plugin writes there is among the messages of the engine. */
const toStandardError: WarnOf = (urn, message) => console.error(`${urn.split("::").at(-1)}: ${message}`);

/**
 * The provider `unity`: the resources that no other provider has.
 *
 * @param inKafka how a Project's Kafka is reached; a test has none
 * @param warn tells the user something about a resource
 */
export function unityProvider(inKafka: InKafka = inProjectKafka, warn: WarnOf = toStandardError): Provider {
    const handlers = new Map<string, RegisteredHandler>([
        ["unity:tls:RootCertificate", registered(rootCertificate, warn)],
        ["unity:tls:Certificate", registered(certificate, warn)],
        ["unity:kubernetes:RollingUpdate", registered(rollingUpdate, warn)],
        ["unity:kafka:Topic", registered(topic(inKafka), warn)],
        ["unity:kafka:BrokerConfig", registered(brokerConfig(inKafka), warn)],
        ["unity:kafka:User", registered(kafkaUser(inKafka), warn)],
        ["unity:kafka:SmokeTest", registered(smokeTest, warn)],
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
    };
}

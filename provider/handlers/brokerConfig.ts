import { isDeepStrictEqual } from "node:util";
import type { InKafka } from "../kafkaConnection.ts";
import { deleteInKafka, readInKafka } from "../kafkaFailure.ts";
import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { BrokerConfigInputs } from "../resources/brokerConfig.ts";

/** All settings that brokers take while they run. Where they are deleted, server.properties and Kafka decide again. */
export const brokerConfig = (inKafka: InKafka): ResourceHandler<BrokerConfigInputs> => ({
    diff: (old, inputs) => diffOf(old, inputs, { updates: ["cluster", "config"], replaces: ["namespace"] }),
    create: async (inputs) => {
        await inKafka(inputs, "set the broker settings", (admin) => admin.setBrokerConfig(inputs.config));
        return {};
    },
    delete: async (state) =>
        deleteInKafka(inKafka, state, "the broker settings", (admin) => admin.setBrokerConfig({})),
    read: async (state, context) =>
        readInKafka(inKafka, state, "the broker settings", context, async (admin) => {
            const config = await admin.describeBrokerConfig();
            return isDeepStrictEqual(config, state.config) ? state : { ...state, config };
        }),
});

import { aclsOf, type Permissions } from "../../kafka/admin/acls.ts";
import type { ClientQuotas } from "../../kafka/admin/quotas.ts";
import { inKafka, type KafkaInputs } from "../kafkaConnection.ts";
import { differs } from "../renewal.ts";
import type { ResourceHandler } from "../resourceHandler.ts";

export interface KafkaUserInputs extends KafkaInputs, Permissions {
    /** Name in the certificate. */
    readonly principal: string;
    readonly quotas: {
        /** Bytes a second. */
        readonly produce?: number;
        /** Bytes a second. */
        readonly consume?: number;
        /** Percent of one thread. */
        readonly requests?: number;
    };
}

/** Rights and quotas of one client; those of all others are left alone. */
export const kafkaUser: ResourceHandler<KafkaUserInputs, object> = {
    changes: (old, now) => differs(old, now, ["cluster", "produce", "consume", "groups", "acls", "quotas"]),
    replaces: (old, now) => (differs(old, now, ["namespace", "principal"]) ? ["principal"] : []),
    make: async (inputs) => {
        const { principal, quotas } = inputs;
        await inKafka(inputs, `grant rights to ${principal}`, async (admin) => {
            await admin.setAcls(principal, aclsOf(inputs));
            await admin.setQuotas(principal, quotasOf(quotas));
        });
        return {};
    },
    remove: async (state) =>
        inKafka(state, `take the rights of ${state.principal}`, async (admin) => {
            await admin.setAcls(state.principal, []);
            await admin.setQuotas(state.principal, {});
        }),
};

function quotasOf({ produce, consume, requests }: KafkaUserInputs["quotas"]): ClientQuotas {
    return {
        ...(produce !== undefined && { producer_byte_rate: produce }),
        ...(consume !== undefined && { consumer_byte_rate: consume }),
        ...(requests !== undefined && { request_percentage: requests }),
    };
}

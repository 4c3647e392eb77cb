import { rightsOf, type Wanted } from "../kafka/acls.ts";
import type { Quotas } from "../kafka/quotas.ts";
import { inKafka, type KafkaInputs } from "./brokers.ts";
import type { Kind } from "./kind.ts";
import { differs } from "./renewal.ts";

export interface AccessInputs extends KafkaInputs, Wanted {
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
export const access: Kind<AccessInputs, object> = {
    changes: (old, now) => differs(old, now, ["cluster", "produce", "consume", "groups", "rights", "quotas"]),
    replaces: (old, now) => (differs(old, now, ["namespace", "principal"]) ? ["principal"] : []),
    make: async (inputs) => {
        const { principal, quotas } = inputs;
        await inKafka(inputs, `grant rights to ${principal}`, async (admin) => {
            await admin.setRights(principal, rightsOf(inputs));
            await admin.setQuotas(principal, quotasOf(quotas));
        });
        return {};
    },
    remove: async (state) =>
        inKafka(state, `take the rights of ${state.principal}`, async (admin) => {
            await admin.setRights(state.principal, []);
            await admin.setQuotas(state.principal, {});
        }),
};

function quotasOf({ produce, consume, requests }: AccessInputs["quotas"]): Quotas {
    return {
        ...(produce !== undefined && { producer_byte_rate: produce }),
        ...(consume !== undefined && { consumer_byte_rate: consume }),
        ...(requests !== undefined && { request_percentage: requests }),
    };
}

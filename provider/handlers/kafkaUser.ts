import { aclsOf } from "../../kafka/admin/acls.ts";
import type { InKafka } from "../kafkaConnection.ts";
import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { KafkaUserInputs } from "../resources/kafkaUser.ts";

/** ACLs and quotas of one principal; those of all others are left alone. */
export const kafkaUser = (inKafka: InKafka) =>
    ({
        formerInputs: { rights: "acls" },
        diff: (old, inputs) =>
            diffOf(old, inputs, {
                updates: ["cluster", "produce", "consume", "groups", "acls", "quotas"],
                replaces: ["namespace", "principal"],
            }),
        create: async (inputs) => {
            const { principal, quotas } = inputs;
            await inKafka(inputs, `set the ACLs and quotas of ${principal}`, async (admin) => {
                await admin.setAcls(principal, aclsOf(inputs));
                await admin.setQuotas(principal, quotas);
            });
            return {};
        },
        delete: async (state) =>
            inKafka(state, `delete the ACLs and quotas of ${state.principal}`, async (admin) => {
                await admin.setAcls(state.principal, []);
                await admin.setQuotas(state.principal, {});
            }),
    }) satisfies ResourceHandler<KafkaUserInputs>;

import { isDeepStrictEqual } from "node:util";
import { permissionsFound } from "../../kafka/admin/aclDrift.ts";
import { aclsOf } from "../../kafka/admin/acls.ts";
import type { InKafka } from "../kafkaConnection.ts";
import { deleteInKafka, readInKafka } from "../kafkaFailure.ts";
import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { KafkaUserInputs } from "../resources/kafkaUser.ts";
import { keyFailures } from "./keyNumber.ts";

/** All ACLs and quotas of one principal, also those that config cannot express; those of all others are left alone. */
export const kafkaUser = (inKafka: InKafka) =>
    ({
        formerInputs: { rights: "acls" },
        // Its Secret gets the next key between the two.
        createBeforeDelete: true,
        check: (inputs, old) => ({ failures: keyFailures("key", inputs.principal, old?.principal) }),
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
            deleteInKafka(inKafka, state, `the ACLs and quotas of ${state.principal}`, async (admin) => {
                await admin.setAcls(state.principal, []);
                await admin.setQuotas(state.principal, {});
            }),
        read: async (state, context) =>
            readInKafka(
                inKafka,
                state,
                `the ACLs and quotas of ${state.principal}`,
                context,
                async (admin) => {
                    const permissions = permissionsFound(state, await admin.describeAcls(state.principal));
                    const quotas = await admin.describeQuotas(state.principal);
                    return isDeepStrictEqual(quotas, state.quotas) ? permissions : { ...permissions, quotas };
                },
            ),
    }) satisfies ResourceHandler<KafkaUserInputs>;

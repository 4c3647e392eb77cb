import type { CallContext } from "../callContext.ts";
import type { InKafka, KafkaApi } from "../kafkaConnection.ts";
import { readInKafka } from "../kafkaFailure.ts";
import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { KafkaUsersInputs } from "../resources/kafkaUsers.ts";

/** All users with ACLs or quotas. Nobody but this program issues certificates, so any other is a former one. */
export const kafkaUsers = (inKafka: InKafka) =>
    ({
        diff: (old, inputs) =>
            diffOf(old, inputs, { updates: ["cluster", "users", "superUsers"], replaces: ["namespace"] }),
        create: async (inputs, context) => {
            await inKafka(inputs, "delete the ACLs and quotas of former users", async (admin) =>
                deletePermissions(admin, others(inputs, await admin.listUsers()), context),
            );
            return {};
        },
        read: async (state, context) =>
            readInKafka(inKafka, state, "the users", context, async (admin) => {
                const found = others(state, await admin.listUsers());
                return found.length > 0 ? { ...state, users: [...state.users, ...found] } : state;
            }),
    }) satisfies ResourceHandler<KafkaUsersInputs>;

function others({ users }: KafkaUsersInputs, found: readonly string[]): string[] {
    return found.filter((user) => !users.includes(user));
}

/** Deletes all ACLs and quotas of these users. */
export async function deletePermissions(
    admin: KafkaApi,
    users: readonly string[],
    { info }: Pick<CallContext, "info">,
): Promise<void> {
    for (const user of users) {
        await admin.setAcls(user, []);
        await admin.setQuotas(user, {});
        info(`${user} has no ACLs and quotas any more`);
    }
}

import { clientOf } from "../../common/names.ts";
import type { CallContext } from "../callContext.ts";
import type { InKafka, KafkaApi } from "../kafkaConnection.ts";
import { KafkaFailure } from "../kafkaFailure.ts";
import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { ClientKeysInputs } from "../resources/clientKeys.ts";
import { deletePermissions } from "./kafkaUsers.ts";

/** Longest that it waits for a Kafka, in milliseconds: one that is broken is to be fixed by what follows. */
const LIMIT = 10_000;

/** Deletes a Secret of a Project, `NAMESPACE/NAME`; fine if there is none. */
export type DeleteSecret = (of: ClientKeysInputs, secret: string) => Promise<void>;

const deleteInKubernetes: DeleteSecret = async (...args) =>
    (await import("../actions/deleteSecret.ts")).deleteSecret(...args);

/** What clients that have left config leave behind. */
export const clientKeys = (inKafka: InKafka, deleteSecret: DeleteSecret = deleteInKubernetes) =>
    ({
        diff: (old, inputs) =>
            diffOf(old, inputs, { updates: ["cluster", "clients"], replaces: ["namespace"] }),
        // A Project that is new has had no others.
        create: async () => ({}),
        update: async (old, inputs, context) => {
            const names = inputs.clients.map(({ name }) => name);
            const left = old.clients.filter(({ name }) => !names.includes(name));
            for (const secret of left.flatMap(({ secrets }) => secrets)) {
                await deleteSecret(inputs, secret);
            }
            if (left.length > 0) {
                await deleteUsers(inKafka, inputs, left, context);
            }
            return {};
        },
    }) satisfies ResourceHandler<ClientKeysInputs>;

async function deleteUsers(
    inKafka: InKafka,
    inputs: ClientKeysInputs,
    clients: ClientKeysInputs["clients"],
    context: CallContext,
): Promise<void> {
    const names = clients.map(({ name }) => name);
    const deleteAll = async (admin: KafkaApi) => {
        const users = await admin.listUsers();
        // With the key of now, and those of before.
        const theirs = users.filter((user) => names.includes(clientOf(user)));
        await deletePermissions(admin, theirs, context);
    };
    try {
        await inKafka(inputs, `delete the ACLs and quotas of ${names.join(", ")}`, deleteAll, LIMIT);
    } catch (error) {
        if (!(error instanceof KafkaFailure) || error.kind === "refused") {
            throw error;
        }
        context.warn(`${error.message}. They lose them when its rolling update has ended`);
    }
}

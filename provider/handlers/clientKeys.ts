import { clientOf } from "../../common/names.ts";
import type { InKafka } from "../kafkaConnection.ts";
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
                await deleteUsers(left.map(({ name }) => name));
            }
            return {};

            async function deleteUsers(of: readonly string[]): Promise<void> {
                const what = `delete the ACLs and quotas of ${of.join(", ")}`;
                try {
                    await inKafka(
                        inputs,
                        what,
                        async (admin) => {
                            const users = await admin.listUsers();
                            // With the key of now, and those of before.
                            const theirs = users.filter((user) => of.includes(clientOf(user)));
                            await deletePermissions(admin, theirs, context);
                        },
                        LIMIT,
                    );
                } catch (error) {
                    if (!(error instanceof KafkaFailure) || error.kind === "refused") {
                        throw error;
                    }
                    context.warn(`${error.message}. They lose them when its rolling update has ended`);
                }
            }
        },
    }) satisfies ResourceHandler<ClientKeysInputs>;

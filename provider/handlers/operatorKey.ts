import { setTimeout as sleep } from "node:timers/promises";
import { keyOf } from "../../common/names.ts";
import type { InKafka } from "../kafkaConnection.ts";
import { KafkaFailure } from "../kafkaFailure.ts";
import { diffOf, type ResourceHandler } from "../resourceHandler.ts";
import type { InNamespace } from "../resources/inputs.ts";
import type { OperatorKeyInputs } from "../resources/operatorKey.ts";
import { keyFailures } from "./keyNumber.ts";

const INTERVAL = 250;
/** How long brokers may take to learn of an ACL, in milliseconds. */
const LIMIT = 30_000;

/** The principal by which a Project's Kafka is operated now; undefined where no broker runs yet. */
export type CurrentOperator = (of: InNamespace) => Promise<string | undefined>;

const inSecret: CurrentOperator = async (of) =>
    (await import("../actions/currentOperator.ts")).currentOperator(of);

/** What the brokers must know before they are asked with the operator's next key. */
export const operatorKey = (inKafka: InKafka, currentOperator: CurrentOperator = inSecret) =>
    ({
        check: (inputs, old) => ({
            failures: keyFailures("certificates.operatorKey", inputs.principal, old?.principal),
        }),
        diff: (old, inputs) =>
            diffOf(old, inputs, { updates: ["cluster", "principal"], replaces: ["namespace"] }),
        create: async (inputs) => {
            const current = await currentOperator(inputs);
            // With the Secret, brokers got to know its key before.
            if (current === undefined || current === inputs.principal) {
                return {};
            }
            try {
                await allowEverything(inKafka, inputs);
            } catch (error) {
                if (error instanceof KafkaFailure && error.kind === "unavailable") {
                    throw new KafkaFailure(
                        error.kind,
                        `${error.message}; where brokers need a change of config to start, set certificates.operatorKey to ${keyOf(current)} until they run`,
                    );
                }
                throw error;
            }
            return {};
        },
    }) satisfies ResourceHandler<OperatorKeyInputs>;

async function allowEverything(inKafka: InKafka, inputs: OperatorKeyInputs): Promise<void> {
    const what = `allow ${inputs.principal} everything`;
    const end = Date.now() + LIMIT;
    for (;;) {
        const ignorant = await inKafka(inputs, what, (admin) => admin.allowEverything(inputs.principal));
        if (ignorant.length === 0) {
            return;
        }
        if (Date.now() > end) {
            throw new Error(
                `${ignorant.join(", ")} of namespace ${inputs.namespace} do not learn within ${LIMIT / 1000} s that ${inputs.principal} is allowed everything. Check the connection of these brokers to ZooKeeper, then run up again`,
            );
        }
        await sleep(INTERVAL);
    }
}

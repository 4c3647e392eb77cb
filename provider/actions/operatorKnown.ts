import { KAFKA } from "../../common/names.ts";
import type { Metadata } from "../../kafka/admin/metadata.ts";
import { ConnectionError } from "../../kafka/errors.ts";

/** @throws ConnectionError where a broker does not know the operator: it would say nothing of partitions, without an error */
export function assertOperatorKnown({ brokers, controller, mayAlter }: Metadata): void {
    if (!mayAlter) {
        const broker = `${KAFKA.name}-${controller < 0 ? brokers[0]?.id : controller}`;
        throw new ConnectionError(
            "kafka",
            `${broker} was started with other super users and does not know the operator, so it does not tell which replicas are in sync`,
            `Delete pod ${broker} while unity status finds no partition under-replicated, then run up again`,
        );
    }
}

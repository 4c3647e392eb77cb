/** What config may say of a Project's requirements: the input of sizing. */
import { z } from "zod";
import type { Requirements } from "../../planning/model.ts";
import { requirementsError } from "../../planning/sizing.ts";
import { isBlock } from "../raw.ts";
import { DURATION, duration, rate } from "./fields.ts";
import { withRules } from "./rules.ts";

const PEAK = "must be a number from 1 to 20";

/** The fields alone; {@link sizeableSchema} also requires that a cluster meets them. */
export const requirementsSchema = z.strictObject(
    {
        throughput: z
            .strictObject(
                {
                    in: rate().describe("What all producers write, on average."),
                    out: rate().describe("What all consumers read, on average."),
                },
                { error: "must be a block with in and out" },
            )
            .describe("Bytes on the network, compressed if the producers compress."),
        retention: duration(DURATION).describe("How long messages are kept."),
        peak: z
            .number({ error: PEAK })
            .min(1, { error: PEAK })
            .max(20, { error: PEAK })
            .default(2)
            .describe("Busiest minute divided by the average."),
    },
    { error: "must be the name of a size, or a block with throughput, retention and peak" },
);

/** Requirements that a cluster can meet. */
export const sizeableSchema = withRules(requirementsSchema, [
    ({ throughput, retention, peak }, error) => {
        if (throughput !== undefined && retention !== undefined && peak !== undefined) {
            const message = requirementsError({ throughput, retention, peak });
            if (message !== undefined) {
                error([], message);
            }
        }
    },
]);

/** The requirements that a `size` of config gives, or undefined where it is a name or invalid. */
export function requirementsOf(size: unknown): Requirements | undefined {
    return isBlock(size) ? sizeableSchema.safeParse(size).data : undefined;
}

/** What a Project needs, as its people say it: the input of sizing. */
import { z } from "zod";
import { isBlock } from "../rules.ts";

const RATE = "must be a rate with its unit, such as 30MB/s or 500kB/s";
export const DURATION = "must be a time with its unit, such as 90m, 24h or 7d";
const RATES = { kB: 1e3, MB: 1e6, GB: 1e9 } as const;
const DURATIONS = { m: 60, h: 3600, d: 86_400 } as const;
const RATE_PATTERN = /^([0-9]+(?:\.[0-9]+)?)(kB|MB|GB)\/s$/;
const DURATION_PATTERN = /^([1-9][0-9]*)(m|h|d)$/;

/** Bytes a second of a rate such as `30MB/s`, or undefined where it is none, or nothing. */
export function rateOf(text: string): number | undefined {
    const [, digits, unit] = RATE_PATTERN.exec(text) ?? [];
    const rate = digits === undefined ? 0 : Number(digits) * RATES[unit as keyof typeof RATES];
    return rate > 0 ? rate : undefined;
}

/** Seconds of a time such as `24h`, or undefined where it is none. */
export function secondsOf(text: string): number | undefined {
    const [, digits, unit] = DURATION_PATTERN.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits) * DURATIONS[unit as keyof typeof DURATIONS];
}

export const rate = () =>
    z.string({ error: RATE }).refine((text) => rateOf(text) !== undefined, { error: RATE });
const PEAK = "must be a number from 1 to 20";

export const requirementsSchema = z.strictObject(
    {
        throughput: z
            .strictObject(
                {
                    in: rate().describe("What the producers write altogether, on average."),
                    out: rate().describe("What the consumers read altogether, on average."),
                },
                { error: "must be a block with in and out" },
            )
            .describe("Uncompressed or compressed, as it goes over the network."),
        retention: z
            .string({ error: DURATION })
            .refine((text) => secondsOf(text) !== undefined, { error: DURATION })
            .describe("How long messages are kept."),
        peak: z
            .number({ error: PEAK })
            .min(1, { error: PEAK })
            .max(20, { error: PEAK })
            .default(2)
            .describe("Busiest minute divided by the average."),
    },
    { error: "must be the name of a size, or a block with throughput, retention and peak" },
);

/** The need as config spells it. */
export type Requirements = z.output<typeof requirementsSchema>;

/** Whether a `size` of config is a need rather than a name. */
export const isRequirements = (size: unknown): size is Record<string, unknown> => isBlock(size);

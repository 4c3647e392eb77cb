/** What config may say of a pipeline's components: who may do what. */
import { z } from "zod";
import type { ConfigIssue } from "../errors.ts";
import { rate, rateOf } from "./requirements.ts";

const NAME =
    "must be 1 to 40 lower-case letters, digits or dashes, beginning and ending with a letter or digit";
const TOPIC = "must be the name of a topic, or the beginning of some with a * at its end";
const GROUP = "must be the name of a consumer group, or the beginning of some with a * at its end";
/** Clients that every Project may have besides its components. */
const TAKEN = ["operator", "bridge"];
/** A bare * would be all topics there are: Kafka's own too. */
const PATTERN = /^[a-zA-Z0-9._-]+\*?$/;
const SHARE = "must be a number of percent of one thread from 1 to 10000";

const names = (allowed: string, what: string) =>
    z
        .array(z.string({ error: allowed }).regex(PATTERN, { error: allowed }), {
            error: `must be a list of ${what}`,
        })
        .default([]);

export const componentSchema = z.strictObject(
    {
        name: z
            .string({ error: NAME })
            .regex(/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/, { error: NAME })
            .refine((name) => !TAKEN.includes(name), {
                error: `is reserved: ${TAKEN.join(" and ")} are there already`,
            })
            .describe("Name of the component, to the brokers too."),
        produce: names(TOPIC, "topics").describe(
            "Topics that it may write to; orders* stands for all that begin so.",
        ),
        consume: names(TOPIC, "topics").describe("Topics that it may read."),
        groups: z
            .array(z.string({ error: GROUP }).regex(PATTERN, { error: GROUP }), {
                error: "must be a list of consumer groups",
            })
            .optional()
            .describe("Its consumer groups. Default: its own name, if it reads any topic."),
        quotas: z
            .strictObject(
                {
                    produce: rate()
                        .optional()
                        .describe("What each broker takes of it at most, such as 5MB/s."),
                    consume: rate().optional().describe("What each broker gives it at most."),
                    requests: z
                        .number({ error: SHARE })
                        .min(1, { error: SHARE })
                        .max(10_000, { error: SHARE })
                        .optional()
                        .describe("Share of a broker's threads at most, in percent of one."),
                },
                { error: "must be a block with produce, consume or requests" },
            )
            .default({})
            .describe("What it may take at most, broker by broker."),
    },
    { error: "must be a block with a name, such as {name: loader, produce: [orders]}" },
);

/** A component with everything decided. */
export interface ComponentConfig {
    readonly name: string;
    readonly produce: readonly string[];
    readonly consume: readonly string[];
    readonly groups: readonly string[];
    readonly quotas: {
        /** Bytes a second. */
        readonly produce?: number;
        /** Bytes a second. */
        readonly consume?: number;
        /** Percent of one thread. */
        readonly requests?: number;
    };
}

export function resolveComponent(component: z.output<typeof componentSchema>): ComponentConfig {
    const { name, produce, consume, groups, quotas } = component;
    return {
        name,
        produce,
        consume,
        groups: groups ?? (consume.length > 0 ? [name] : []),
        quotas: {
            ...(quotas.produce !== undefined && { produce: rateOf(quotas.produce)! }),
            ...(quotas.consume !== undefined && { consume: rateOf(quotas.consume)! }),
            ...(quotas.requests !== undefined && { requests: quotas.requests }),
        },
    };
}

/** Faults of a Project's components taken together, and against its topics. */
export function componentIssues(
    components: readonly [index: number, component: Pick<ComponentConfig, "name" | "produce" | "consume">][],
    topics: readonly string[],
    path: string,
): ConfigIssue[] {
    const there = topics.length > 0 ? topics.join(", ") : "none are there";
    return components.flatMap(([i, component], position): ConfigIssue[] => {
        const faults: ConfigIssue[] = [];
        if (components.slice(0, position).some(([, { name }]) => name === component.name)) {
            faults.push({ path: `${path}[${i}].name`, message: `"${component.name}" is there twice` });
        }
        for (const key of ["produce", "consume"] as const) {
            component[key].forEach((wanted, j) => {
                const found = wanted.endsWith("*")
                    ? topics.some((topic) => topic.startsWith(wanted.slice(0, -1)))
                    : topics.includes(wanted);
                if (!found) {
                    faults.push({
                        path: `${path}[${i}].${key}[${j}]`,
                        message: `"${wanted}" is not among the Project's topics (${there})`,
                    });
                }
            });
        }
        return faults;
    });
}

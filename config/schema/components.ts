/** What config may say of a pipeline's components: their ACLs and quotas. */
import { z } from "zod";
import type { ConfigIssue } from "../../common/configIssue.ts";
import type { ClientQuotas } from "../../common/kafkaTypes.ts";
import { clientNamespaceOf } from "../../common/names.ts";
import { rateOf } from "../../common/quantity.ts";
import { duplicates, namesText } from "../errors.ts";
import { dnsName, keyNumber, rate } from "./fields.ts";
import { KAFKA_NAME_OR_PREFIX } from "./kafkaNames.ts";
import { applicationIds, transactionalIds, transactionIssues } from "./transactions.ts";

const NAME =
    "must be 1 to 40 lower-case letters, digits or dashes, beginning and ending with a letter or digit";
const TOPIC = "must be the name of a topic, or the prefix of some with a * at its end";
const GROUP = "must be the name of a consumer group, or the prefix of some with a * at its end";
/** Users that every Project may have besides its components. */
const RESERVED = ["operator", "bridge"];
const NAMESPACE = "must be the name of a namespace, or a list of such names";
const SHARE = "must be a number of percent of one thread from 1 to 10000";

const names = (allowed: string, what: string) =>
    z.array(z.string({ error: allowed }).regex(KAFKA_NAME_OR_PREFIX, { error: allowed }), {
        error: `must be a list of ${what}`,
    });

export const componentSchema = z.strictObject(
    {
        name: z
            .string({ error: NAME })
            .regex(/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/, { error: NAME })
            .refine((name) => !RESERVED.includes(name), {
                error: `is reserved: ${RESERVED.join(" and ")} are users of the Project itself`,
            })
            .describe("Name of the component, and of its user in Kafka."),
        namespace: z
            .union([dnsName(), z.array(dnsName(), { error: NAMESPACE }).min(1, { error: NAMESPACE })], {
                error: NAMESPACE,
            })
            .optional()
            .describe(
                "Namespace of its pods, which gets its Secret; a list while they move to another. It must exist, but for the default. Default: the Project's namespace with `-clients` after it, which is created.",
            ),
        key: keyNumber().describe(
            "Number of its key. With the next number it gets another key, and the former one loses its ACLs and quotas in the same `up`.",
        ),
        produce: names(TOPIC, "topics")
            .default([])
            .describe("Topics that it may write to; orders* stands for all with that prefix."),
        consume: names(TOPIC, "topics").default([]).describe("Topics that it may read."),
        groups: names(GROUP, "consumer groups")
            .optional()
            .describe("Its consumer groups. Default: its own name, if it reads any topic."),
        transactionalIds: transactionalIds(),
        applicationIds: applicationIds(),
        quotas: z
            .strictObject(
                {
                    produce: rate()
                        .optional()
                        .describe("Most that it may write to each broker, such as 5MB/s."),
                    consume: rate().optional().describe("Most that it may read from each broker."),
                    requests: z
                        .number({ error: SHARE })
                        .min(1, { error: SHARE })
                        .max(10_000, { error: SHARE })
                        .optional()
                        .describe("Most of each broker's request handler threads, in percent of one."),
                },
                { error: "must be a block with produce, consume or requests" },
            )
            .default({})
            .describe("Client quotas, enforced by each broker by itself."),
    },
    { error: "must be a block with a name, such as {name: loader, produce: [orders]}" },
);

/** A component with everything decided. */
export interface ComponentConfig {
    readonly name: string;
    /** Namespaces of its pods, each of which gets its Secret; at least one. */
    readonly namespaces: readonly string[];
    /** Number of its key. */
    readonly key: number;
    readonly produce: readonly string[];
    readonly consume: readonly string[];
    readonly groups: readonly string[];
    /** Those that its producers may have; one that ends in * stands for all that begin so. */
    readonly transactionalIds: readonly string[];
    /** Of its Kafka Streams applications. */
    readonly applicationIds: readonly string[];
    readonly quotas: ClientQuotas;
}

/** @param namespace that of the Project */
export function resolveComponent(
    component: z.output<typeof componentSchema>,
    namespace: string,
): ComponentConfig {
    const { name, key, produce, consume, groups, transactionalIds, applicationIds, quotas } = component;
    return {
        name,
        key,
        namespaces: [component.namespace ?? clientNamespaceOf(namespace)].flat(),
        produce,
        consume,
        groups: groups ?? (consume.length > 0 ? [name] : []),
        transactionalIds,
        applicationIds,
        quotas: {
            ...(quotas.produce !== undefined && { produce: rateOf(quotas.produce)! }),
            ...(quotas.consume !== undefined && { consume: rateOf(quotas.consume)! }),
            ...(quotas.requests !== undefined && { requests: quotas.requests }),
        },
    };
}

/** Errors of a Project's components together, and against the names of its topics. */
export function componentIssues(
    components: readonly [index: number, component: z.output<typeof componentSchema>][],
    topics: readonly string[],
    path: string,
): ConfigIssue[] {
    const repeated = duplicates(components.map(([, { name }]) => name));
    const ofEach = components.flatMap(([i, component], nth): ConfigIssue[] => [
        ...repeated
            .filter(({ index }) => index === nth)
            .map(({ message }) => ({ path: `${path}[${i}].name`, message })),
        ...(["produce", "consume"] as const).flatMap((key) =>
            component[key].flatMap((wanted, j): ConfigIssue[] => {
                const found = wanted.endsWith("*")
                    ? topics.some((topic) => topic.startsWith(wanted.slice(0, -1)))
                    : topics.includes(wanted);
                return found
                    ? []
                    : [
                          {
                              path: `${path}[${i}].${key}[${j}]`,
                              message: `"${wanted}" is not among the Project's topics (${namesText(topics)})`,
                          },
                      ];
            }),
        ),
    ]);
    return [...ofEach, ...transactionIssues(components, topics, path)];
}

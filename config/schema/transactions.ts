/** What config may say of transactions and Kafka Streams: ids that no two components of a Project share. */
import { z } from "zod";
import type { ConfigIssue } from "../../common/configIssue.ts";
import { duplicates } from "../errors.ts";
import { KAFKA_NAME, KAFKA_NAME_OR_PREFIX, reservedWithin } from "./kafkaNames.ts";

const TRANSACTIONAL_ID = "must be a transactional.id, or the prefix of some with a * at its end";
const APPLICATION_ID = "must be an application.id of letters, digits, dots, dashes or underscores";

export const transactionalIds = () =>
    z
        .array(
            z.string({ error: TRANSACTIONAL_ID }).regex(KAFKA_NAME_OR_PREFIX, { error: TRANSACTIONAL_ID }),
            { error: "must be a list of transactional ids" },
        )
        .default([])
        .describe(
            "Each transactional.id that its producers may have, which no other component may; booking-* stands for all with that prefix.",
        );

export const applicationIds = () =>
    z
        .array(
            z
                .string({ error: APPLICATION_ID })
                .regex(KAFKA_NAME, { error: APPLICATION_ID })
                .refine((id) => reservedWithin(internalTopics(id)) === undefined, {
                    error: ({ input }) =>
                        `must be another, as its internal topics would have names that are reserved for ${reservedWithin(internalTopics(String(input)))}`,
                }),
            { error: "must be a list of application ids" },
        )
        .default([])
        .describe(
            "Each application.id of its Kafka Streams applications. They may use the consumer group of that name, and topics and transactional ids that begin with it and a dash; they create and delete these topics.",
        );

/** Beginning of the internal topics, and of the transactional ids, of a Kafka Streams application. */
export const internalTopics = (applicationId: string): string => `${applicationId}-`;

interface Component {
    readonly name: string;
    readonly transactionalIds: readonly string[];
    readonly applicationIds: readonly string[];
}

/** An id of a component, with the transactional ids that it stands for. */
interface Claim {
    readonly component: number;
    readonly path: string;
    readonly id: string;
    readonly ids: string;
}

/** Ids that are given twice, or would let a component fence the producers of another or delete a topic of config. */
export function transactionIssues(
    components: readonly [index: number, component: Component][],
    topics: readonly string[],
    path: string,
): ConfigIssue[] {
    const claims: Claim[] = [];
    const issues: ConfigIssue[] = [];
    for (const [i, component] of components) {
        for (const key of ["transactionalIds", "applicationIds"] as const) {
            const at = (j: number) => `${path}[${i}].${key}[${j}]`;
            const repeated = duplicates(component[key]);
            issues.push(...repeated.map(({ index, message }) => ({ path: at(index), message })));
            component[key].forEach((id, j) => {
                const ids = key === "transactionalIds" ? id : `${internalTopics(id)}*`;
                claims.push({ component: i, path: at(j), id, ids });
            });
        }
        component.applicationIds.forEach((id, j) => {
            const own = topics.find((topic) => topic.startsWith(internalTopics(id)));
            if (own !== undefined) {
                issues.push({
                    path: `${path}[${i}].applicationIds[${j}]`,
                    message: `"${id}" may delete topics that begin with ${internalTopics(id)}, such as ${own} of the Project; use another application.id`,
                });
            }
        });
    }
    return [...issues, ...overlaps(claims, new Map(components.map(([i, { name }]) => [i, name])))];
}

function overlaps(claims: readonly Claim[], names: ReadonlyMap<number, string>): ConfigIssue[] {
    return claims.flatMap((claim, nth): ConfigIssue[] => {
        const other = claims
            .slice(0, nth)
            .find(({ component, ids }) => component !== claim.component && overlap(ids, claim.ids));
        if (other === undefined) {
            return [];
        }
        const message = `"${claim.id}" overlaps with "${other.id}" of component ${names.get(other.component)}, so each could fence the producers of the other; use another one`;
        return [{ path: claim.path, message }];
    });
}

/** Whether an id fits both, where one that ends in * stands for all that begin so. */
function overlap(one: string, other: string): boolean {
    const fits = (id: string, pattern: string) =>
        pattern.endsWith("*") ? id.replace(/\*$/, "").startsWith(pattern.slice(0, -1)) : id === pattern;
    return fits(one, other) || fits(other, one);
}

/** The contract with IKP: what the bridges of an environment need there, and what of it there is not. */
import type { SASLOptions } from "kafkajs";
import {
    describeVisibleCluster,
    describeVisibleGroup,
    type Operation,
    type VisibleResource,
    type VisibleTopic,
} from "../kafka/admin/permissions.ts";
import { probe, type TlsOptions } from "../kafka/admin/tlsProbe.ts";
import type { KafkaAddress } from "../kafka/client/kafkajsKafka.ts";
import { reasonOf } from "../kafka/errors.ts";
import { countOf } from "./format.ts";

/** IKP as config has it, its secrets decrypted. */
export interface Ikp {
    readonly bootstrapServers: readonly string[];
    readonly sasl?:
        | {
              readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
              readonly username: string;
              readonly password: string;
          }
        | undefined;
    readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
    readonly authority?: string | undefined;
}

/** A Project whose bridge leads to IKP. */
export interface BridgedProject {
    readonly name: string;
    readonly bridge: {
        readonly inbound: readonly { readonly from: string; readonly to: string }[];
        readonly outbound: readonly { readonly from: string; readonly to: string }[];
        /** Consumer groups whose positions go along. */
        readonly groups: readonly string[];
    };
    readonly topics?: readonly { readonly name: string; readonly partitions: number }[];
}

export interface IkpCheckResult {
    /** Whether anything answers where IKP should be. */
    readonly reached: boolean;
    /** One line each: what is wrong, and what to do. */
    readonly errors: readonly string[];
}

/** A topic at IKP as one bridge needs it. */
interface TopicRequirement {
    readonly project: string;
    readonly direction: "inbound" | "outbound";
    readonly topic: string;
    readonly operations: readonly Operation[];
    /** The topic on our side, and its partitions where config lists them. */
    readonly own: string;
    readonly ownPartitions: number | undefined;
}

interface GroupRequirement {
    readonly project: string;
    readonly group: string;
    readonly operation: Operation;
}

/** Asks IKP for all that the bridges need. Changes nothing there. */
export async function checkIkp(ikp: Ikp, projects: readonly BridgedProject[]): Promise<IkpCheckResult> {
    const ssl: TlsOptions = {
        ca: ikp.authority,
        ...(ikp.tls && { cert: ikp.tls.certificate, key: ikp.tls.key }),
    };
    const { answering, away, untrusted } = await probeAll(ikp.bootstrapServers, ssl);
    const faults = [...away, ...untrusted];
    const reached = away.length < ikp.bootstrapServers.length;
    if (answering.length === 0) {
        return { reached, errors: faults };
    }

    const address: KafkaAddress = { brokers: answering, ssl, ...(ikp.sasl && { sasl: saslOf(ikp.sasl) }) };
    const topics = projects.flatMap(topicRequirements);
    try {
        const seen = await describeVisibleCluster(address, [...new Set(topics.map(({ topic }) => topic))]);
        const brokers = await brokerErrors(seen.brokers, ikp.bootstrapServers, ssl);
        const groups = await Promise.all(
            projects.flatMap(groupRequirements).map((need) => groupFaults(address, need)),
        );
        const wrong = topics.flatMap((need) => topicErrors(need, seen.topics.get(need.topic), userOf(ikp)));
        return { reached, errors: [...faults, ...brokers, ...wrong, ...groups.flat()] };
    } catch (error) {
        return { reached, errors: [...faults, loginError(ikp, error)] };
    }

    async function groupFaults(from: KafkaAddress, need: GroupRequirement): Promise<string[]> {
        const seen = await describeVisibleGroup(from, need.group).catch(
            (error: unknown): VisibleResource => ({ refusal: reasonOf(error), allowed: [] }),
        );
        return permissionErrors(
            `group ${need.group} of Project ${need.project}`,
            seen,
            [need.operation],
            userOf(ikp),
        );
    }
}

function saslOf({ mechanism, ...login }: NonNullable<Ikp["sasl"]>): NonNullable<KafkaAddress["sasl"]> {
    return { mechanism: mechanism.toLowerCase() as Lowercase<typeof mechanism>, ...login } as SASLOptions;
}

async function probeAll(servers: readonly string[], ssl: TlsOptions) {
    const refusals = await Promise.all(
        servers.map(async (server) => ({ server, refusal: await probe(server, ssl) })),
    );
    const named = (kind: "away" | "untrusted") =>
        refusals.flatMap(({ server, refusal }) =>
            refusal?.kind === kind
                ? [
                      `IKP's ${server} ${kind === "away" ? "cannot be reached" : "is not trusted"} (${refusal.reason}). ${refusal.hint}.`,
                  ]
                : [],
        );
    const answering = refusals.filter(({ refusal }) => refusal === undefined).map(({ server }) => server);
    return { answering, away: named("away"), untrusted: named("untrusted") };
}

/** The addresses for the first connection may be right while those that brokers send their clients to are not. */
async function brokerErrors(
    brokers: readonly string[],
    bootstrap: readonly string[],
    ssl: TlsOptions,
): Promise<string[]> {
    const portOf = (server: string) => server.slice(server.lastIndexOf(":") + 1);
    const ports = bootstrap.map(portOf);
    const barred = brokers
        .filter((broker) => !ports.includes(portOf(broker)))
        .map(
            (broker) =>
                `IKP's broker ${broker} listens on a port that no address of ikp.bootstrapServers has, so no bridge may go there. Add that address.`,
        );
    const others = brokers.filter((broker) => !bootstrap.includes(broker));
    const { away, untrusted } = await probeAll(others, ssl);
    return [...barred, ...away, ...untrusted];
}

function topicRequirements({ name: project, bridge, topics }: BridgedProject): TopicRequirement[] {
    const partitions = (own: string) => topics?.find(({ name }) => name === own)?.partitions;
    const withGroups = bridge.groups.length > 0;
    return [
        ...bridge.inbound.map(({ from, to }): TopicRequirement => {
            const operations: Operation[] = ["Describe", "Read"];
            return {
                project,
                direction: "inbound",
                topic: from,
                operations,
                own: to,
                ownPartitions: partitions(to),
            };
        }),
        ...bridge.outbound.map(({ from, to }): TopicRequirement => {
            // To write a group's position in a topic takes the right to read the topic.
            const operations: Operation[] = ["Describe", "Write"];
            if (withGroups && from === to) {
                operations.push("Read");
            }
            return {
                project,
                direction: "outbound",
                topic: to,
                operations,
                own: from,
                ownPartitions: partitions(from),
            };
        }),
    ];
}

/** Positions are read where a topic comes in and written where it goes out; they go with topics that keep their name. */
function groupRequirements({
    name: project,
    bridge: { inbound, outbound, groups },
}: BridgedProject): GroupRequirement[] {
    const keeps = ({ from, to }: { from: string; to: string }) => from === to;
    const operation = outbound.some(keeps) ? "Read" : inbound.some(keeps) ? "Describe" : undefined;
    return operation === undefined ? [] : groups.map((group) => ({ project, group, operation }));
}

function topicErrors(need: TopicRequirement, seen: VisibleTopic | undefined, user: string): string[] {
    const { project, direction, topic, operations, own, ownPartitions } = need;
    const subject = `${direction} topic ${topic} of Project ${project}`;
    if (seen === undefined || seen.refusal === "UNKNOWN_TOPIC_OR_PARTITION") {
        return [
            `IKP has no topic ${topic}, ${direction} of Project ${project}. Have IKP's operators create it, or correct the name.`,
        ];
    }
    const faults = permissionErrors(subject, seen, operations, user);
    if (seen.refusal !== undefined || ownPartitions === undefined) {
        return faults;
    }
    const [source, target] =
        direction === "inbound" ? [seen.partitions, ownPartitions] : [ownPartitions, seen.partitions];
    if (target >= source) {
        return faults;
    }
    const counts = `${countOf(seen.partitions, "partition")} at IKP and ${ownPartitions} as ${own} in the Project`;
    const next =
        direction === "inbound"
            ? `Set partitions of ${own} to ${source} or more`
            : `Have IKP's operators give it ${source} or more`;
    return [...faults, `The ${subject} has ${counts}, where the target needs no fewer. ${next}.`];
}

function permissionErrors(
    subject: string,
    seen: VisibleResource,
    needed: readonly Operation[],
    user: string,
): string[] {
    const denied = seen.refusal?.endsWith("_AUTHORIZATION_FAILED") ?? false;
    if (seen.refusal !== undefined && !denied) {
        return [
            `What ${user} may do with the ${subject} cannot be found out (${seen.refusal}). Try again, or ask IKP's operators.`,
        ];
    }
    const missing = needed.filter((operation) => !seen.allowed.includes(operation));
    if (missing.length === 0) {
        return [];
    }
    const rights = missing.join(" and ");
    return [`${user} lacks ${rights} on the ${subject}. Have IKP's operators allow it.`];
}

function userOf({ sasl }: Ikp): string {
    return sasl === undefined ? "The holder of ikp.tls.certificate" : `User ${sasl.username}`;
}

function loginError({ sasl }: Ikp, error: unknown): string {
    const reason = reasonOf(error).replace(/\.$/, "");
    const next = "or have IKP's operators look at it";
    return sasl === undefined
        ? `IKP does not take the certificate (${reason}). Correct ikp.tls, ${next}.`
        : `IKP does not let user ${sasl.username} in by ${sasl.mechanism} (${reason}). Correct ikp.sasl, ${next}.`;
}

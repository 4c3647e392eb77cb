/** Checks that IKP has and allows what the bridges of an environment need. */

import { countOf } from "../common/format.ts";
import type { Topic } from "../common/kafkaTypes.ts";
import type { BridgeConfig, BridgeTopic } from "../config/schema/bridge.ts";
import type { IkpConfig } from "../config/schema/ikp.ts";
import {
    describeVisibleCluster,
    describeVisibleGroup,
    type Operation,
    type VisibleResource,
    type VisibleTopic,
} from "../kafka/admin/permissions.ts";
import { probe } from "../kafka/admin/tlsProbe.ts";
import type { KafkaAddress, TlsOptions } from "../kafka/client/kafkajs.ts";
import { reasonOf } from "../kafka/errors.ts";
import { roomWarnings } from "./ikpRoom.ts";

/** A Project with a bridge to IKP, as far as it is checked. */
export interface BridgedProject {
    readonly name: string;
    readonly bridge: Pick<BridgeConfig, "inbound" | "outbound" | "groups"> &
        Partial<Pick<BridgeConfig, "from">>;
    readonly topics?: readonly Pick<Topic, "name" | "partitions" | "replicationFactor">[];
    /** Its brokers, for what they have room for. */
    readonly kafka?: { readonly brokers: number; readonly disk: { readonly size: string } };
}

export interface IkpCheckResult {
    /** Whether any address of IKP answers. */
    readonly reached: boolean;
    /** One line each: what is wrong, and what to do. */
    readonly errors: readonly string[];
    /** The same of what works, at first. */
    readonly warnings: readonly string[];
}

/** A topic at IKP as one bridge needs it. */
interface TopicRequirement {
    readonly project: string;
    readonly direction: "inbound" | "outbound";
    readonly topic: string;
    readonly operations: readonly Operation[];
    /** The Project's topic, and its partitions where config lists them. */
    readonly own: string;
    readonly ownPartitions: number | undefined;
}

interface GroupRequirement {
    readonly project: string;
    readonly group: string;
    readonly operation: Operation;
}

/**
 * Checks everything that bridges with one login need, with read-only requests.
 * @param ikp with its secrets decrypted
 */
export async function checkIkp(ikp: IkpConfig, projects: readonly BridgedProject[]): Promise<IkpCheckResult> {
    const ssl: TlsOptions = {
        ca: ikp.authority,
        ...(ikp.tls && { cert: ikp.tls.certificate, key: ikp.tls.key }),
    };
    const { answering, unreachable, untrusted } = await probeAll(ikp.bootstrapServers, ssl);
    const failed = [...unreachable, ...untrusted];
    const reached = unreachable.length < ikp.bootstrapServers.length;
    if (answering.length === 0) {
        return { reached, errors: failed, warnings: [] };
    }

    const address: KafkaAddress = { brokers: answering, ssl, sasl: ikp.sasl };
    const topics = projects.flatMap(topicRequirements);
    try {
        const seen = await describeVisibleCluster(address, [...new Set(topics.map(({ topic }) => topic))]);
        const brokers = await brokerErrors(seen.brokers, ikp.bootstrapServers, ssl);
        const groups = await Promise.all(
            projects.flatMap(groupRequirements).map((requirement) => groupErrors(address, requirement)),
        );
        const topicProblems = topics.flatMap((requirement) =>
            topicErrors(requirement, seen.topics.get(requirement.topic), userOf(ikp)),
        );
        const errors = [...failed, ...brokers, ...topicProblems, ...groups.flat()];
        return { reached, errors, warnings: await roomWarnings(address, projects) };
    } catch (error) {
        return { reached, errors: [...failed, loginError(ikp, error)], warnings: [] };
    }

    async function groupErrors(from: KafkaAddress, requirement: GroupRequirement): Promise<string[]> {
        const seen = await describeVisibleGroup(from, requirement.group).catch(
            (error: unknown): VisibleResource => ({ refusal: reasonOf(error), allowed: [] }),
        );
        return permissionErrors(
            `group ${requirement.group} of Project ${requirement.project}`,
            seen,
            [requirement.operation],
            userOf(ikp),
        );
    }
}

async function probeAll(servers: readonly string[], ssl: TlsOptions) {
    const refusals = await Promise.all(
        servers.map(async (server) => ({ server, refusal: await probe(server, ssl) })),
    );
    const named = (kind: "unreachable" | "untrusted") =>
        refusals.flatMap(({ server, refusal }) =>
            refusal?.kind === kind
                ? [
                      `IKP's ${server} ${kind === "unreachable" ? "cannot be reached" : "is not trusted"} (${refusal.reason}). ${refusal.hint}.`,
                  ]
                : [],
        );
    const answering = refusals.filter(({ refusal }) => refusal === undefined).map(({ server }) => server);
    return { answering, unreachable: named("unreachable"), untrusted: named("untrusted") };
}

/** The bootstrap addresses may work while those that the brokers advertise do not. */
async function brokerErrors(
    brokers: readonly string[],
    bootstrap: readonly string[],
    ssl: TlsOptions,
): Promise<string[]> {
    const portOf = (server: string) => server.slice(server.lastIndexOf(":") + 1);
    const ports = bootstrap.map(portOf);
    const denied = brokers
        .filter((broker) => !ports.includes(portOf(broker)))
        .map(
            (broker) =>
                `IKP's broker ${broker} listens on a port that no address of ikp.bootstrapServers has and that the network policy of the bridges denies. Add that address.`,
        );
    const others = brokers.filter((broker) => !bootstrap.includes(broker));
    const { unreachable, untrusted } = await probeAll(others, ssl);
    return [...denied, ...unreachable, ...untrusted];
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
            // Committing a group's offsets in a topic takes Read on the topic.
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

/** Committed offsets are read for inbound topics and written for outbound ones, if the topic keeps its name. */
function groupRequirements({
    name: project,
    bridge: { inbound, outbound, groups },
}: BridgedProject): GroupRequirement[] {
    const keepsName = ({ from, to }: BridgeTopic) => from === to;
    const operation = outbound.some(keepsName) ? "Read" : inbound.some(keepsName) ? "Describe" : undefined;
    return operation === undefined ? [] : groups.map((group) => ({ project, group, operation }));
}

function topicErrors(requirement: TopicRequirement, seen: VisibleTopic | undefined, user: string): string[] {
    const { project, direction, topic, operations, own, ownPartitions } = requirement;
    const subject = `${direction} topic ${topic} of Project ${project}`;
    if (seen === undefined || seen.refusal === "UNKNOWN_TOPIC_OR_PARTITION") {
        return [
            `IKP has no topic ${topic}, ${direction} of Project ${project}. Have IKP's operators create it, or correct the name.`,
        ];
    }
    const errors = permissionErrors(subject, seen, operations, user);
    if (seen.refusal !== undefined || ownPartitions === undefined) {
        return errors;
    }
    const [source, target] =
        direction === "inbound" ? [seen.partitions, ownPartitions] : [ownPartitions, seen.partitions];
    if (target >= source) {
        return errors;
    }
    const counts = `${countOf(seen.partitions, "partition")} at IKP and ${ownPartitions} as ${own} in the Project`;
    const hint =
        direction === "inbound"
            ? `Set partitions of ${own} to ${source} or more`
            : `Have IKP's operators give it ${source} or more`;
    return [...errors, `The ${subject} has ${counts}; the target must have as many or more. ${hint}.`];
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
            `The permissions of ${user} on the ${subject} are unknown (${seen.refusal}). Retry, or ask IKP's operators.`,
        ];
    }
    const missing = needed.filter((operation) => !seen.allowed.includes(operation));
    if (missing.length === 0) {
        return [];
    }
    const operations = missing.join(" and ");
    return [`${user} lacks ${operations} on the ${subject}. Have IKP's operators allow it.`];
}

function userOf({ sasl }: IkpConfig): string {
    return sasl === undefined ? "The holder of tls.certificate" : `User ${sasl.username}`;
}

function loginError({ sasl }: IkpConfig, error: unknown): string {
    const reason = reasonOf(error).replace(/\.$/, "");
    const hint = "or have IKP's operators check it";
    return sasl === undefined
        ? `IKP rejected the certificate (${reason}). Correct tls of its login, ${hint}.`
        : `IKP rejected the login of user ${sasl.username} by ${sasl.mechanism} (${reason}). Correct sasl of its login, ${hint}.`;
}

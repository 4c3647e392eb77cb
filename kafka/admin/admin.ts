/** What the operator asks and changes in a Project's Kafka. kafkajs appears in no signature but the constructor's. */
import type { Admin, Kafka } from "kafkajs";
import type { ClientQuotas, Topic } from "../../common/kafkaTypes.ts";
import { errorType } from "../client/kafkaError.ts";
import { type KafkaAddress, newKafka } from "../client/kafkajs.ts";
import { CLIENT_LIMITS } from "../limits.ts";
import { type Acl, ALL_PERMISSIONS, aclChanges, aclsOf } from "./acls.ts";
import { AdminConnection } from "./adminConnection.ts";
import { assign } from "./assignment.ts";
import { type BrokerSettings, describeBrokerConfig, setBrokerConfig } from "./brokerConfig.ts";
import { alterConfigs, configChanges, describeConfigs } from "./configs.ts";
import { createTopic } from "./createTopic.ts";
import { brokersWithout, describeAcls } from "./describeAcls.ts";
import { aclEntry, aclIn, usersIn } from "./kafkajsAcls.ts";
import { describeLogDirs, type LogDir } from "./logDirs.ts";
import { askController, type Metadata, metadata } from "./metadata.ts";
import type { LogRecord } from "./protocol.ts";
import { alterQuotas, describeQuotas, listQuotaUsers, quotaChanges, quotasOf } from "./quotas.ts";
import { readTopic } from "./readTopic.ts";
import type { Reassignment } from "./reassignmentPlan.ts";
import { alterReassignments, listReassignments, type OngoingReassignment } from "./reassignments.ts";
import { removeThrottle, setThrottle, type ThrottledPartition } from "./replicationThrottle.ts";
import { SharedConnections } from "./sharedConnections.ts";
import { assignmentOf, topicConfig } from "./topicState.ts";

/** How long a broker may work on a change, in milliseconds. */
const TIME_LIMIT = 15_000;

/** The operator's connections to a Project's brokers, which all calls share. Each call is made once; the caller retries. */
export class KafkaAdmin {
    readonly #connections: SharedConnections;
    readonly #admin: AdminConnection;

    /** @param kafka default: a client of its own, whose log nobody gets */
    constructor(address: KafkaAddress, kafka: Kafka = newKafka(address)) {
        this.#connections = new SharedConnections(address);
        this.#admin = new AdminConnection(() => kafka.admin(), (address.limits ?? CLIENT_LIMITS).call);
    }

    /**
     * Brokers, controller and all topics with their partitions.
     *
     * @param by whose knowledge: that of any broker, or of the controller, from which the others have theirs
     */
    async metadata(by: "any" | "controller" = "any"): Promise<Metadata> {
        return by === "any"
            ? this.#connections.ask(metadata())
            : askController(this.#connections, metadata());
    }

    /** `min.insync.replicas` of topics, by their names, as it applies to them. */
    async minInsyncReplicas(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
        const found = topics.map(async (name) => {
            const [entry] = await this.#connections.ask(
                describeConfigs({ type: "topic", name }, ["min.insync.replicas"]),
            );
            return [name, Number(entry?.value ?? 1)] as const;
        });
        return new Map(await Promise.all(found));
    }

    /** Brokers that are up now. */
    async countBrokers(): Promise<number> {
        return (await (await this.#connect()).describeCluster()).brokers.length;
    }

    /** Names of all topics that may be seen. */
    async listTopics(): Promise<readonly string[]> {
        return (await this.#connect()).listTopics();
    }

    /**
     * A topic with the settings of its own; its replication factor is that of the partition with the fewest replicas, of
     * those that it is to have.
     * @returns undefined where it does not exist
     */
    async describeTopic(name: string): Promise<Topic | undefined> {
        // First: of one that ends meanwhile, nothing is to be counted twice.
        const ongoing = await this.listReassignments();
        const assignment = await assignmentOf(this.#connections, name);
        if (assignment === undefined) {
            return undefined;
        }
        const factors = assignment.map((replicas, partition) => {
            const moving = ongoing.find((one) => one.topic === name && one.partition === partition);
            return replicas.length - (moving?.removing.length ?? 0);
        });
        return {
            name,
            partitions: assignment.length,
            replicationFactor: Math.min(...factors),
            config: await topicConfig(this.#connections, name),
        };
    }

    /** Creates a topic, and waits until each of its partitions has a leader. Fine if it exists. */
    createTopic(topic: Topic): Promise<void> {
        return createTopic(this.#connections, topic);
    }

    async addPartitions(topic: string, partitions: number): Promise<void> {
        const admin = await this.#connect();
        await admin.createPartitions({
            timeout: TIME_LIMIT,
            topicPartitions: [{ topic, count: partitions }],
        });
    }

    /** Sets these settings of a topic, and deletes all others that it has. */
    async setTopicConfig(topic: string, wanted: Readonly<Record<string, string>>): Promise<void> {
        const changes = configChanges(await topicConfig(this.#connections, topic), wanted);
        if (Object.keys(changes).length > 0) {
            await this.#connections.ask(alterConfigs({ type: "topic", name: topic }, changes));
        }
    }

    /** Begins to give each partition so many replicas. */
    async changeReplication(topic: string, factor: number): Promise<void> {
        const current = (await assignmentOf(this.#connections, topic)) ?? [];
        const { brokers } = await this.#connections.ask(metadata([]));
        const wanted = assign(
            current.map((replicas) => ({ topic, replicas, factor })),
            brokers,
        );
        await this.reassign(wanted.map((replicas, partition) => ({ topic, partition, replicas })));
    }

    /** Begins reassignments, in place of those of the same partitions that are under way. Topics that are gone are fine. */
    async reassign(reassignments: readonly Reassignment[]): Promise<void> {
        await askController(this.#connections, alterReassignments(reassignments));
    }

    /** All reassignments that are under way. */
    async listReassignments(): Promise<readonly OngoingReassignment[]> {
        return askController(this.#connections, listReassignments);
    }

    /** The disk of each broker that is up, by its id. */
    describeLogDirs(): Promise<ReadonlyMap<number, LogDir>> {
        return describeLogDirs(this.#connections);
    }

    /**
     * Limits the replication of partitions that move, until {@link removeThrottle}.
     * @param rate bytes a second, of each broker, in each direction
     */
    setThrottle(rate: number, partitions: readonly ThrottledPartition[]): Promise<void> {
        return setThrottle(this.#connections, rate, partitions);
    }

    /** Takes all such limits away, also those that were left behind. */
    removeThrottle(): Promise<void> {
        return removeThrottle(this.#connections);
    }

    /** Deletes a topic; fine if there is none. */
    async deleteTopic(topic: string): Promise<void> {
        const admin = await this.#connect();
        try {
            await admin.deleteTopics({ topics: [topic], timeout: TIME_LIMIT });
        } catch (error) {
            if (errorType(error) !== "UNKNOWN_TOPIC_OR_PARTITION") {
                throw error;
            }
        }
    }

    /** All that a topic of one partition holds now, in order. No group is made for it. */
    readTopic(topic: string): Promise<LogRecord[]> {
        return readTopic(this.#connections, topic);
    }

    /** Per partition, the offset the next record will get. */
    async endOffsets(topic: string): Promise<readonly number[]> {
        const admin = await this.#connect();
        const ends: number[] = [];
        for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
            ends[partition] = Number(high);
        }
        return ends;
    }

    /** Names of all consumer groups. */
    async listGroups(): Promise<readonly string[]> {
        const { groups } = await (await this.#connect()).listGroups();
        // Workers of Kafka Connect are a group as well; one whose offsets were only written has no type.
        return groups.filter(({ protocolType }) => protocolType !== "connect").map(({ groupId }) => groupId);
    }

    /** Per topic and partition, the offset a group goes on reading at; -1 where it has none. */
    async committedOffsets(group: string): Promise<ReadonlyMap<string, readonly number[]>> {
        const topics = await (await this.#connect()).fetchOffsets({ groupId: group });
        return new Map(
            topics.map(({ topic, partitions }) => {
                const offsets: number[] = [];
                for (const { partition, offset } of partitions) {
                    offsets[partition] = Number(offset);
                }
                return [topic, offsets];
            }),
        );
    }

    /** Whether a consumer group has members. */
    async isGroupActive(group: string): Promise<boolean> {
        const { groups } = await (await this.#connect()).describeGroups([group]);
        return groups.some(({ members }) => members.length > 0);
    }

    /** Deletes a consumer group; fine if there is none. */
    async deleteGroup(group: string): Promise<void> {
        const admin = await this.#connect();
        await admin.deleteGroups([group]).catch((error: unknown) => {
            const { groups } = error as { groups?: { error?: { type?: string } }[] };
            const types = groups?.map((failed) => failed.error?.type) ?? [errorType(error)];
            if (types.some((type) => type !== "GROUP_ID_NOT_FOUND")) {
                throw error;
            }
        });
    }

    /** All ACLs of a user, by the name in its certificate. */
    async describeAcls(user: string): Promise<Acl[]> {
        return (await askController(this.#connections, describeAcls(user))).map(aclIn);
    }

    /** Gives a user these ACLs, and deletes all others that it has. */
    async setAcls(user: string, wanted: readonly Acl[]): Promise<void> {
        const changes = aclChanges(await this.describeAcls(user), wanted);
        const admin = await this.#connect();
        if (changes.create.length > 0) {
            await admin.createAcls({ acl: changes.create.map((acl) => aclEntry(user, acl)) });
        }
        if (changes.delete.length > 0) {
            await admin.deleteAcls({ filters: changes.delete.map((acl) => aclEntry(user, acl)) });
        }
    }

    /**
     * Gives a user the ACLs for everything.
     * @returns host:port of brokers that do not know them yet: each learns of a change a moment after the controller
     */
    async allowEverything(user: string): Promise<readonly string[]> {
        const acls = aclsOf(ALL_PERMISSIONS);
        await this.setAcls(user, acls);
        return brokersWithout(this.#connections, user, acls);
    }

    /** All users with ACLs or quotas of their own. */
    async listUsers(): Promise<readonly string[]> {
        const [acls, quotas] = await Promise.all([
            askController(this.#connections, describeAcls()),
            this.#connections.ask(listQuotaUsers()),
        ]);
        return [...new Set([...usersIn(acls), ...quotas])].sort();
    }

    /** All quotas of a user; one that config cannot name has Kafka's name. */
    async describeQuotas(user: string): Promise<ClientQuotas> {
        return quotasOf(await this.#connections.ask(describeQuotas(user)));
    }

    /** Sets these quotas of a user, and deletes all others that it has. */
    async setQuotas(user: string, wanted: ClientQuotas): Promise<void> {
        const changes = quotaChanges(await this.#connections.ask(describeQuotas(user)), wanted);
        if (Object.keys(changes).length > 0) {
            await this.#connections.ask(alterQuotas(user, changes));
        }
    }

    /** The settings that all brokers have taken while they run. */
    describeBrokerConfig(): Promise<BrokerSettings> {
        return describeBrokerConfig(this.#connections);
    }

    /** Has all brokers take these settings while they run, and takes away all others that they have taken so. */
    setBrokerConfig(wanted: BrokerSettings): Promise<void> {
        return setBrokerConfig(this.#connections, wanted);
    }

    async close(): Promise<void> {
        await Promise.all([this.#connections.close(), this.#admin.close()]);
    }

    #connect(): Promise<Admin> {
        return this.#admin.connected();
    }
}

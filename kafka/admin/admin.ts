/** What the operator changes in a Project's Kafka: topics, rights, quotas. kafkajs appears in no signature. */
// Node finds only some of the names that kafkajs exports.
import kafkajs, { type AclOperationTypes as AclOperation, type Admin } from "kafkajs";
import { type KafkaAddress, newKafka } from "../client/kafkajsKafka.ts";
import { CLIENT_LIMITS } from "../client/limits.ts";
import { type Acl, aclKey, type Operation } from "./acls.ts";
import { AdminConnection } from "./adminConnection.ts";
import { assign } from "./assignment.ts";
import { metadata } from "./metadata.ts";
import { ask, errorOf } from "./protocol.ts";
import { alterQuotas, type ClientQuotas, describeQuotas } from "./quotas.ts";

/** A topic as it is. */
export interface TopicState {
    readonly partitions: number;
    /** Copies of the partition that has the fewest. */
    readonly replicationFactor: number;
    /** Settings of its own. */
    readonly config: Readonly<Record<string, string>>;
}

const {
    AclOperationTypes,
    AclPermissionTypes,
    AclResourceTypes,
    ConfigResourceTypes,
    ConfigSource,
    ResourcePatternTypes,
} = kafkajs;
const TIME_LIMIT = 15_000;
const UNKNOWN_TOPIC = 3;

const RESOURCES = {
    topic: AclResourceTypes.TOPIC,
    group: AclResourceTypes.GROUP,
    cluster: AclResourceTypes.CLUSTER,
} as const;
const PATTERNS = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED } as const;
const OPERATIONS: Record<Operation, AclOperation> = {
    all: AclOperationTypes.ALL,
    read: AclOperationTypes.READ,
    write: AclOperationTypes.WRITE,
    create: AclOperationTypes.CREATE,
    delete: AclOperationTypes.DELETE,
    alter: AclOperationTypes.ALTER,
    describe: AclOperationTypes.DESCRIBE,
    describeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
    alterConfigs: AclOperationTypes.ALTER_CONFIGS,
    idempotentWrite: AclOperationTypes.IDEMPOTENT_WRITE,
};

/** One connection of the operator's to a Project's brokers. Each call is made once; who calls tries again. */
export class KafkaAdmin {
    readonly #address: KafkaAddress;
    readonly #admin: AdminConnection;

    constructor(address: KafkaAddress) {
        this.#address = address;
        const kafka = newKafka(address, () => undefined);
        this.#admin = new AdminConnection(() => kafka.admin(), (address.limits ?? CLIENT_LIMITS).call);
    }

    /** @returns undefined where there is no such topic */
    async describeTopic(topic: string): Promise<TopicState | undefined> {
        const assignment = await this.#assignment(topic);
        if (assignment === undefined) {
            return undefined;
        }
        const admin = await this.#connect();
        const { resources } = await admin.describeConfigs({
            includeSynonyms: false,
            resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
        });
        const own = resources[0]!.configEntries.filter(
            ({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG,
        );
        return {
            partitions: assignment.length,
            replicationFactor: Math.min(...assignment.map((replicas) => replicas.length)),
            config: Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue])),
        };
    }

    async createTopic(topic: string, { partitions, replicationFactor, config }: TopicState): Promise<void> {
        const admin = await this.#connect();
        const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
        await admin.createTopics({
            timeout: TIME_LIMIT,
            topics: [{ topic, numPartitions: partitions, replicationFactor, configEntries }],
        });
    }

    async addPartitions(topic: string, partitions: number): Promise<void> {
        const admin = await this.#connect();
        await admin.createPartitions({
            timeout: TIME_LIMIT,
            topicPartitions: [{ topic, count: partitions }],
        });
    }

    /** Sets these settings of a topic, and takes away all others that it has. */
    async setTopicConfig(topic: string, config: Readonly<Record<string, string>>): Promise<void> {
        const admin = await this.#connect();
        const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
        await admin.alterConfigs({
            validateOnly: false,
            resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
        });
    }

    /** Begins to give each partition so many copies. */
    async changeReplication(topic: string, factor: number): Promise<void> {
        const current = await this.#assignment(topic);
        const wanted = assign(current ?? [], (await ask(this.#address, metadata([]))).brokers, factor);
        const admin = await this.#connect();
        await admin.alterPartitionReassignments({
            timeout: TIME_LIMIT,
            topics: [
                {
                    topic,
                    partitionAssignment: wanted.map((replicas, partition) => ({ partition, replicas })),
                },
            ],
        });
    }

    /** Whether copies of a topic are on their way from broker to broker. */
    async isMoving(topic: string): Promise<boolean> {
        const admin = await this.#connect();
        // Without a choice of topics: kafkajs writes its filter in a way that brokers do not read.
        const { topics } = await admin.listPartitionReassignments({});
        return topics.some((moving) => (moving as unknown as { name: string }).name === topic);
    }

    async deleteTopic(topic: string): Promise<void> {
        const admin = await this.#connect();
        await admin.deleteTopics({ topics: [topic], timeout: TIME_LIMIT });
    }

    /** All that somebody may do, by the name in the certificate. */
    async describeAcls(user: string): Promise<Acl[]> {
        const admin = await this.#connect();
        const { resources } = await admin.describeAcls({
            resourceType: AclResourceTypes.ANY,
            resourcePatternType: ResourcePatternTypes.ANY,
            operation: AclOperationTypes.ANY,
            permissionType: AclPermissionTypes.ANY,
            principal: `User:${user}`,
        });
        // What config cannot say, such as a refusal made by hand, is left as it is.
        return resources.flatMap(({ resourceType, resourceName, resourcePatternType, acls }) =>
            acls.flatMap(({ operation, permissionType, host }): Acl[] => {
                const resource = keyOf(RESOURCES, resourceType);
                const pattern = keyOf(PATTERNS, resourcePatternType);
                const known = keyOf(OPERATIONS, operation);
                if (!resource || !pattern || !known) {
                    return [];
                }
                if (permissionType !== AclPermissionTypes.ALLOW || host !== "*") {
                    return [];
                }
                return [{ resource, name: resourceName, pattern, operation: known }];
            }),
        );
    }

    /** Gives somebody these rights, and takes away all others. */
    async setAcls(user: string, wanted: readonly Acl[]): Promise<void> {
        const had = await this.describeAcls(user);
        const [hadKeys, wantedKeys] = [had, wanted].map((rights) => new Set(rights.map(aclKey)));
        const missing = wanted.filter((right) => !hadKeys!.has(aclKey(right)));
        const surplus = had.filter((right) => !wantedKeys!.has(aclKey(right)));
        const entry = (right: Acl) => ({
            resourceType: RESOURCES[right.resource],
            resourceName: right.name,
            resourcePatternType: PATTERNS[right.pattern],
            operation: OPERATIONS[right.operation],
            permissionType: AclPermissionTypes.ALLOW,
            principal: `User:${user}`,
            host: "*",
        });
        const admin = await this.#connect();
        if (missing.length > 0) {
            await admin.createAcls({ acl: missing.map(entry) });
        }
        if (surplus.length > 0) {
            await admin.deleteAcls({ filters: surplus.map(entry) });
        }
    }

    describeQuotas(user: string): Promise<ClientQuotas> {
        return ask(this.#address, describeQuotas(user));
    }

    /** Sets these quotas of somebody, and takes away all others. */
    async setQuotas(user: string, wanted: ClientQuotas): Promise<void> {
        const had = await this.describeQuotas(user);
        const surplus = Object.keys(had).filter((key) => !(key in wanted));
        const changes = { ...wanted, ...Object.fromEntries(surplus.map((key) => [key, undefined])) };
        if (Object.keys(changes).length > 0) {
            await ask(this.#address, alterQuotas(user, changes));
        }
    }

    async close(): Promise<void> {
        await this.#admin.close();
    }

    #connect(): Promise<Admin> {
        return this.#admin.connected();
    }

    /** Brokers of each partition, the preferred leader first. */
    async #assignment(topic: string): Promise<number[][] | undefined> {
        const { topics } = await ask(this.#address, metadata([topic]));
        const { error, partitions } = topics[0]!;
        if (error === UNKNOWN_TOPIC) {
            return undefined;
        }
        if (error !== 0) {
            throw errorOf(error)!;
        }
        const assignment: number[][] = [];
        for (const { partition, replicas } of partitions) {
            assignment[partition] = [...replicas];
        }
        return assignment;
    }
}

function keyOf<Key extends string>(names: Readonly<Record<Key, number>>, value: number): Key | undefined {
    return (Object.keys(names) as Key[]).find((key) => names[key] === value);
}

/** A Kafka in memory, for the handlers that change something in it. */
import assert from "node:assert/strict";
import type { ClientQuotas, Topic } from "../../common/kafkaTypes.ts";
import { type Acl, ALL_PERMISSIONS, aclsOf } from "../../kafka/admin/acls.ts";
import type { LogDir } from "../../kafka/admin/logDirs.ts";
import type { Metadata } from "../../kafka/admin/metadata.ts";
import type { Reassignment } from "../../kafka/admin/reassignmentPlan.ts";
import type { OngoingReassignment } from "../../kafka/admin/reassignments.ts";
import type { ThrottledPartition } from "../../kafka/admin/replicationThrottle.ts";
import type { InKafka, KafkaApi } from "../../provider/kafkaConnection.ts";

export class FakeKafka implements KafkaApi {
    readonly topics = new Map<string, Topic>();
    readonly acls = new Map<string, readonly Acl[]>();
    readonly quotas = new Map<string, ClientQuotas>();
    brokerConfig: Readonly<Record<string, string>> = {};
    /** What was changed, in order: the names of the methods. */
    readonly changes: string[] = [];
    readonly connect: InKafka = (_namespace, _what, change) => change(this);

    async describeTopic(name: string): Promise<Topic | undefined> {
        return this.topics.get(name);
    }

    async createTopic(topic: Topic): Promise<void> {
        this.changes.push("createTopic");
        this.topics.set(topic.name, topic);
    }

    async addPartitions(name: string, partitions: number): Promise<void> {
        this.#change("addPartitions", name, { partitions });
    }

    async setTopicConfig(name: string, config: Readonly<Record<string, string>>): Promise<void> {
        this.#change("setTopicConfig", name, { config });
    }

    async changeReplication(name: string, replicationFactor: number): Promise<void> {
        this.#change("changeReplication", name, { replicationFactor });
    }

    async listReassignments(): Promise<readonly OngoingReassignment[]> {
        return [];
    }

    async metadata(): Promise<Metadata> {
        return assert.fail("nobody asks for metadata here");
    }

    async describeLogDirs(): Promise<ReadonlyMap<number, LogDir>> {
        return assert.fail("nobody asks for disks here");
    }

    async reassign(_reassignments: readonly Reassignment[]): Promise<void> {
        assert.fail("nothing is reassigned here");
    }

    async setThrottle(_rate: number, _partitions: readonly ThrottledPartition[]): Promise<void> {
        assert.fail("nothing is throttled here");
    }

    async removeThrottle(): Promise<void> {
        assert.fail("nothing is throttled here");
    }

    async deleteTopic(name: string): Promise<void> {
        this.changes.push("deleteTopic");
        this.topics.delete(name);
    }

    async describeAcls(user: string): Promise<Acl[]> {
        return [...(this.acls.get(user) ?? [])];
    }

    async setAcls(user: string, acls: readonly Acl[]): Promise<void> {
        this.changes.push("setAcls");
        this.acls.set(user, acls);
    }

    async listUsers(): Promise<readonly string[]> {
        const having = (all: ReadonlyMap<string, object>) =>
            [...all].flatMap(([user, found]) => (Object.keys(found).length > 0 ? [user] : []));
        return [...new Set([...having(this.acls), ...having(this.quotas)])];
    }

    /** Brokers that do not know of everything yet, answer by answer. */
    ignorant: string[][] = [];
    async allowEverything(user: string): Promise<readonly string[]> {
        await this.setAcls(user, aclsOf(ALL_PERMISSIONS));
        return this.ignorant.shift() ?? [];
    }

    async describeQuotas(user: string): Promise<ClientQuotas> {
        return this.quotas.get(user) ?? {};
    }

    async setQuotas(user: string, quotas: ClientQuotas): Promise<void> {
        this.changes.push("setQuotas");
        this.quotas.set(user, quotas);
    }

    async describeBrokerConfig(): Promise<Readonly<Record<string, string>>> {
        return this.brokerConfig;
    }

    async setBrokerConfig(config: Readonly<Record<string, string>>): Promise<void> {
        this.changes.push("setBrokerConfig");
        this.brokerConfig = config;
    }

    async close(): Promise<void> {}

    #change(method: string, name: string, changed: Partial<Topic>): void {
        const topic = this.topics.get(name);
        if (!topic) {
            throw new Error(`there is no topic ${name}`);
        }
        this.changes.push(method);
        this.topics.set(name, { ...topic, ...changed });
    }
}

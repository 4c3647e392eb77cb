import type * as pulumi from "@pulumi/pulumi";
import type { ClientQuotas } from "../../common/kafkaTypes.ts";
import { retentionDefaults } from "../../common/messageLoss.ts";
import { BRIDGE, IDENTITIES, principalOf, SECRETS } from "../../common/names.ts";
import type { ComponentConfig } from "../../config/schema/components.ts";
import type { ProjectConfig } from "../../config/schema/environment.ts";
import { internalTopics } from "../../config/schema/transactions.ts";
import { type AclRule, aclRule } from "../../kafka/admin/acls.ts";
import { BrokerConfig } from "../../provider/resources/brokerConfig.ts";
import { KafkaUser } from "../../provider/resources/kafkaUser.ts";
import { KafkaUsers } from "../../provider/resources/kafkaUsers.ts";
import type { SmokeTestClient } from "../../provider/resources/smokeTest.ts";
import { Topic } from "../../provider/resources/topic.ts";
import { splitSettings } from "../kafka/clusterWideSettings.ts";
import type { NamespaceRef } from "../kubernetes/namespaceRef.ts";
import { bridgeAcls } from "../mirrormaker/properties.ts";
import { LAG_EXPORTER_ACLS } from "../monitoring/lagExporter.ts";
import type { ClientSecret } from "./clientSecret.ts";
import type { DeletionGuard } from "./deletionGuard.ts";

export interface TopicsAndUsersArgs {
    readonly namespaceRef: NamespaceRef;
    readonly project: Pick<
        ProjectConfig,
        "name" | "namespace" | "topics" | "components" | "bridge" | "lagExporter" | "kafka"
    >;
    readonly deletionGuard: DeletionGuard;
    /** Principals that the brokers allow everything. */
    readonly superUsers: readonly string[];
    /** Registers the Secret of a user, after its ACLs. */
    readonly secretOf: (user: User, after: KafkaUser) => ClientSecret;
}

/** A component, the bridge, or the exporter of lags: each has a certificate for the Kafka of its Project. */
export interface User extends Omit<SmokeTestClient, "namespace"> {
    /** Of a component, or one of {@link IDENTITIES}; whichever its key. */
    readonly name: string;
    /** Those that have its Secret. */
    readonly namespaces: readonly string[];
    readonly quotas: ClientQuotas;
}

/** Who may do what in a Project's Kafka, with the Secrets of their certificates. */
export function usersOf({
    namespace,
    components,
    bridge,
    lagExporter,
}: Pick<ProjectConfig, "namespace" | "components" | "bridge" | "lagExporter">): User[] {
    const users = components.map(({ name, key, transactionalIds, applicationIds, ...permissions }): User => {
        const acls = transactionAcls({ transactionalIds, applicationIds });
        return {
            ...permissions,
            ...(acls.length > 0 && { acls }),
            name,
            principal: principalOf(name, key),
            secret: SECRETS.component(name),
        };
    });
    const own = { namespaces: [namespace], produce: [], consume: [], groups: [], quotas: {} };
    if (bridge) {
        const name = IDENTITIES.bridge;
        users.push({
            ...{ name, principal: principalOf(name, bridge.key), secret: SECRETS.bridge },
            ...{ ...own, acls: bridgeAcls(bridge) },
        });
    }
    if (lagExporter) {
        const name = IDENTITIES.lagExporter;
        users.push({
            ...{ name, principal: name, secret: SECRETS.lagExporter },
            ...{ ...own, acls: LAG_EXPORTER_ACLS },
        });
    }
    return users;
}

/**
 * ACLs of a component's transactions and Kafka Streams applications. An idempotent producer needs none besides those of
 * its topics.
 */
export function transactionAcls({
    transactionalIds,
    applicationIds,
}: Pick<ComponentConfig, "transactionalIds" | "applicationIds">): AclRule[] {
    const producers = (id: string) => aclRule("transactionalId", id, ["write", "describe"]);
    return [
        ...transactionalIds.map(producers),
        ...applicationIds.flatMap((id) => {
            const all = `${internalTopics(id)}*`;
            return [
                aclRule("group", id, ["read", "describe"]),
                aclRule("topic", all, ["create", "delete", "read", "write", "describe"]),
                producers(all),
            ];
        }),
    ];
}

/** The same without quotas, which only a load would show, and once for each Secret. */
export function permissionsOf(users: readonly User[]): SmokeTestClient[] {
    return users.flatMap(({ name: _name, quotas: _quotas, namespaces, ...client }) =>
        namespaces.map((namespace) => ({ ...client, namespace })),
    );
}

export interface TopicsAndUsers {
    readonly resources: readonly pulumi.Resource[];
    /** By the names of {@link usersOf}. */
    readonly secrets: ReadonlyMap<string, ClientSecret>;
}

/**
 * Registers what is in a Project's Kafka: its topics, the ACLs and quotas of its components and its bridge, with their
 * Secrets, and the settings that its brokers take while they run.
 */
export function registerTopicsAndUsers(
    name: string,
    { namespaceRef, project, deletionGuard, superUsers, secretOf }: TopicsAndUsersArgs,
    opts: pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource },
): TopicsAndUsers {
    const userOpts = (user: string) => ({ ...opts, aliases: [{ name: `${name}-access-${user}` }] });
    const defaults = retentionDefaults(project.kafka.config);
    const topics = project.topics.map(
        ({ name: topic, ...settings }) =>
            new Topic(
                `${name}-topic-${topic}`,
                {
                    ...namespaceRef,
                    project: project.name,
                    topic,
                    ...settings,
                    defaults,
                    allowDestroy: deletionGuard.allowsTopic(project.name, topic),
                },
                { ...opts, ...deletionGuard.protectTopic },
            ),
    );
    const users = usersOf(project).map((client) => {
        const { name: owner, secret: _secret, namespaces: _namespaces, ...permissions } = client;
        const user = owner === IDENTITIES.bridge ? BRIDGE.name : owner;
        const args = { ...namespaceRef, ...permissions };
        const resource = new KafkaUser(`${name}-user-${user}`, args, userOpts(user));
        // What a next key is allowed, it is before it is in the Secret.
        return { ...client, resource, clientSecret: secretOf(client, resource) };
    });
    const kafkaUsers = new KafkaUsers(
        `${name}-users`,
        { ...namespaceRef, users: users.map(({ principal }) => principal), superUsers },
        // Not after the Secrets: no missing namespace of one component keeps the former key of another.
        { ...opts, dependsOn: [opts.dependsOn, ...users.map(({ resource }) => resource)] },
    );
    const { whileRunning } = splitSettings(project.kafka.config);
    const settings =
        Object.keys(whileRunning).length > 0
            ? [
                  new BrokerConfig(
                      `${name}-broker-config`,
                      { ...namespaceRef, config: whileRunning },
                      // Some of them are defaults of topics, which refuse those by which they would lose messages.
                      { ...opts, dependsOn: [opts.dependsOn, ...topics] },
                  ),
              ]
            : [];
    return {
        resources: [...settings, ...topics, ...users.map(({ resource }) => resource), kafkaUsers],
        secrets: new Map(users.map(({ name: owner, clientSecret }) => [owner, clientSecret])),
    };
}

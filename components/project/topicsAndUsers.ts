import type * as pulumi from "@pulumi/pulumi";
import { IDENTITIES, SECRETS } from "../../common/names.ts";
import type { ProjectConfig } from "../../config/schema/environment.ts";
import { BrokerConfig } from "../../provider/resources/brokerConfig.ts";
import { KafkaUser } from "../../provider/resources/kafkaUser.ts";
import type { SmokeTestClient } from "../../provider/resources/smokeTest.ts";
import { Topic } from "../../provider/resources/topic.ts";
import { splitSettings } from "../kafka/clusterWideSettings.ts";
import type { NamespaceRef } from "../kubernetes/namespaceRef.ts";
import { bridgeAcls } from "../mirrormaker/properties.ts";
import type { DeletionGuard } from "./deletionGuard.ts";

export interface TopicsAndUsersArgs {
    readonly namespaceRef: NamespaceRef;
    readonly project: Pick<ProjectConfig, "topics" | "components" | "bridge" | "kafka">;
    readonly deletionGuard: DeletionGuard;
}

/** Who may do what in a Project's Kafka, with the Secrets of their certificates. */
export function permissionsOf({ components, bridge }: TopicsAndUsersArgs["project"]): SmokeTestClient[] {
    const clients: SmokeTestClient[] = components.map(({ name, produce, consume, groups }) => ({
        principal: name,
        secret: SECRETS.component(name),
        produce,
        consume,
        groups,
    }));
    if (bridge) {
        const none = { produce: [], consume: [], groups: [] };
        clients.push({
            principal: IDENTITIES.bridge,
            secret: SECRETS.bridge,
            ...none,
            acls: bridgeAcls(bridge),
        });
    }
    return clients;
}

/**
 * Registers what is in a Project's Kafka: its topics, the ACLs and quotas of its components and its bridge, and the
 * settings that its brokers take while they run.
 */
export function registerTopicsAndUsers(
    name: string,
    { namespaceRef, project, deletionGuard }: TopicsAndUsersArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const userOpts = (user: string) => ({ ...opts, aliases: [{ name: `${name}-access-${user}` }] });
    const topics = project.topics.map(
        ({ name: topic, ...settings }) =>
            new Topic(
                `${name}-topic-${topic}`,
                { ...namespaceRef, topic, ...settings },
                { ...opts, ...deletionGuard.protectTopic },
            ),
    );
    const users = project.components.map(
        ({ name: principal, ...permissions }) =>
            new KafkaUser(
                `${name}-user-${principal}`,
                { ...namespaceRef, principal, ...permissions },
                userOpts(principal),
            ),
    );
    if (project.bridge) {
        const { bridge: principal } = IDENTITIES;
        const acls = bridgeAcls(project.bridge);
        users.push(
            new KafkaUser(
                `${name}-user-bridge`,
                { ...namespaceRef, principal, produce: [], consume: [], groups: [], quotas: {}, acls },
                userOpts("bridge"),
            ),
        );
    }
    const { whileRunning } = splitSettings(project.kafka.config);
    const settings =
        Object.keys(whileRunning).length > 0
            ? [new BrokerConfig(`${name}-broker-config`, { ...namespaceRef, config: whileRunning }, opts)]
            : [];
    return [...settings, ...topics, ...users];
}

import type * as pulumi from "@pulumi/pulumi";
import type { ClientQuotas } from "../../common/kafkaTypes.ts";
import { retentionDefaults } from "../../common/messageLoss.ts";
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
    readonly project: Pick<
        ProjectConfig,
        "name" | "namespace" | "topics" | "components" | "bridge" | "kafka"
    >;
    readonly deletionGuard: DeletionGuard;
}

/** A component, or the bridge: each has a certificate for the Kafka of its Project. */
interface User extends Omit<SmokeTestClient, "namespace"> {
    /** What its resource is called after. */
    readonly name: string;
    /** Those that have its Secret. */
    readonly namespaces: readonly string[];
    readonly quotas: ClientQuotas;
}

function usersOf({
    namespace,
    components,
    bridge,
}: Pick<ProjectConfig, "namespace" | "components" | "bridge">): User[] {
    const users = components.map(
        (component): User => ({
            ...component,
            principal: component.name,
            secret: SECRETS.component(component.name),
        }),
    );
    if (bridge) {
        users.push({
            ...{ name: "bridge", principal: IDENTITIES.bridge, secret: SECRETS.bridge },
            ...{ namespaces: [namespace], produce: [], consume: [], groups: [], quotas: {} },
            acls: bridgeAcls(bridge),
        });
    }
    return users;
}

/** Who may do what in a Project's Kafka, once for each Secret with their certificate. */
export function permissionsOf(project: Parameters<typeof usersOf>[0]): SmokeTestClient[] {
    return usersOf(project).flatMap(({ name: _name, quotas: _quotas, namespaces, ...client }) =>
        namespaces.map((namespace) => ({ ...client, namespace })),
    );
}

/**
 * Registers what is in a Project's Kafka: its topics, the ACLs and quotas of its components and its bridge, and the
 * settings that its brokers take while they run.
 */
export function registerTopicsAndUsers(
    name: string,
    { namespaceRef, project, deletionGuard }: TopicsAndUsersArgs,
    opts: pulumi.CustomResourceOptions & { readonly dependsOn: pulumi.Resource },
): pulumi.Resource[] {
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
    const users = usersOf(project).map(
        ({ name: user, secret: _secret, namespaces: _namespaces, ...permissions }) =>
            new KafkaUser(`${name}-user-${user}`, { ...namespaceRef, ...permissions }, userOpts(user)),
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
    return [...settings, ...topics, ...users];
}

import * as pulumi from "@pulumi/pulumi";
import { lostMessages, retentionDefaults, topicKey, withDefaults } from "../../common/messageLoss.ts";
import { CLIENT_EGRESS, PROJECT_LABEL } from "../../common/names.ts";
import type { ProjectConfig } from "../../config/schema/environment.ts";
import { splitSettings } from "../kafka/clusterWideSettings.ts";
import { lostClients, type NetworkPolicyInputs } from "./formerClients.ts";
import { incompatibleChange, type StatefulSetInputs, settingsIn } from "./serverSettings.ts";

/** The inputs of a Kubernetes object that the guard reads. */
interface ObjectInputs {
    readonly metadata?: {
        readonly name?: string;
        readonly namespace?: string;
        readonly labels?: Record<string, string>;
    };
}

/** The inputs of a resource within Kafka that the guard reads. */
interface KafkaInputs {
    readonly namespace?: string;
    readonly topic?: string;
}

type Settings = Readonly<Record<string, string | number | boolean>>;

/** What the guard reads of config. */
export interface DeletionGuardArgs {
    /**
     * What config allows to be deleted: names of Projects, node pools as `gke/POOL`, created namespaces of components as
     * `namespace/NAMESPACE`, topics as `topic/PROJECT/TOPIC`.
     */
    readonly allowDestroy: readonly string[];
    /** What a namespace's name has before that of its Project. */
    readonly namespacePrefix: string;
    readonly projects: readonly {
        readonly name: string;
        readonly topics: ProjectConfig["topics"];
        readonly kafka: Pick<ProjectConfig["kafka"], "config">;
    }[];
}

/**
 * Protects data: a preview, and an `up`, that would delete or replace what holds them fails unless config lists the
 * Project, node pool or topic under `allowDestroy`; one that would lose data in another way always fails.
 *
 * An object that has left the program finds its hooks by their names in Pulumi's state, so one hook serves all objects
 * of a type and learns the Project from the object's label. For the same reason Pulumi destroys a stack with its
 * program only: `pulumi destroy --run-program`.
 */
export class DeletionGuard {
    /** Options for every object of a Project: without one of them the rest is of little use. */
    public readonly protectProject: pulumi.CustomResourceOptions;
    /** Options for what is created for applications: a namespace is deleted with all that runs in it. */
    public readonly protectClientNamespace: pulumi.CustomResourceOptions;
    /** Options for the brokers' network policy: a new version of this program takes Kafka from no application. */
    public readonly preventLostClients: pulumi.CustomResourceOptions;
    /** Options for a topic: its messages are deleted with it. */
    public readonly protectTopic: pulumi.CustomResourceOptions;
    /** Options for a node pool. */
    public readonly protectNodePool: pulumi.CustomResourceOptions;
    /** Options for a StatefulSet, whose servers would lose data by some changes. */
    public readonly preventDataLoss: pulumi.CustomResourceOptions;
    readonly #args: DeletionGuardArgs;

    constructor(args: DeletionGuardArgs) {
        this.#args = args;
        const { allowDestroy, namespacePrefix, projects } = args;
        const unlessAllowed = (key: string, danger: string) => {
            if (!allowDestroy.includes(key)) {
                throw new Error(
                    `${danger}. If that is intended, add ${key} to allowDestroy and run this again.`,
                );
            }
        };
        const projectOf = ({ namespace }: KafkaInputs) => namespace?.slice(namespacePrefix.length);
        const protectProject = hook("protect-project", "keep-project", ({ name, type, oldInputs }) => {
            const { metadata } = oldInputs as ObjectInputs;
            const project = metadata?.labels?.[PROJECT_LABEL] ?? projectOf(oldInputs as KafkaInputs) ?? name;
            // It goes with the last component in the namespace of the servers; prevent-lost-clients has been asked.
            if (metadata?.name === CLIENT_EGRESS && projects.some((each) => each.name === project)) {
                return;
            }
            const object = `${type.split(":").at(-1)} ${metadata?.name ?? name}`;
            unlessAllowed(project, `${object} of Project ${project} would be deleted or replaced`);
        });
        const protectClientNamespace = hook("protect-client-namespace", undefined, ({ oldInputs }) => {
            const { metadata } = oldInputs as ObjectInputs;
            const project = metadata?.labels?.[PROJECT_LABEL] ?? "";
            const namespace = metadata?.namespace ?? metadata?.name;
            if (!allowDestroy.includes(project)) {
                unlessAllowed(
                    `namespace/${namespace}`,
                    `namespace ${namespace}, created for the components of Project ${project}, would be deleted with all that runs in it`,
                );
            }
        });
        const preventLostClients = hook("prevent-lost-clients", undefined, ({ oldInputs, newInputs }) => {
            const loss = lostClients(oldInputs as NetworkPolicyInputs, newInputs as NetworkPolicyInputs);
            if (loss !== undefined) {
                throw new Error(loss);
            }
        });
        const protectTopic = hook("protect-topic", "keep-topic", ({ oldInputs }) => {
            const { topic } = oldInputs as KafkaInputs;
            const project = projectOf(oldInputs as KafkaInputs) ?? "";
            if (!this.allowsTopic(project, topic ?? "")) {
                unlessAllowed(
                    topicKey(project, topic ?? ""),
                    `topic ${topic} of Project ${project} would be deleted with all its messages`,
                );
            }
        });
        const protectNodePool = hook("protect-node-pool", "keep-node-pool", ({ oldInputs }) => {
            const { name } = oldInputs as { name: string };
            unlessAllowed(`gke/${name}`, `node pool ${name} would be deleted or replaced under its servers`);
        });
        const preventDataLoss = hook("prevent-data-loss", undefined, ({ oldInputs, newInputs }) => {
            const [before, after] = [oldInputs as StatefulSetInputs, newInputs as StatefulSetInputs];
            const project = before.metadata?.labels?.[PROJECT_LABEL];
            const [old, now] = [before, after].map((each) => settingsIn(each, "server.properties"));
            const loss =
                incompatibleChange(before, after) ??
                (old && now && project && this.#messageLoss(project, old, now));
            if (loss !== undefined) {
                throw new Error(loss);
            }
        });
        this.protectProject = { hooks: { beforeDelete: [protectProject] } };
        this.protectClientNamespace = { hooks: { beforeDelete: [protectClientNamespace] } };
        this.preventLostClients = { hooks: { beforeUpdate: [preventLostClients] } };
        this.protectTopic = { hooks: { beforeDelete: [protectTopic] } };
        this.protectNodePool = { hooks: { beforeDelete: [protectNodePool] } };
        this.preventDataLoss = { hooks: { beforeUpdate: [preventDataLoss] } };
    }

    /** Whether config allows a topic to lose messages. */
    allowsTopic(project: string, topic: string): boolean {
        const { allowDestroy } = this.#args;
        return allowDestroy.includes(project) || allowDestroy.includes(topicKey(project, topic));
    }

    /** The topics that lose messages when brokers start with other settings, with what to do; undefined for none. */
    #messageLoss(name: string, before: Settings, after: Settings): string | undefined {
        const project = this.#args.projects.find((each) => each.name === name);
        const { whileRunning } = splitSettings(project?.kafka.config ?? {});
        const [old, now] = [before, after].map((some) => retentionDefaults({ ...whileRunning, ...some }));
        const losing = (project?.topics ?? []).flatMap(({ name: topic, config }) => {
            const lost = lostMessages(withDefaults(config, old!), withDefaults(config, now!));
            return lost === undefined || this.allowsTopic(name, topic) ? [] : [{ topic, lost }];
        });
        if (losing.length === 0) {
            return undefined;
        }
        const found = losing.map(({ topic, lost }) => `${topic} (${lost})`).join(", ");
        const keys = losing.map(({ topic }) => topicKey(name, topic)).join(", ");
        return `by kafka.config, topics of Project ${name} would lose messages: ${found}. If that is intended, add ${keys} to allowDestroy, otherwise set their own retention and cleanupPolicy. Then run this again.`;
    }
}

/**
 * Registers a hook. Objects in the state of an older version look for it by its former name, and those that have left
 * the program since never learn another: under that name it must stay registered, or nothing protects them.
 */
function hook(
    name: string,
    formerName: string | undefined,
    callback: pulumi.ResourceHookFunction,
): pulumi.ResourceHook {
    const opts = { onDryRun: true };
    if (formerName !== undefined) {
        new pulumi.ResourceHook(formerName, callback, opts);
    }
    return new pulumi.ResourceHook(name, callback, opts);
}

import * as pulumi from "@pulumi/pulumi";
import { CLIENT_EGRESS, FILES_ANNOTATION, KAFKA, PROJECT_LABEL, ZOOKEEPER } from "../../common/names.ts";
import { lostClients, type NetworkPolicyInputs } from "./formerClients.ts";

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

/** The inputs of a StatefulSet that the guard reads. */
interface StatefulSetInputs extends ObjectInputs {
    readonly spec?: {
        readonly replicas?: number;
        readonly template?: { readonly metadata?: { readonly annotations?: Record<string, string> } };
    };
}

/** Settings of zoo.cfg that name the folders of a server's data. */
const FOLDERS = ["dataDir", "dataLogDir"];

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

    /**
     * @param allowDestroy what config allows to be deleted: names of Projects, node pools as `gke/POOL`, created
     *     namespaces of components as `namespace/NAMESPACE`, topics as `topic/PROJECT/TOPIC`
     * @param namespacePrefix what a namespace's name has before that of its Project
     * @param projects names of the Projects that config has
     */
    constructor(allowDestroy: readonly string[], namespacePrefix: string, projects: readonly string[]) {
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
            if (metadata?.name === CLIENT_EGRESS && projects.includes(project)) {
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
            if (!allowDestroy.includes(project)) {
                unlessAllowed(
                    `topic/${project}/${topic}`,
                    `topic ${topic} of Project ${project} would be deleted with all its messages`,
                );
            }
        });
        const protectNodePool = hook("protect-node-pool", "keep-node-pool", ({ oldInputs }) => {
            const { name } = oldInputs as { name: string };
            unlessAllowed(`gke/${name}`, `node pool ${name} would be deleted or replaced under its servers`);
        });
        const preventDataLoss = hook("prevent-data-loss", undefined, ({ oldInputs, newInputs }) => {
            const loss = dataLoss(oldInputs as StatefulSetInputs, newInputs as StatefulSetInputs);
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
}

/** What a change of a StatefulSet would lose, with what to set instead; undefined for nothing. */
function dataLoss(before: StatefulSetInputs, after: StatefulSetInputs): string | undefined {
    const project = before.metadata?.labels?.[PROJECT_LABEL];
    for (const folder of FOLDERS) {
        const old = zooCfgValue(before, folder);
        const now = zooCfgValue(after, folder);
        // Kafka's StatefulSet has no such file.
        if (old !== undefined && now !== undefined && old !== now) {
            return `zookeeper.${folder} of Project ${project} is ${old}, where its data is, and cannot become ${now}. Set it to ${old}.`;
        }
    }
    const servers = before.spec?.replicas;
    const wanted = after.spec?.replicas;
    if (servers === undefined || wanted === undefined || servers === wanted) {
        return undefined;
    }
    switch (before.metadata?.name) {
        case ZOOKEEPER.name:
            // Some servers would already count by the new size and some still by the old one: both elect a leader.
            return `zookeeper.servers of Project ${project} is ${servers} and cannot become ${wanted}: for a while there would be two leaders. Set it to ${servers}.`;
        case KAFKA.name:
            return wanted < servers
                ? `kafka.brokers of Project ${project} is ${servers} and cannot become ${wanted}: the partitions of brokers ${wanted} to ${servers - 1} would be lost. Set it to ${servers}.`
                : undefined;
        default:
            return undefined;
    }
}

/** A setting of the zoo.cfg that a StatefulSet's pods carry. */
function zooCfgValue({ spec }: StatefulSetInputs, setting: string): string | undefined {
    const file = spec?.template?.metadata?.annotations?.[`${FILES_ANNOTATION}/zoo.cfg`];
    return file === undefined ? undefined : new RegExp(`^${setting}=(.*)$`, "m").exec(file)?.[1];
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

import * as pulumi from "@pulumi/pulumi";
import { COMPONENT_LABEL, PROJECT_LABEL } from "../../common/names.ts";
import { bytes } from "../../common/quantity.ts";

/** As much of a Kubernetes object as the guard looks at. */
interface ObjectInputs {
    readonly metadata?: { readonly name?: string; readonly labels?: Record<string, string> };
}

/** As much of what is within Kafka. */
interface KafkaInputs {
    readonly namespace?: string;
    readonly topic?: string;
}

/** As much of a claim. */
interface ClaimInputs {
    readonly metadata: { readonly labels: Record<string, string> };
    readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

/**
 * Keeps data from going unasked: a preview, and an `up`, that would delete or replace what holds them fails unless
 * config lists the Project (or the node pool) under `allowDestroy`; one that would shrink a disk always fails.
 *
 * An object that has left the program finds its hooks by their names in Pulumi's state, so one hook serves all of a
 * kind and learns the Project from the object's label. For the same reason Pulumi destroys a stack with its program
 * only: `pulumi destroy --run-program`.
 */
export class DeletionGuard {
    /** Options for every object of a Project: without one of them the rest is of little use. */
    public readonly protectProject: pulumi.CustomResourceOptions;
    /** Options for a topic: what it holds goes with it. */
    public readonly protectTopic: pulumi.CustomResourceOptions;
    /** Options for a node pool. */
    public readonly protectNodePool: pulumi.CustomResourceOptions;
    /** Options for the claim of a server, with labels that tell its Project and its set. */
    public readonly preventDiskShrink: pulumi.CustomResourceOptions;

    /**
     * @param allowDestroy what config allows to go: names of Projects, node pools as `gke/POOL`, topics as
     *     `topic/PROJECT/TOPIC`
     * @param namespacePrefix what makes a namespace of a Project's name
     */
    constructor(allowDestroy: readonly string[], namespacePrefix: string) {
        const unlessAllowed = (key: string, what: string) => {
            if (!allowDestroy.includes(key)) {
                throw new Error(`${what}. If that is meant, add ${key} to allowDestroy and run this again.`);
            }
        };
        const projectOf = ({ namespace }: KafkaInputs) => namespace?.slice(namespacePrefix.length);
        const project = hook("keep-project", ({ name, type, oldInputs }) => {
            const { metadata } = oldInputs as ObjectInputs;
            const key = metadata?.labels?.[PROJECT_LABEL] ?? projectOf(oldInputs as KafkaInputs) ?? name;
            const object = `${type.split(":").at(-1)} ${metadata?.name ?? name}`;
            unlessAllowed(key, `${object} of Project ${key} would be deleted or made anew`);
        });
        const topic = hook("keep-topic", ({ oldInputs }) => {
            const { topic: name } = oldInputs as KafkaInputs;
            const owner = projectOf(oldInputs as KafkaInputs) ?? "";
            if (allowDestroy.includes(owner)) {
                return;
            }
            unlessAllowed(
                `topic/${owner}/${name}`,
                `topic ${name} of Project ${owner} would be deleted with all that it holds`,
            );
        });
        const pool = hook("keep-node-pool", ({ oldInputs }) => {
            const { name } = oldInputs as { name: string };
            unlessAllowed(`gke/${name}`, `node pool ${name} would be deleted or made anew under its servers`);
        });
        const size = hook("keep-size", ({ oldInputs, newInputs }) => {
            const { metadata, spec } = oldInputs as ClaimInputs;
            const before = spec.resources.requests.storage;
            const after = (newInputs as ClaimInputs).spec.resources.requests.storage;
            if (bytes(after) >= bytes(before)) {
                return;
            }
            const { [COMPONENT_LABEL]: set, [PROJECT_LABEL]: owner } = metadata.labels;
            throw new Error(
                `disk.size of ${set} of Project ${owner} is ${before} and cannot shrink to ${after}. Set it to ${before} or more.`,
            );
        });
        this.protectProject = { hooks: { beforeDelete: [project] } };
        this.protectTopic = { hooks: { beforeDelete: [topic] } };
        this.protectNodePool = { hooks: { beforeDelete: [pool] } };
        this.preventDiskShrink = { hooks: { beforeUpdate: [size] } };
    }
}

function hook(name: string, callback: pulumi.ResourceHookFunction): pulumi.ResourceHook {
    return new pulumi.ResourceHook(name, callback, { onDryRun: true });
}

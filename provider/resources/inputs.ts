/** What the inputs of several resources have in common. */
import type * as pulumi from "@pulumi/pulumi";
import type { KubeTarget } from "../../common/kubeTarget.ts";

/** Inputs as a program gives them: each may be an output of another resource, at any depth. */
export type ResourceArgs<Inputs> = {
    readonly [Key in keyof Inputs]: pulumi.Input<ResourceArgs<Inputs[Key]>>;
};

/** Outputs as a program sees them on the resource. */
export type ResourceOutputs<Outputs> = {
    readonly [Key in keyof Outputs]: pulumi.Output<Outputs[Key]>;
};

/** A namespace of a Kubernetes cluster. */
export interface InNamespace {
    /** A relative path of a kubeconfig counts from the checkout on. */
    readonly cluster: KubeTarget;
    readonly namespace: string;
}

/** What an `up` looks at in a Project's namespace. */
export interface Verified extends InNamespace {
    /** Name of the Project, for messages. */
    readonly project: string;
    /** Whether it is looked at even where nothing has changed: in an `up`, not in a preview. */
    readonly verify: boolean;
}

/** How long a certificate is valid, and when the next one is issued. */
export interface Lifetime {
    /** Validity in days. */
    readonly days: number;
    /** Share of the validity after which an `up` renews it, such as 0.66. */
    readonly renewAt: number;
}

/** Where the pods of a workload are found in its inputs. */
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type { Unwrap } from "@pulumi/pulumi";
import { someKnown } from "./unknown.ts";

/** As much as all workloads with a pod template have in common. */
export interface Workload {
    readonly spec?: { readonly template?: k8s.core.v1.PodTemplateSpec };
}

type Pod = Unwrap<k8s.core.v1.PodSpec>;
export type Container = Unwrap<k8s.core.v1.Container>;

/** Types of the workloads whose pods do not end. */
export const SERVERS = [
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:DaemonSet",
];

/** Types of all workloads with a pod template. */
export const WORKLOADS = [...SERVERS, "kubernetes:batch/v1:Job"];

export function podOf({ spec }: Unwrap<Workload>): Pod {
    return spec?.template?.spec ?? { containers: [] };
}

/** Whether any container, init containers included, violates a rule. */
export function anyContainer(
    workload: Unwrap<Workload>,
    violates: (container: Container, pod: Pod) => boolean,
): boolean {
    const pod = podOf(workload);
    const violating = (container: Container) => violates(container, pod);
    return someKnown([pod.initContainers ?? [], pod.containers], (list) => someKnown(list, violating));
}

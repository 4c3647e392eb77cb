import type * as pulumi from "@pulumi/pulumi";
import { COMPONENT_LABEL, INSTANCE_LABELS, PROJECT_LABEL } from "../../common/names.ts";

/**
 * Labels of an object of a Project. Pods do not get that of the Project: a new label would roll them.
 *
 * @param workload name of the StatefulSet or Deployment that the object belongs to, if it does
 */
export function projectLabels(project: string, workload?: string): Record<string, string> {
    return {
        ...INSTANCE_LABELS,
        ...(workload !== undefined && { [COMPONENT_LABEL]: workload }),
        [PROJECT_LABEL]: project,
    };
}

/** A transformation that gives every Kubernetes object within a resource labels of config's; pods and PVCs get theirs elsewhere. */
export function withLabels(labels: Readonly<Record<string, string>>): pulumi.ResourceTransformation {
    return ({ type, props, opts }) => {
        // A patch shares its object with others.
        if (!type.startsWith("kubernetes:") || type.endsWith("Patch")) {
            return undefined;
        }
        const { metadata = {} } = props as { metadata?: { labels?: Record<string, pulumi.Input<string>> } };
        const all = { ...labels, ...metadata.labels };
        return { props: { ...props, metadata: { ...metadata, labels: all } }, opts };
    };
}

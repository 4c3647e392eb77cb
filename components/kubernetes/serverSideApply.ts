import type * as pulumi from "@pulumi/pulumi";

/**
 * How Pulumi's provider applies an object to Kubernetes, by its annotations:
 * https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply
 */
const ANNOTATIONS = {
    // What somebody has changed by kubectl is put back, instead of an error "Apply failed with conflicts".
    "pulumi.com/patchForce": "true",
    // The provider makes up another name at each creation. What an `up` that was killed has applied would belong to a
    // name that nobody knows any more, and no later one could remove a field of it.
    "pulumi.com/patchFieldManager": "unity-kafka",
};

/** A transformation for all Kubernetes objects within a resource: none but this program decides on the fields it names. */
export const ownAppliedFields: pulumi.ResourceTransformation = ({ type, props, opts }) => {
    // A patch shares its object with others.
    if (!type.startsWith("kubernetes:") || type.endsWith("Patch")) {
        return undefined;
    }
    const { metadata = {} } = props as { metadata?: { annotations?: Record<string, pulumi.Input<string>> } };
    const annotations = { ...metadata.annotations, ...ANNOTATIONS };
    return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
};

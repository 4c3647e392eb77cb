import * as pulumi from "@pulumi/pulumi";
import type { KubeTarget } from "../common/kubeTarget.ts";
import { clientNamespaceOf } from "../common/names.ts";
import type { ProjectConfig } from "../config/schema/environment.ts";

/**
 * Fails a preview where namespaces that config names for the pods of components do not exist: an `up` would fail at the
 * first Secret in them. Those that this program creates are none of these.
 *
 * @throws pulumi.RunError with a line for each
 */
export async function reportMissingNamespaces(
    target: KubeTarget,
    projects: readonly ProjectConfig[],
): Promise<void> {
    const named = new Set(projects.flatMap(namedNamespaces));
    if (named.size === 0) {
        return;
    }
    // The Kubernetes client takes half a second to load.
    const { missingNamespaces } = await import("../kafka/kubernetes/namespaces.ts");
    const { missing, unknown } = await missingNamespaces(target, [...named]);
    if (unknown !== undefined) {
        await pulumi.log.warn(`${unknown}, so an up may find that a namespace of components does not exist.`);
    }
    if (missing.length > 0) {
        throw new pulumi.RunError(missing.map((namespace) => errorText(namespace, projects)).join("\n"));
    }
}

function errorText(namespace: string, projects: readonly ProjectConfig[]): string {
    const owners = projects.filter((project) => namedNamespaces(project).includes(namespace));
    const names = owners.map(({ name }) => name).join(" and ");
    return `Namespace ${namespace}, which config names for components of Project ${names}, does not exist. It is not this program's: create it (kubectl create namespace ${namespace}), then run this again.`;
}

function namedNamespaces({ namespace, components }: ProjectConfig): string[] {
    const own = [namespace, clientNamespaceOf(namespace)];
    return components.flatMap(({ namespaces }) => namespaces.filter((each) => !own.includes(each)));
}

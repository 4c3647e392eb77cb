/** An environment: its nodes and storage classes, then each Project in a namespace of its own. */
import type * as pulumi from "@pulumi/pulumi";
import { dropDebugMessages } from "./common/debugMessages.ts";
import { connectToCluster } from "./components/connectToCluster.ts";
import { withLabels } from "./components/kubernetes/labels.ts";
import { ownAppliedFields } from "./components/kubernetes/serverSideApply.ts";
import { StorageClasses } from "./components/kubernetes/storageClasses.ts";
import { DeletionGuard } from "./components/project/deletionGuard.ts";
import { Project, type ProjectOutputs } from "./components/project/project.ts";
import { readConfig } from "./config/pulumiConfig.ts";
import { clusterOption } from "./config/schema/environment.ts";

dropDebugMessages();
const { environment, scope } = readConfig();
const { dns, gke, ikp, image, labels, metricsFrom, monitoring, storageClasses, zones } = environment;

const deletionGuard = new DeletionGuard(environment);
const { provider, target, tellsZones, dependencies } = await connectToCluster(environment, scope.projects, {
    base: scope.base,
    image,
    collector: monitoring.collector,
    labels,
    deletionGuard,
});
const inKubernetes = (labels: Readonly<Record<string, string>>) => ({
    provider,
    transformations: [ownAppliedFields, withLabels(labels)],
});
const dependsOn = [...dependencies];
if (scope.base) {
    dependsOn.push(new StorageClasses("storage", { storageClasses, labels }, inKubernetes(labels)));
}

/** Per Project: its namespace, its address inside the cluster, and how to connect from outside. */
export const projects: Record<string, pulumi.Output<ProjectOutputs>> = {};

for (const project of scope.projects) {
    const args = {
        project,
        image,
        topology: {
            zones,
            dedicatedNodes: gke !== undefined,
            // Without named zones a pod may run on a node that has none.
            racks: environment.racks && zones.length > 0 && tellsZones,
        },
        deletionGuard,
        dns,
        metricsFrom,
        monitoring,
        ikp,
        target,
        smokeTest: environment.smokeTest,
        clusterOption: clusterOption(environment),
    };
    projects[project.name] = new Project(project.name, args, {
        ...inKubernetes(project.labels),
        dependsOn,
    }).outputs;
}

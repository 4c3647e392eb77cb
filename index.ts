/** An environment: its nodes and storage classes, then each Project in a namespace of its own. */

import { onContext } from "./components/kubernetes/kubernetesProvider.ts";
import { StorageClasses } from "./components/kubernetes/storageClasses.ts";
import { DeletionGuard } from "./components/project/deletionGuard.ts";
import { Project } from "./components/project/project.ts";
import { readConfig } from "./config/pulumiConfig.ts";
import { clusterOption } from "./config/schema/environment.ts";

const { environment, scope } = readConfig();
const { allowDestroy, gke, ikp, image, metricsFrom, namespacePrefix, smokeTest, zones } = environment;
const guard = new DeletionGuard(allowDestroy, namespacePrefix);

const { provider, target, nodePools } = gke
    ? // Google's package is large, and only who deploys there waits for it.
      (await import("./components/gke/gke.ts")).onGke(gke, {
          base: scope.base,
          poolOptions: () => guard.protectNodePool,
      })
    : onContext(environment.kubernetes);

const storageClasses = scope.base
    ? [new StorageClasses("storage", { storageClasses: environment.storageClasses }, { provider })]
    : [];

const all = scope.projects.map(
    (project) =>
        [
            project.name,
            new Project(
                project.name,
                {
                    project,
                    image,
                    topology: { zones, dedicatedNodes: gke !== undefined },
                    guard,
                    metricsFrom,
                    ikp,
                    target,
                    smokeTest,
                    clusterOption: clusterOption(environment),
                },
                { provider, dependsOn: [...nodePools, ...storageClasses] },
            ).outputs,
        ] as const,
);

/** Per Project: its namespace, its address inside the cluster, and how to connect from outside. */
export const projects = Object.fromEntries(all);

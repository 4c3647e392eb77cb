/** An environment: its nodes and storage classes, then each Project in a namespace of its own. */
import { Guard } from "./components/guard.ts";
import { Project } from "./components/project.ts";
import { onContext } from "./components/provider.ts";
import { StorageClasses } from "./components/storageClasses.ts";
import { clusterOption } from "./config/environment.ts";
import { readConfig } from "./config/pulumi.ts";

const { environment, scope } = readConfig();
const { allowDestroy, gke, ikp, image, metricsFrom, namespacePrefix, smokeCheck, zones } = environment;
const guard = new Guard(allowDestroy, namespacePrefix);

const { provider, target, nodePools } = gke
    ? // Google's package is large, and only who deploys there waits for it.
      (await import("./components/gke.ts")).onGke(gke, {
          base: scope.base,
          poolOptions: () => guard.keepNodePool,
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
                    placement: { zones, ownNodes: gke !== undefined },
                    guard,
                    metricsFrom,
                    ikp,
                    target,
                    smokeCheck,
                    clusterOption: clusterOption(environment),
                },
                { provider, dependsOn: [...nodePools, ...storageClasses] },
            ).outputs,
        ] as const,
);

/** Per Project: its namespace, its address inside the cluster, and how to connect from outside. */
export const projects = Object.fromEntries(all);

/** An environment: its storage classes, then each Project in a namespace of its own. */
import { Provider } from "@pulumi/kubernetes/provider.js";
import { Project } from "./components/project.ts";
import { StorageClasses } from "./components/storageClasses.ts";
import { readConfig } from "./config/pulumi.ts";
import { EMBEDDED_CONTEXT, kubeconfigPath } from "./local/paths.ts";

const environment = readConfig();

const { context, kubeconfig } = environment.kubernetes;
const provider = new Provider("kubernetes", {
    // Never the context that happens to be current: a local stack must not land in somebody's cluster.
    ...(context === undefined
        ? { context: EMBEDDED_CONTEXT, kubeconfig: kubeconfigPath }
        : { context, ...(kubeconfig !== undefined && { kubeconfig }) }),
    // One provider serves every Project; its own limits are meant for one small application.
    kubeClientSettings: { qps: 200, burst: 400 },
});

const clusterOption = context === undefined ? "--local" : `--context ${context}`;

const storageClasses = new StorageClasses(
    "storage",
    { storageClasses: environment.storageClasses },
    { provider },
);

const all = environment.projects.map(
    (project) =>
        [
            project.name,
            new Project(
                project.name,
                { project, image: environment.image, zones: environment.zones, clusterOption },
                { provider, protect: environment.protect, dependsOn: storageClasses },
            ).outputs,
        ] as const,
);

/** Per Project: its namespace, its address inside the cluster, and how to connect from outside. */
export const projects = Object.fromEntries(all);

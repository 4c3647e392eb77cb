/** The kubeconfig that kubectl would use; client-node's own rules for several files, and missing ones, are others. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { ConnectionError, reasonOf } from "../errors.ts";
import { type KubeconfigSurroundings, kubeconfigFiles } from "./kubeconfigFiles.ts";

/** What decides, besides files. */
export interface Surroundings extends KubeconfigSurroundings {
    /** The token that a pod has of its service account. */
    readonly tokenFile: string;
}

const HERE: Surroundings = {
    env: process.env,
    home: homedir(),
    tokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
};

/**
 * Loads one kubeconfig, or by default all files of KUBECONFIG, else ~/.kube/config, else the service account of the
 * pod. Files that do not exist count as empty; of clusters, users and contexts of one name, and of current contexts,
 * the first in the order of the files counts.
 *
 * @throws ConnectionError when there is none, or one cannot be read
 */
export function loadKubeconfig(path?: string, surroundings: Surroundings = HERE): KubeConfig {
    if (path !== undefined) {
        return readFile(path);
    }
    const { env, tokenFile } = surroundings;
    const files = kubeconfigFiles(surroundings);
    const configs = files.filter((file) => existsSync(file)).map(readFile);
    const merged = new KubeConfig();
    merged.loadFromOptions({
        clusters: firsts(configs.flatMap((config) => config.clusters)),
        users: firsts(configs.flatMap((config) => config.users)),
        contexts: firsts(configs.flatMap((config) => config.contexts)),
        currentContext: configs.map((config) => config.currentContext).find(Boolean),
    });
    if (merged.contexts.length > 0 || merged.clusters.length > 0) {
        return merged;
    }
    if (env.KUBERNETES_SERVICE_HOST && env.KUBERNETES_SERVICE_PORT && existsSync(tokenFile)) {
        merged.loadFromCluster();
        return merged;
    }
    const missing =
        env.KUBECONFIG && files.length > 0 ? ` at ${files.join(", ")}, where KUBECONFIG points to` : "";
    throw new ConnectionError(
        "cluster",
        `There is no kubeconfig${missing}`,
        "Point KUBECONFIG to the kubeconfig of a cluster, or use --local",
    );
}

function readFile(path: string): KubeConfig {
    const config = new KubeConfig();
    try {
        const text = readFileSync(path, "utf8");
        // client-node fails at a file without content.
        config.loadFromString(parse(text) === null ? "{}" : text);
        config.makePathsAbsolute(dirname(path));
    } catch (error) {
        throw new ConnectionError(
            "cluster",
            `The kubeconfig ${path} cannot be read: ${reasonOf(error)}`,
            "Point KUBECONFIG to the kubeconfig of a cluster, or use --local",
            { cause: error },
        );
    }
    return config;
}

function firsts<T extends { readonly name: string }>(entries: readonly T[]): T[] {
    return entries.filter(({ name }, i) => entries.findIndex((entry) => entry.name === name) === i);
}

import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Root of the checkout. */
export const root = dirname(import.meta.dirname);

/** Everything a run leaves in the checkout; ignored by git, removed by `down`. */
export const stateDir = join(root, ".unity");

/** Output of every step and of every process of the platform. */
export const logDir = join(stateDir, "log");

/** Kubeconfig with cluster-admin for the embedded Kubernetes. Its only context is {@link EMBEDDED_CONTEXT}. */
export const kubeconfigPath = join(stateDir, "kube", "config");

/** Name of the context in {@link kubeconfigPath}. */
export const EMBEDDED_CONTEXT = "unity-embedded";

/** State of the stack `local`: Pulumi's file backend. */
export const pulumiBackendDir = join(stateDir, "pulumi");

/**
 * Built tools and images. Every entry is named after a hash of its sources, so that checkouts share
 * them and a fresh clone on the same machine builds nothing. `down --cache` removes it.
 */
export const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "unity-kafka");

/**
 * Pulumi's own settings and plugins for the stack `local`, separate from the user's. In the cache, since plugins are
 * large.
 */
export const pulumiHomeDir = join(cacheDir, "pulumi-home");

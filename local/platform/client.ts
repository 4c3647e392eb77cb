import { CoreV1Api, KubeConfig, type V1Node } from "@kubernetes/client-node";
import { kubeconfigPath } from "../../common/paths.ts";

/** Access to the embedded Kubernetes as its administrator. */
export function embeddedConfig(): KubeConfig {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    return config;
}

/** Shorthand for the core API of {@link embeddedConfig}. */
export const coreApi = () => embeddedConfig().makeApiClient(CoreV1Api);

/**
 * Whether a node reports that it can run pods.
 *
 * @param since reports from before this moment do not count: for nearly a minute the API server knows nothing of
 *   a node's end
 */
export function isReady(node: V1Node, since?: Date): boolean {
    const report = node.status?.conditions?.find(({ type }) => type === "Ready");
    // Reports carry whole seconds.
    const oldest = since === undefined ? 0 : Math.floor(since.getTime() / 1_000) * 1_000;
    return report?.status === "True" && (report.lastHeartbeatTime?.getTime() ?? 0) >= oldest;
}

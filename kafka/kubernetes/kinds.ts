import { CustomObjectsApi } from "@kubernetes/client-node";
import type { KubeTarget } from "../../common/kubeTarget.ts";
import { ConnectionError } from "../errors.ts";
import { openCluster, request } from "./cluster.ts";

/**
 * The kinds that a cluster has of an API version of an extension, such as `monitoring.coreos.com/v1`; none where it lacks
 * the version.
 *
 * @throws ConnectionError
 */
export async function kindsOf(target: KubeTarget, apiVersion: string): Promise<readonly string[]> {
    const cluster = openCluster(target);
    const [group = "", version = ""] = apiVersion.split("/");
    const api = cluster.config.makeApiClient(CustomObjectsApi);
    const answer = await request(cluster, `list the kinds of ${apiVersion}`, () =>
        api.getAPIResources({ group, version }),
    );
    if (answer === 403) {
        throw new ConnectionError(
            "cluster",
            `You are not allowed to list the kinds of ${apiVersion}`,
            "Ask for the permission",
        );
    }
    return answer === 404 ? [] : answer.resources.map(({ kind }) => kind);
}

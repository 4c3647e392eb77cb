import { PROJECT_LABEL } from "../../common/names.ts";
import { request } from "../../kafka/kubernetes/cluster.ts";
import { clusterOf, notAllowed } from "../cluster.ts";
import type { ClientKeysInputs } from "../resources/clientKeys.ts";

/**
 * Deletes a Secret of a Project. One that is another Project's by now is left alone.
 *
 * @param secret `NAMESPACE/NAME`
 * @throws Error where that is not allowed; ConnectionError where the cluster does not answer
 */
export async function deleteSecret(of: ClientKeysInputs, secret: string): Promise<void> {
    const cluster = clusterOf(of.cluster);
    const [namespace = "", name = ""] = secret.split("/");
    const found = await request(cluster, `read Secret ${secret}`, () =>
        cluster.core.readNamespacedSecret({ namespace, name }),
    );
    const what = `get and delete Secret ${name}`;
    const hint = "Ask for the permissions, then run up again";
    if (found === 403) {
        throw notAllowed(what, namespace, found, hint);
    }
    if (found === 404 || found.metadata?.labels?.[PROJECT_LABEL] !== of.project) {
        return;
    }
    const preconditions = { uid: found.metadata.uid! };
    const answer = await request(cluster, `delete Secret ${secret}`, () =>
        cluster.core.deleteNamespacedSecret({ namespace, name, body: { preconditions } }),
    );
    if (answer === 403) {
        throw notAllowed(what, namespace, answer, hint);
    }
}

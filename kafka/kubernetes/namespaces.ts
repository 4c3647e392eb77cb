import type { KubeTarget } from "../../common/kubeTarget.ts";
import { ConnectionError } from "../errors.ts";
import { openCluster, request } from "./cluster.ts";

export interface MissingNamespaces {
    readonly missing: readonly string[];
    /** Why it is not known of all of them. */
    readonly unknown?: string;
}

/** Which of these namespaces do not exist. */
export async function missingNamespaces(
    target: KubeTarget,
    namespaces: readonly string[],
): Promise<MissingNamespaces> {
    try {
        const cluster = openCluster(target);
        const answers = await Promise.all(
            namespaces.map(async (name) => ({
                name,
                answer: await request(cluster, `read namespace ${name}`, () =>
                    cluster.core.readNamespace({ name }),
                ),
            })),
        );
        const unreadable = answers.find(({ answer }) => answer === 403);
        return {
            missing: answers.flatMap(({ name, answer }) => (answer === 404 ? [name] : [])),
            ...(unreadable && { unknown: `You are not allowed to read namespace ${unreadable.name}` }),
        };
    } catch (error) {
        if (!(error instanceof ConnectionError)) {
            throw error;
        }
        return { missing: [], unknown: error.message };
    }
}

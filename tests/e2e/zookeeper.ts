/** ZooKeeper as its own four-letter commands tell of it. */
import assert from "node:assert/strict";
import { inPod, type Kubernetes, pods } from "./cluster.ts";

/** A server's answer to one of its commands. */
export function ask(k: Kubernetes, namespace: string, pod: string, command: string): Promise<string> {
    return inPod(k, namespace, pod, ["sh", "-c", `echo ${command} | nc -w 4 127.0.0.1 2182`]);
}

/** Pod of the ensemble's leader. @throws AssertionError unless there is exactly one */
export async function leaderOf(k: Kubernetes, namespace: string): Promise<string> {
    const states = await Promise.all(
        (await pods(k, namespace, "zookeeper")).map(async ({ metadata }) => {
            const answer = await ask(k, namespace, metadata!.name!, "srvr");
            return [metadata!.name!, /^Mode: (\w+)/m.exec(answer)?.[1]] as const;
        }),
    );
    const leaders = states.filter(([, mode]) => mode === "leader");
    assert.equal(leaders.length, 1, `one leader among ${JSON.stringify(states)}`);
    return leaders[0]![0];
}

/** ZooKeeper as its own four-letter commands tell of it. */
import assert from "node:assert/strict";
import { inPod, type Kubernetes, pods } from "./cluster.ts";

/**
 * The command of a shell for ZooKeeper's own command line, which reads commands from standard input. With the pod's
 * certificate it connects to the port with TLS, without one to that for four-letter words.
 *
 * @param keyStore file of another certificate and its key
 */
export function zookeeperCommandLine(
    certificate: boolean,
    keyStore = "/etc/tls/ensemble/keystore.pem",
): string {
    const stores = [
        `-Dzookeeper.ssl.keyStore.location=${keyStore}`,
        "-Dzookeeper.ssl.trustStore.location=/etc/tls/ensemble/truststore.pem",
    ];
    const secure =
        "-Dzookeeper.client.secure=true -Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty";
    const options = certificate ? `${secure} ${stores.join(" ")}` : "";
    // In a pod of ZooKeeper only its own server can be reached, and the certificate has no name but the server's.
    const server = certificate ? "zookeeper-0.zookeeper-nodes:2181" : "127.0.0.1:2182";
    return `java -Xmx64m ${options} -cp '/opt/kafka/libs/*' org.apache.zookeeper.ZooKeeperMain -waitforconnection -server ${server}`;
}

/** What ZooKeeper's own command line prints on commands, errors too, in a pod of a Project. */
export function zookeeperShell(
    k: Kubernetes,
    namespace: string,
    pod: string,
    certificate: boolean,
    commands: readonly string[],
): Promise<string> {
    const input = commands.map((command) => `'${command}'`).join(" ");
    const script = `printf '%s\\n' ${input} | ${zookeeperCommandLine(certificate)} 2>&1`;
    return inPod(k, namespace, pod, ["sh", "-c", script]);
}

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

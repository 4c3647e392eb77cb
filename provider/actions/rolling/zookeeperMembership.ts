import type { ConnectionError } from "../../../kafka/errors.ts";
import { askServers, type ServerAnswer } from "../../../kafka/fourLetterWords.ts";
import type { KubeCluster } from "../../../kafka/kubernetes/cluster.ts";
import { forwardingDenied, kubernetesDialler } from "../../../kafka/kubernetes/socketFactory.ts";
import type { Membership } from "./decide.ts";

/** Longest that servers which all run may take to elect a leader, in milliseconds. */
const ELECTION = 3 * 60_000;
const LOST_DISKS =
    '. Where the disks of a majority were lost, follow "An ensemble that has lost disks" in docs/troubleshooting.md';

/**
 * Asks every server of an ensemble for its mode.
 *
 * @param size servers of the ensemble
 * @throws ConnectionError when they may not be asked
 */
export async function zookeeperMembership(
    cluster: KubeCluster,
    namespace: string,
    size: number,
): Promise<Membership> {
    let denied: ConnectionError | undefined;
    const dialler = kubernetesDialler(cluster.config, (status) => {
        denied = forwardingDenied(namespace, status);
    });
    const answers = await askServers(cluster, namespace, "srvr", dialler);
    if (denied) {
        throw denied;
    }
    return quorumOf(answers, size);
}

/** What servers are to each other by their modes: one has a mode only while it is in sync with a leader. */
export function quorumOf(all: readonly ServerAnswer[], size: number): Membership {
    // Those beyond have left, and shut down.
    const answers = all.filter(({ server }) => Number(/\d+$/.exec(server)) < size);
    const modes = new Map(
        answers.map(({ server, answer = "" }) => [server, /^Mode: (\w+)$/m.exec(answer)?.[1]]),
    );
    const inSync = [...modes].filter(([, mode]) => mode !== undefined).map(([server]) => server);
    const leader = [...modes].find(([, mode]) => mode === "leader")?.[0];
    const noQuorum = `no quorum, ${inSync.length} of ${size} servers are in sync`;
    // They all run, and none takes another for its leader.
    const undecided =
        answers.length === size &&
        inSync.length === 0 &&
        answers.every(({ answer }) => answer !== undefined && answer !== "");
    return {
        outage: leader !== undefined ? undefined : undecided ? `${noQuorum}${LOST_DISKS}` : noQuorum,
        ...(undecided && { patience: ELECTION }),
        last: leader,
        // All others, not only a majority: in an ensemble of five one of them may still fail meanwhile.
        needed: ({ name }) => {
            const missing = size - 1 - inSync.filter((server) => server !== name).length;
            return missing > 0 ? `${missing} of the others are not in sync` : undefined;
        },
        takesPart: ({ name }) => inSync.includes(name),
    };
}

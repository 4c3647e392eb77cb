import { serverId, ZOOKEEPER } from "../../common/names.ts";
import type { ZookeeperConfig } from "../../config/schema/zookeeper.ts";

/** Variable that is set while servers may begin an ensemble with empty disks. */
const INITIALIZE = "INITIALIZE";

/** Where {@link startScript} finds out whether the server may begin with an empty disk; read at each start. */
export const initializeVariable = {
    name: INITIALIZE,
    valueFrom: {
        configMapKeyRef: {
            name: ZOOKEEPER.initialization.configMap,
            key: ZOOKEEPER.initialization.key,
            // Once the ensemble has begun there is no such ConfigMap any more.
            optional: true,
        },
    },
};

/**
 * The shell script that starts a server.
 *
 * @param command what it ends in: the server itself
 */
export function startScript({ dataDir, dataLogDir }: ZookeeperConfig, command: string): string {
    const state = `${dataDir}/version-2`;
    // ZooKeeper looks for its marker beside its transaction logs, whatever its documentation says, and deletes it.
    const marker = `${dataLogDir}/initialize`;
    return [
        `mkdir -p ${dataDir} ${dataLogDir}`,
        `echo $((ORDINAL + ${serverId(0)})) > ${dataDir}/myid`,
        `if [ -n "$${INITIALIZE}" ] && ! ls ${state}/snapshot.* > /dev/null 2>&1; then`,
        // Left by a start as a server that must not vote, they say that it has seen more than an empty disk has.
        `  rm -f ${state}/currentEpoch ${state}/acceptedEpoch`,
        `  : > ${marker}`,
        "else",
        `  rm -f ${marker}`,
        "fi",
        command,
    ].join("\n");
}

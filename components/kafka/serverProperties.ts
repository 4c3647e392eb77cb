import { KAFKA } from "../../common/names.ts";
import { cores } from "../../common/quantity.ts";
import { replication } from "../../common/replication.ts";
import type { KafkaConfig } from "../../config/schema/kafka.ts";
import { propertiesFile } from "../servers/propertiesFile.ts";
import { storeSettings } from "../tls/stores.ts";
import { ENSEMBLE_TLS } from "../zookeeper/zooCfg.ts";
import { splitSettings } from "./clusterWideSettings.ts";

export const KAFKA_VOLUME = "/var/lib/kafka";
export const KAFKA_DATA = `${KAFKA_VOLUME}/data`;

/** Where a broker finds the certificate that it shows to other brokers and to clients. */
export const CLUSTER_TLS = "/etc/tls/cluster";

const LISTENERS = { BROKERS: KAFKA.ports.brokers, CLIENTS: KAFKA.ports.client } as const;

/** The listeners as a setting wants them, such as `BROKERS:SSL,CLIENTS:SSL`. */
export function listeners(each: (name: string, port: number) => string): string {
    return Object.entries(LISTENERS)
        .map(([name, port]) => each(name, port))
        .join(",");
}

/**
 * server.properties of every broker of a cluster; what differs between brokers comes from their pods at start, and what
 * they take while they run is not in it: a change of it must restart none.
 *
 * @param zookeeperConnect host:port list of the ensemble
 * @param superUsers principals that are allowed everything
 */
export function serverProperties(
    kafka: KafkaConfig,
    zookeeperConnect: string,
    superUsers: readonly string[],
): string {
    const { factor, minInsync } = replication(kafka);
    return propertiesFile({
        // One thread for each core that may be used: after a crash the log is read through before anything else.
        "num.recovery.threads.per.data.dir": Math.max(2, Math.ceil(cores(kafka.cpu))),
        ...splitSettings(kafka.config).atStart,
        "allow.everyone.if.no.acl.found": false,
        "authorizer.class.name": "kafka.security.authorizer.AclAuthorizer",
        "auto.create.topics.enable": false,
        "broker.id.generation.enable": false,
        "controlled.shutdown.enable": true,
        "default.replication.factor": factor,
        "inter.broker.protocol.version": kafka.interBrokerProtocol,
        "inter.broker.listener.name": "BROKERS",
        "listener.security.protocol.map": listeners((name) => `${name}:SSL`),
        listeners: listeners((name, port) => `${name}://:${port}`),
        "log.dirs": KAFKA_DATA,
        "min.insync.replicas": minInsync,
        "offsets.topic.replication.factor": factor,
        "ssl.client.auth": "required",
        ...storeSettings("ssl", CLUSTER_TLS),
        // The common name alone is the principal; without the rule an ACL would have to be written as `CN=x`.
        "ssl.principal.mapping.rules": "RULE:^CN=([a-z0-9.-]+)$/$1/",
        "super.users": superUsers.map((user) => `User:${user}`).join(";"),
        "transaction.state.log.min.isr": minInsync,
        "transaction.state.log.replication.factor": factor,
        "unclean.leader.election.enable": false,
        "zookeeper.connect": zookeeperConnect,
        "zookeeper.connection.timeout.ms": kafka.zookeeperConnectionTimeout,
        "zookeeper.clientCnxnSocket": "org.apache.zookeeper.ClientCnxnSocketNetty",
        "zookeeper.session.timeout.ms": kafka.zookeeperSessionTimeout,
        // Only the brokers may change their nodes in ZooKeeper.
        "zookeeper.set.acl": true,
        "zookeeper.ssl.client.enable": true,
        ...storeSettings("zookeeper.ssl", ENSEMBLE_TLS),
    });
}

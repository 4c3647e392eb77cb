import { type KafkaConfig, replication } from "../config/kafka.ts";
import { KAFKA } from "../config/names.ts";
import { cores } from "../config/quantity.ts";
import { propertiesFile } from "./zooCfg.ts";

export const KAFKA_VOLUME = "/var/lib/kafka";
export const KAFKA_DATA = `${KAFKA_VOLUME}/data`;

/**
 * server.properties of every broker of a cluster; what differs between brokers comes from their pods at start.
 *
 * @param zookeeperConnect host:port list of the ensemble
 */
export function serverProperties(kafka: KafkaConfig, zookeeperConnect: string): string {
    const { factor, minInsync } = replication(kafka);
    return propertiesFile({
        // One thread for each core that may be used: after a crash the log is read through before anything else.
        "num.recovery.threads.per.data.dir": Math.max(2, Math.ceil(cores(kafka.cpu))),
        ...kafka.config,
        "auto.create.topics.enable": false,
        "broker.id.generation.enable": false,
        "controlled.shutdown.enable": true,
        "default.replication.factor": factor,
        "inter.broker.protocol.version": kafka.interBrokerProtocol,
        listeners: `PLAINTEXT://:${KAFKA.ports.client}`,
        "log.dirs": KAFKA_DATA,
        "min.insync.replicas": minInsync,
        "offsets.topic.replication.factor": factor,
        "transaction.state.log.min.isr": minInsync,
        "transaction.state.log.replication.factor": factor,
        "unclean.leader.election.enable": false,
        "zookeeper.connect": zookeeperConnect,
        "zookeeper.connection.timeout.ms": kafka.zookeeperConnectionTimeout,
        "zookeeper.session.timeout.ms": kafka.zookeeperSessionTimeout,
    });
}

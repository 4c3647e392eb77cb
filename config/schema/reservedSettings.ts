/**
 * Broker settings that this program owns. Overriding one would break a broker's identity, its place in the
 * cluster, or a promise made to the Projects. Everything else can be tuned freely.
 */
const OWNED: readonly [prefix: string, instead: string][] = [
    ["advertised.", "it follows from the pod's name"],
    ["allow.everyone.if.no.acl.found", "access is this program's business"],
    ["auto.create.topics.enable", "topics are created on purpose only"],
    ["authorizer.", "access is this program's business"],
    ["broker.id", "it is the pod's ordinal"],
    ["broker.rack", "it is the zone of the pod's node"],
    ["control.plane.listener.name", "listeners are this program's business"],
    ["controlled.shutdown.enable", "without it each roll would interrupt the clients"],
    ["controller.", "this is a cluster with ZooKeeper"],
    ["default.replication.factor", "set kafka.replicationFactor instead"],
    ["early.start.listeners", "listeners are this program's business"],
    ["inter.broker.listener.name", "listeners are this program's business"],
    ["inter.broker.protocol.version", "set kafka.interBrokerProtocol instead"],
    ["listener", "listeners are this program's business"],
    ["log.dir", "data lies on the claim"],
    ["min.insync.replicas", "set kafka.minInsyncReplicas instead"],
    ["node.id", "it is the pod's ordinal"],
    ["offsets.topic.replication.factor", "it follows from kafka.replicationFactor"],
    ["process.roles", "this is a cluster with ZooKeeper"],
    ["reserved.broker.max.id", "broker ids are the pods' ordinals"],
    ["sasl.", "identities are this program's business"],
    ["security.", "encryption is this program's business"],
    ["ssl.", "encryption is this program's business"],
    ["super.users", "access is this program's business"],
    ["transaction.state.log.min.isr", "it follows from kafka.minInsyncReplicas"],
    ["transaction.state.log.replication.factor", "it follows from kafka.replicationFactor"],
    ["unclean.leader.election.enable", "it would lose acknowledged messages"],
    [
        "zookeeper.",
        "the ensemble is this program's business; set kafka.zookeeperSessionTimeout for the session",
    ],
];

/** Why config may not set this broker setting, or undefined where it may. */
export function reserved(setting: string): string | undefined {
    return OWNED.find(([prefix]) => setting.startsWith(prefix))?.[1];
}

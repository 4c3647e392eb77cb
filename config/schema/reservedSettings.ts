/**
 * Broker settings that this program sets. Overriding one would break a broker's identity, its membership in the
 * cluster, or the durability of messages. Everything else can be tuned freely.
 */
const RESERVED: readonly [prefix: string, reason: string][] = [
    ["advertised.", "it follows from the pod's name"],
    ["allow.everyone.if.no.acl.found", "ACLs are managed by this program"],
    ["auto.create.topics.enable", "topics are created by config only"],
    ["authorizer.", "ACLs are managed by this program"],
    ["broker.id", "it is the pod's ordinal"],
    ["broker.rack", "it is the zone of the pod's node"],
    ["control.plane.listener.name", "listeners are managed by this program"],
    ["controlled.shutdown.enable", "without it each restart would interrupt clients"],
    ["controller.", "this is a cluster with ZooKeeper"],
    ["default.replication.factor", "set kafka.replicationFactor instead"],
    ["early.start.listeners", "listeners are managed by this program"],
    ["inter.broker.listener.name", "listeners are managed by this program"],
    ["inter.broker.protocol.version", "set kafka.interBrokerProtocol instead"],
    ["listener", "listeners are managed by this program"],
    ["log.dir", "data is on the PVC"],
    ["min.insync.replicas", "set kafka.minInsyncReplicas instead"],
    ["node.id", "it is the pod's ordinal"],
    ["offsets.topic.replication.factor", "it follows from kafka.replicationFactor"],
    ["process.roles", "this is a cluster with ZooKeeper"],
    ["reserved.broker.max.id", "broker ids are the pods' ordinals"],
    ["sasl.", "authentication is managed by this program"],
    ["security.", "TLS is managed by this program"],
    ["ssl.", "TLS is managed by this program"],
    ["super.users", "ACLs are managed by this program"],
    ["transaction.state.log.min.isr", "it follows from kafka.minInsyncReplicas"],
    ["transaction.state.log.replication.factor", "it follows from kafka.replicationFactor"],
    ["unclean.leader.election.enable", "it would lose acknowledged messages"],
    [
        "zookeeper.",
        "the ensemble is managed by this program; set kafka.zookeeperSessionTimeout for the session",
    ],
];

/** Why config may not set this broker setting, or undefined where it may. */
export function reserved(setting: string): string | undefined {
    return RESERVED.find(([prefix]) => setting.startsWith(prefix))?.[1];
}

/** Settings that config may not set. */

const WHILE_MOVING = "it is set while partitions move; set kafka.reassignment.throttle instead";
const NO_REMOTE_STORAGE = "topics have no remote storage";
const ACLS = "ACLs are managed by this program";

/**
 * Broker settings that this program sets. Overriding one would break a broker's identity, its membership in the
 * cluster, or the durability of messages. Everything else can be tuned freely.
 */
const BROKER: readonly [prefix: string, reason: string][] = [
    ["advertised.", "it follows from the pod's name"],
    ["allow.everyone.if.no.acl.found", ACLS],
    ["auto.create.topics.enable", "topics are created by config only"],
    ["authorizer.", ACLS],
    ["broker.id", "it is the pod's ordinal"],
    ["broker.rack", "it is the zone of the pod's node"],
    ["client.quota.callback.class", "quotas are managed by this program"],
    ["control.plane.listener.name", "listeners are managed by this program"],
    ["controlled.shutdown.enable", "without it each restart would interrupt clients"],
    ["controller.listener.names", "this is a cluster with ZooKeeper"],
    ["controller.performance.", "this is a cluster with ZooKeeper"],
    ["controller.quorum.", "this is a cluster with ZooKeeper"],
    ["default.replication.factor", "set kafka.replicationFactor instead"],
    ["delete.topic.enable", "topics that config no longer has are deleted, and temporary ones"],
    ["early.start.listeners", "listeners are managed by this program"],
    ["follower.replication.throttled.", WHILE_MOVING],
    ["inter.broker.listener.name", "listeners are managed by this program"],
    ["inter.broker.protocol.version", "set kafka.interBrokerProtocol instead"],
    ["leader.replication.throttled.", WHILE_MOVING],
    ["listener", "listeners are managed by this program"],
    ["log.cleaner.enable", "without it compacted topics, as that of the committed offsets, grow for ever"],
    ["log.dir", "data is on the PVC"],
    ["log.message.format.version", "brokers ignore it since Kafka 3.0"],
    ["min.insync.replicas", "set kafka.minInsyncReplicas instead"],
    ["node.id", "it is the pod's ordinal"],
    ["offsets.commit.required.acks", "committed offsets are on all in-sync replicas"],
    ["offsets.topic.replication.factor", "it follows from kafka.replicationFactor"],
    ["principal.builder.class", ACLS],
    ["process.roles", "this is a cluster with ZooKeeper"],
    ["quota.consumer.default", "Kafka 3.0 removed it; set the quotas of components instead"],
    ["quota.producer.default", "Kafka 3.0 removed it; set the quotas of components instead"],
    ["remote.", NO_REMOTE_STORAGE],
    ["replica.alter.log.dirs.io.max.bytes.per.second", WHILE_MOVING],
    ["reserved.broker.max.id", "broker ids are the pods' ordinals"],
    ["sasl.", "authentication is managed by this program"],
    ["security.", "TLS is managed by this program"],
    ["ssl.", "TLS is managed by this program"],
    ["super.users", ACLS],
    ["transaction.state.log.min.isr", "it follows from kafka.minInsyncReplicas"],
    ["transaction.state.log.replication.factor", "it follows from kafka.replicationFactor"],
    ["unclean.leader.election.enable", "it would lose acknowledged messages"],
    [
        "zookeeper.",
        "the ensemble is managed by this program; set kafka.zookeeperSessionTimeout for the session",
    ],
];

/** Topic settings that have a key of their own, or must not be set. */
const TOPIC: Readonly<Record<string, string>> = {
    "cleanup.policy": "set cleanupPolicy instead",
    "follower.replication.throttled.replicas": WHILE_MOVING,
    "leader.replication.throttled.replicas": WHILE_MOVING,
    "local.retention.bytes": NO_REMOTE_STORAGE,
    "local.retention.ms": NO_REMOTE_STORAGE,
    "message.format.version": "brokers ignore it since Kafka 3.0",
    "message.timestamp.difference.max.ms":
        "set message.timestamp.before.max.ms and message.timestamp.after.max.ms instead",
    "min.insync.replicas": "it follows from replicationFactor",
    "remote.log.copy.disable": NO_REMOTE_STORAGE,
    "remote.log.delete.on.disable": NO_REMOTE_STORAGE,
    "remote.storage.enable": NO_REMOTE_STORAGE,
    "retention.ms": "set retention instead",
    "unclean.leader.election.enable": "it would lose acknowledged messages",
};

/** Why config may not set this broker setting, or undefined where it may. */
export function reservedBrokerSetting(setting: string): string | undefined {
    return BROKER.find(([prefix]) => setting.startsWith(prefix))?.[1];
}

/** Why config may not set this topic setting, or undefined where it may. */
export function reservedTopicSetting(setting: string): string | undefined {
    return Object.hasOwn(TOPIC, setting) ? TOPIC[setting] : undefined;
}

/** The properties file of MirrorMaker 2, and its ACLs in the Project's Kafka. */

import type { Topic } from "../../common/kafkaTypes.ts";
import { BRIDGE } from "../../common/names.ts";
import { replication } from "../../common/replication.ts";
import type { BridgeConfig, BridgeTopic } from "../../config/schema/bridge.ts";
import type { KafkaConfig } from "../../config/schema/kafka.ts";
import type { AclRule, Operation } from "../../kafka/admin/acls.ts";
import { CLIENT_FOLDER } from "../../kafka/client/clientFiles.ts";
import { type BridgeTasks, bridgeTasks } from "../../planning/bridge.ts";
import { propertiesFile, type Settings } from "../servers/propertiesFile.ts";
import { IKP_FOLDER, type IkpCredentials } from "./ikpCredentials.ts";

/** IKP's name in MirrorMaker's metrics. */
const IKP = "ikp";
/** Suffix of the target cluster's name in the flow of renamed topics. */
const RENAMED = "-renamed";

/** Name of the Project's cluster in MirrorMaker's metrics and, for IKP to tell its clients apart, in client ids. */
const ownAlias = (namespace: string): string => `unity-${namespace}`;

/** Environment variable with a replica's own address. */
export const POD_ADDRESS = "POD_IP";

/** More replicas than any cluster has brokers: what MirrorMaker would create with so many is never created. */
const NEVER = 32_767;

/** Beginning of the names of all topics and groups that the bridge keeps for itself; but for one. */
export const INTERNAL = "mm2-";
const CHECKPOINTS = `${IKP}.checkpoints.internal`;

/** Partitions of a topic of source offsets. */
export const OFFSETS_PARTITIONS = 5;

/** Records that a task takes from its consumer at a time: all of them are in memory. */
const POLLED_RECORDS = 100;

/** Topics that go from one cluster to the other, either under their own names or under new ones. */
export interface Flow {
    /** What its group and its internal topics are called. */
    readonly name: string;
    readonly source: string;
    readonly target: string;
    readonly inbound: boolean;
    readonly renamed: boolean;
    readonly topics: readonly BridgeTopic[];
}

/** The flows that are needed. Those of renamed topics are their own: a group's committed offsets cannot go along with them. */
export function flowsOf({ inbound, outbound }: BridgeConfig, namespace: string): Flow[] {
    const own = ownAlias(namespace);
    return [
        { name: "inbound", source: IKP, target: own, inbound: true, all: inbound },
        { name: "outbound", source: own, target: IKP, inbound: false, all: outbound },
    ].flatMap(({ all, ...flow }): Flow[] =>
        [
            { ...flow, renamed: false, topics: all.filter(({ from, to }) => from === to) },
            {
                ...flow,
                name: flow.name + RENAMED,
                target: flow.target + RENAMED,
                renamed: true,
                topics: all.filter(({ from, to }) => from !== to),
            },
        ].filter(({ topics }) => topics.length > 0),
    );
}

/** Topic in the Project's Kafka with the offsets up to which a flow has read its source. */
export const offsetsTopic = ({ name }: Flow): string => `${INTERNAL}${name}-offsets`;

interface PropertiesArgs {
    readonly bridge: BridgeConfig;
    readonly kafka: Pick<KafkaConfig, "brokers" | "replicationFactor" | "minInsyncReplicas">;
    readonly namespace: string;
    /** The Project's topics. */
    readonly topics: readonly Pick<Topic, "name" | "partitions">[];
    /** host:port of the Project's brokers. */
    readonly bootstrap: string;
    /** Settings that refer to the files in {@link IKP_FOLDER}. */
    readonly ikp: Pick<IkpCredentials, "settings">;
}

/**
 * mm2.properties.
 *
 * MirrorMaker keeps everything of its own in the Project's Kafka, for both directions: the unprefixed settings, by
 * which its workers connect, lead there, and only the clients that handle records (`ikp.admin`, `ikp.consumer`,
 * `ikp.producer`) to IKP. So it starts while IKP is unreachable, needs no permission to create anything there, and
 * leaves nothing there but the records of the topics that are listed and, where config names groups, their committed
 * offsets.
 */
export function mirrorMakerProperties(args: PropertiesArgs): string {
    const { bridge, kafka, namespace, bootstrap, ikp } = args;
    const { factor } = replication(kafka);
    const flows = flowsOf(bridge, namespace);
    const tasks = bridgeTasks(
        bridge,
        flows.map((flow) => partitionsOf(flow, args.topics)),
    );
    return propertiesFile({
        clusters: [...new Set(flows.flatMap(({ source, target }) => [source, target]))].sort().join(","),
        ...ownClient(bootstrap),
        "config.providers": "directory,env",
        "config.providers.directory.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
        "config.providers.directory.param.allowed.paths": `${CLIENT_FOLDER},${IKP_FOLDER}`,
        "config.providers.env.class": "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
        "config.providers.env.param.allowlist.pattern": POD_ADDRESS,
        "replication.policy.class": "org.apache.kafka.connect.mirror.IdentityReplicationPolicy",
        "emit.heartbeats.enabled": false,
        "heartbeats.topic.replication.factor": NEVER,
        "replication.factor": NEVER,
        "sync.topic.acls.enabled": false,
        "sync.topic.configs.enabled": false,
        // A topic that is created later, or gets more partitions, is found.
        "refresh.topics.interval.seconds": 60,
        "refresh.groups.interval.seconds": 30,
        "emit.checkpoints.interval.seconds": 10,
        "sync.group.offsets.interval.seconds": 10,
        // The list of what may cross is exact, so nothing needs to be left out of it.
        "topics.exclude": "",
        "groups.exclude": "",
        "config.storage.replication.factor": factor,
        "offset.storage.replication.factor": factor,
        "offset.storage.partitions": OFFSETS_PARTITIONS,
        "status.storage.replication.factor": factor,
        "status.storage.partitions": 1,
        ...(bridge.replicas > 1 && {
            "dedicated.mode.enable.internal.rest": true,
            listeners: `http://\${env:${POD_ADDRESS}}:${BRIDGE.ports.peers}`,
        }),
        ...Object.assign(
            {},
            ...flows.flatMap((flow, i) => [
                flowSettings(flow, bridge, factor, ikp),
                taskSettings(flow, tasks.most[i]!, tasks),
            ]),
        ),
    });
}

/** MirrorMaker reads the certificate itself, so that its key is in no file but the Secret's. */
function ownClient(bootstrap: string): Settings {
    const file = (name: string) => `\${directory:${CLIENT_FOLDER}:${name}}`;
    return {
        "bootstrap.servers": bootstrap,
        "security.protocol": "SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.certificate.chain": file("tls.crt"),
        "ssl.keystore.key": file("tls.key"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": `${CLIENT_FOLDER}/ca.crt`,
    };
}

function flowSettings(
    flow: Flow,
    bridge: BridgeConfig,
    factor: number,
    ikp: PropertiesArgs["ikp"],
): Settings {
    const { name, source, target, inbound } = flow;
    const internal = `${INTERNAL}${name}`;
    const settings: Settings = {
        [`${source}->${target}.enabled`]: true,
        [`${target}.group.id`]: internal,
        [`${target}.config.storage.topic`]: `${internal}-configs`,
        [`${target}.offset.storage.topic`]: offsetsTopic(flow),
        [`${target}.status.storage.topic`]: `${internal}-status`,
        // How much crosses again after a crash.
        [`${target}.offset.flush.interval.ms`]: 10_000,
        // A pod that goes leaves its part to the others at once rather than after five minutes.
        [`${target}.scheduled.rebalance.max.delay.ms`]: 20_000,
        // What was never committed does not cross.
        [`${source}.consumer.isolation.level`]: "read_committed",
        [`${target}.producer.acks`]: "all",
        [`${target}.producer.enable.idempotence`]: true,
        [`${target}.producer.max.in.flight.requests.per.connection`]: 5,
        [`${target}.producer.compression.type`]: "lz4",
    };
    for (const alias of [source, target].filter((cluster) => cluster.startsWith(IKP))) {
        for (const client of ["admin", "consumer", "producer"]) {
            for (const [key, value] of Object.entries(ikp.settings)) {
                settings[`${alias}.${client}.${key}`] = value;
            }
        }
    }
    const withGroups = !flow.renamed && bridge.groups.length > 0;
    const own = {
        topics: flow.topics.map(({ from }) => exactly(from)).join(","),
        "emit.checkpoints.enabled": withGroups,
        "emit.offset-syncs.enabled": withGroups,
        "sync.group.offsets.enabled": withGroups,
        ...(withGroups && {
            groups: bridge.groups.map(exactly).join(","),
            "checkpoints.topic.replication.factor": inbound ? factor : NEVER,
            "offset-syncs.topic.replication.factor": factor,
            "offset-syncs.topic.location": inbound ? "target" : "source",
        }),
        ...(flow.renamed ? renaming(flow) : only(flow, withGroups)),
    };
    for (const [key, value] of Object.entries(own)) {
        settings[`${source}->${target}.${key}`] = value;
    }
    return settings;
}

/** Partitions of the Project's topics of a flow: IKP's have as many, or fewer where it is the source. */
function partitionsOf({ topics: carried, inbound }: Flow, topics: PropertiesArgs["topics"]): number {
    const own = carried.map(({ from, to }) => (inbound ? to : from));
    return topics.reduce((sum, { name, partitions }) => sum + (own.includes(name) ? partitions : 0), 0);
}

/**
 * A task for each partition: one that fails, as at a record that is too large, or waits, as for a partition that its
 * target lacks, stops all partitions of its task.
 */
function taskSettings({ source, target }: Flow, most: number, { buffer, fetch }: BridgeTasks): Settings {
    return {
        [`${source}->${target}.tasks.max`]: most,
        [`${source}.consumer.max.partition.fetch.bytes`]: fetch,
        [`${source}.consumer.max.poll.records`]: POLLED_RECORDS,
        [`${target}.producer.buffer.memory`]: buffer,
        // Whether the target takes it is the target's business.
        [`${target}.producer.max.request.size`]: buffer,
    };
}

/** A name as the regular expression that fits nothing else; a dot is the only special character in it. */
function exactly(name: string): string {
    return name.replaceAll(".", "[.]");
}

/**
 * Lets no record through but those of the topics that are listed: MirrorMaker reads every topic called `heartbeats`
 * besides. Of its checkpoints it lets those through that stay in the Project.
 */
function only({ topics, inbound }: Flow, withGroups: boolean): Settings {
    const names = topics.map(({ from }) => from);
    if (inbound && withGroups) {
        names.push(CHECKPOINTS);
    }
    return { transforms: "listed", ...keepOnly("listed", names.map(exactly).join("|")) };
}

/**
 * Gives each topic its new name. One that has got it carries a slash, which no name has, so that the next step does
 * not rename it again; without it no record passes.
 */
function renaming({ topics }: Flow): Settings {
    const router = (step: string, regex: string, replacement: string): Settings => ({
        [`transforms.${step}.type`]: "org.apache.kafka.connect.transforms.RegexRouter",
        [`transforms.${step}.regex`]: regex,
        [`transforms.${step}.replacement`]: replacement,
    });
    const steps = topics.map(({ from, to }, i) => [`to${i}`, exactly(from), `${to}/`] as const);
    return {
        transforms: [...steps.map(([step]) => step), "listed", "done"].join(","),
        ...Object.assign({}, ...steps.map((step) => router(...step))),
        ...keepOnly("listed", ".*/"),
        ...router("done", "(.*)/", "$1"),
    };
}

function keepOnly(step: string, pattern: string): Settings {
    return {
        [`transforms.${step}.type`]: "org.apache.kafka.connect.transforms.Filter",
        [`transforms.${step}.predicate`]: step,
        [`transforms.${step}.negate`]: true,
        predicates: step,
        [`predicates.${step}.type`]: "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
        [`predicates.${step}.pattern`]: pattern,
    };
}

/** ACLs of the bridge in the Project's Kafka: no more than it needs. */
export function bridgeAcls({ inbound, outbound, groups }: BridgeConfig): AclRule[] {
    const keep: Operation[] = ["create", "describe", "describeConfigs", "read", "write"];
    const topic = (name: string, operations: Operation[]): AclRule => ({
        resource: "topic",
        name,
        pattern: "literal",
        operations,
    });
    // Before MirrorMaker looks for new partitions it asks for the settings of a topic of the same name that does not exist.
    const grants: AclRule[] = [
        { resource: "topic", name: INTERNAL, pattern: "prefixed", operations: keep },
        { resource: "group", name: INTERNAL, pattern: "prefixed", operations: ["describe", "read"] },
        ...inbound.map(({ to }) => topic(to, ["describe", "write"])),
        ...outbound.map(({ from }) => topic(from, ["describe", "describeConfigs", "read"])),
    ];
    if (groups.length === 0) {
        return grants;
    }
    // To commit a group's offsets in a topic takes the permission to read the topic.
    return [
        ...grants,
        topic(CHECKPOINTS, keep),
        ...inbound.filter(({ from, to }) => from === to).map(({ to }) => topic(to, ["read"])),
        ...groups.map(
            (name): AclRule => ({
                resource: "group",
                name,
                pattern: "literal",
                operations: ["describe", "read"],
            }),
        ),
    ];
}

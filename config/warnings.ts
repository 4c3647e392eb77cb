/** What works and is not recommended. */
import { googleLabels } from "../common/google/labels.ts";
import { brokerSettings, KAFKA_LINE } from "../common/kafkaSettings.ts";
import { clientNamespaceOf } from "../common/names.ts";
import { bytes } from "../common/quantity.ts";
import { replication } from "../common/replication.ts";
import { bridgeTasks, heapForPartitions } from "../planning/bridge.ts";
import { capacityWarnings } from "../planning/capacity.ts";
import { allPools } from "../planning/model.ts";
import { diskForRequirements } from "../planning/sizing.ts";
import { unusableClasses } from "./googleDisks.ts";
import { parseImage } from "./image.ts";
import type { Environment, ProjectConfig } from "./schema/environment.ts";
import { DNS_NAME } from "./schema/fields.ts";

const MI = 2 ** 20;
const GI = 2 ** 30;

/** Settings that work but are not recommended, in the order of the stack file: `path: message` each. */
export function warningsOf(environment: Environment): string[] {
    return [
        ...imageWarnings(environment),
        ...environment.allowDestroy.flatMap((entry) =>
            allowDestroyWarnings(entry, environment).map((message) => `allowDestroy: ${entry} ${message}`),
        ),
        ...(environment.zones.length === 2
            ? ["zones: with two zones, the loss of one can lose the majority of an ensemble; add a third"]
            : []),
        ...environment.projects.flatMap((project, i) => [
            ...zookeeperWarnings(project, environment, `projects[${i}].zookeeper`),
            ...kafkaWarnings(project, `projects[${i}].kafka`),
            ...bridgeWarnings(project, `projects[${i}].bridge`),
            ...componentWarnings(project, `projects[${i}].components`),
        ]),
        ...loginWarnings(environment),
        ...labelWarnings(environment),
        ...unusableClasses(environment),
        ...capacityWarnings(environment),
    ];
}

/** An environment that asks for several zones is meant for production. */
const isProduction = ({ minimumZones }: Environment) => minimumZones > 1;

function imageWarnings(environment: Environment): string[] {
    const reference = parseImage(environment.image);
    return isProduction(environment) && typeof reference === "object" && reference.digest === undefined
        ? [
              `image: ${environment.image} has no digest, so servers may start with another image under the same tag; pin it by: unity image pin --stack STACK`,
          ]
        : [];
}

/** Labels that Google's resources do not get. */
function labelWarnings({ gke, labels }: Environment): string[] {
    const accepted = googleLabels(labels) ?? {};
    return Object.keys(gke ? labels : {})
        .filter((key) => !(key in accepted))
        .map(
            (key) =>
                `labels.${key}: cluster, node pools and disks do not get it, as Google's labels have lower-case letters, digits, dashes and underscores only`,
        );
}

/** What is wrong with an entry as far as config can know it: what has left config is not in it. */
function allowDestroyWarnings(entry: string, { projects, gke }: Environment): string[] {
    const [kind = "", ...parts] = entry.split("/");
    const isStillThere = (what: string, loses: string) => [
        `is still among ${what}, and a change may delete its ${loses} now`,
    ];
    if (parts.length === 0 && DNS_NAME.test(kind)) {
        return projects.some(({ name }) => name === kind) ? isStillThere("projects", "data") : [];
    }
    if (kind === "gke" && parts.length === 1 && DNS_NAME.test(parts[0]!)) {
        return gke && allPools(gke).some(({ name }) => name === parts[0])
            ? isStillThere("node pools", "nodes")
            : [];
    }
    if (kind === "namespace" && parts.length === 1 && DNS_NAME.test(parts[0]!)) {
        return projects.some(usesCreated(parts[0]!))
            ? isStillThere("namespaces of components", "applications")
            : [];
    }
    if (kind === "topic" && parts.length === 2) {
        const project = projects.find(({ name }) => name === parts[0]);
        if (project === undefined) {
            return [`names no topic, as ${parts[0]} is not among projects; list the Project itself`];
        }
        return project.topics.some(({ name }) => name === parts[1]) ? isStillThere("topics", "messages") : [];
    }
    return ["names nothing; it must be a Project, gke/POOL, namespace/NAMESPACE or topic/PROJECT/TOPIC"];
}

/** Whether this is the namespace that is created for the components of a Project, and one of them uses it. */
const usesCreated =
    (namespace: string) =>
    ({ namespace: servers, components }: ProjectConfig) =>
        clientNamespaceOf(servers) === namespace &&
        components.some(({ namespaces }) => namespaces.includes(namespace));

/** Components in the namespace of the servers, where they were in older versions of this program. */
function componentWarnings({ namespace, components }: ProjectConfig, path: string): string[] {
    return components.flatMap(({ namespaces }, i) =>
        namespaces.includes(namespace)
            ? [
                  `${path}[${i}].namespace: ${namespace} is the namespace of the servers, and who may create pods there reads every Secret in it, the operator's too; move the pods of the component to another`,
              ]
            : [],
    );
}

function bridgeWarnings({ bridge, topics }: ProjectConfig, path: string): string[] {
    if (bridge === undefined) {
        return [];
    }
    const own = [...bridge.inbound.map(({ to }) => to), ...bridge.outbound.map(({ from }) => from)];
    const carried = topics.filter(({ name }) => own.includes(name));
    const partitions = carried.reduce((sum, topic) => sum + topic.partitions, 0);
    const { most, buffer } = bridgeTasks(bridge, [partitions]);
    const needed = `${Math.ceil(heapForPartitions(partitions) / MI)}Mi`;
    const tooLarge = carried.filter(({ config }) => Number(config["max.message.bytes"] ?? 0) > buffer);
    return [
        ...(bridge.tasks === undefined && most[0]! < partitions
            ? [
                  `${path}.heap: ${bridge.heap} allows ${most[0]} tasks for ${partitions} partitions, so one that stops may stop others; raise it to ${needed}`,
              ]
            : []),
        ...tooLarge.map(
            ({ name, config }) =>
                `${path}.heap: ${bridge.heap} allows records of ${buffer} bytes, and max.message.bytes of ${name} is ${config["max.message.bytes"]}; raise it`,
        ),
    ];
}

/** A login that several bridges have is in the namespace of each, and cannot be taken from one of them. */
function loginWarnings({ ikp, projects }: Environment): string[] {
    const bridges = projects.flatMap(({ bridge }, i) => (bridge ? [{ i, login: bridge.ikp }] : []));
    const shared = (["sasl", "tls"] as const).find((name) => ikp?.[name] !== undefined);
    const warnings = bridges.flatMap(({ i, login }) => {
        const path = `projects[${i}].bridge.ikp`;
        if (login === undefined) {
            return [
                `${path}: is missing, so the bridge uses ikp.${shared}, which all Projects share; give it a login of its own (docs/upgrade.md)`,
            ];
        }
        const user = login.sasl?.username;
        const first = bridges.find((other) => user !== undefined && other.login?.sasl?.username === user)?.i;
        return first === undefined || first === i
            ? []
            : [
                  `${path}.sasl.username: ${user} is the login of projects[${first}] as well; give each its own`,
              ];
    });
    if (shared !== undefined && bridges.every(({ login }) => login !== undefined)) {
        warnings.push(`ikp.${shared}: no bridge uses it; remove it, and have IKP's operators withdraw it`);
    }
    return warnings;
}

/** Memory that the ZooKeeper guide asks for in production, bytes. */
function zookeeperMemory(heap: string): number {
    return Math.ceil(Math.max(bytes("2Gi"), 1.5 * bytes(heap)) / MI) * MI;
}

function zookeeperWarnings(
    { zookeeper, kafka }: ProjectConfig,
    environment: Environment,
    path: string,
): string[] {
    const warnings: string[] = [];
    const wanted = zookeeperMemory(zookeeper.heap);
    if (isProduction(environment) && bytes(zookeeper.memory) < wanted) {
        warnings.push(
            `${path}.memory: ${zookeeper.memory} is less than the ${wanted / MI}Mi that ZooKeeper should have in production (2Gi, or 1.5 x heap if that is more)`,
        );
    }
    const { tickTime, minSessionTimeout, maxSessionTimeout } = zookeeper;
    const [min, max] = [minSessionTimeout ?? 2 * tickTime, maxSessionTimeout ?? 20 * tickTime];
    const session = kafka.zookeeperSessionTimeout;
    if (session < min || session > max) {
        const name = session < min ? "minSessionTimeout" : "maxSessionTimeout";
        warnings.push(
            `${path}.${name}: brokers get sessions of ${session < min ? min : max} ms, not the ${session} of kafka.zookeeperSessionTimeout`,
        );
    }
    return warnings;
}

function kafkaWarnings({ kafka, requirements }: ProjectConfig, path: string): string[] {
    const warnings: string[] = [];
    const { factor, minInsync } = replication(kafka);
    if (factor < 3) {
        warnings.push(
            `${path}: ${kafka.brokers} brokers, replication factor ${factor}: ${
                factor === 1
                    ? "the loss of one disk loses messages"
                    : "writes stop, or are on one disk only, while a broker is down"
            }`,
        );
    } else if (minInsync < 2) {
        warnings.push(
            `${path}.minInsyncReplicas: at ${minInsync} an acknowledged message may be on one disk only`,
        );
    }
    if (bytes(kafka.memory) - bytes(kafka.heap) < bytes(kafka.memory) / 2) {
        warnings.push(
            `${path}.heap: ${kafka.heap} of ${kafka.memory} leaves less than half of the memory to the page cache`,
        );
    }
    if (requirements !== undefined) {
        const needed = diskForRequirements(requirements, kafka.brokers, factor);
        if (bytes(kafka.disk.size) < needed) {
            warnings.push(
                `${path}.disk.size: ${kafka.disk.size} is less than the ${needed / GI}Gi that ${requirements.retention} of ${requirements.throughput.in} need on each of ${kafka.brokers} brokers`,
            );
        }
    }
    for (const name of Object.keys(kafka.config)) {
        if (brokerSettings.get(name)?.deprecated) {
            warnings.push(`${path}.config.${name}: is deprecated in Kafka ${KAFKA_LINE}`);
        }
    }
    return warnings;
}

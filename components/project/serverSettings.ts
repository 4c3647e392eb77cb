/** Changes of servers that cannot be made one server at a time, by the inputs of their StatefulSet. */
import { FILES_ANNOTATION, PROJECT_LABEL } from "../../common/names.ts";

/** The inputs of a StatefulSet that say how its servers are started. */
export interface StatefulSetInputs {
    readonly metadata?: { readonly name?: string; readonly labels?: Record<string, string> };
    readonly spec?: {
        readonly replicas?: number;
        readonly template?: {
            readonly metadata?: { readonly annotations?: Record<string, string> };
            readonly spec?: { readonly containers?: readonly { readonly image?: string }[] };
        };
    };
}

type Settings = Readonly<Record<string, string>>;

/** What stays as it is in an ensemble that exists: names in config, and where zoo.cfg has the values. */
const FIXED: readonly [name: string, value: (zooCfg: Settings) => string | undefined][] = [
    ["dataDir", ({ dataDir }) => dataDir],
    ["dataLogDir", ({ dataLogDir }) => dataLogDir],
    ["ports.client", ({ secureClientPort }) => secureClientPort],
    ["ports.server", (zooCfg) => zooCfg["server.1"]?.split(":")[1]],
    ["ports.election", (zooCfg) => zooCfg["server.1"]?.split(":")[2]],
];

/** What cannot change while servers restart one by one, with what to set instead; undefined for nothing. */
export function incompatibleChange(before: StatefulSetInputs, after: StatefulSetInputs): string | undefined {
    const project = before.metadata?.labels?.[PROJECT_LABEL];
    return fixedSetting(before, after, project) ?? protocolWithImage(before, after, project);
}

function fixedSetting(before: StatefulSetInputs, after: StatefulSetInputs, project?: string) {
    const [was, is] = [settingsIn(before, "zoo.cfg"), settingsIn(after, "zoo.cfg")];
    // Kafka's StatefulSet has no such file.
    if (was === undefined || is === undefined) {
        return undefined;
    }
    for (const [name, value] of FIXED) {
        const [old, now] = [value(was), value(is)];
        if (old !== undefined && now !== undefined && old !== now) {
            return name.startsWith("ports.")
                ? `zookeeper.${name} of Project ${project} is ${old} and cannot become ${now}: servers that have restarted, and those that have not and brokers, would not find each other. Set it to ${old}.`
                : `zookeeper.${name} of Project ${project} is ${old}, where its data is, and cannot become ${now}. Set it to ${old}.`;
        }
    }
    return undefined;
}

/** Brokers speak a newer protocol only when all of them run an image that knows it. */
function protocolWithImage(before: StatefulSetInputs, after: StatefulSetInputs, project?: string) {
    const [was, is] = [before, after].map(
        (each) => settingsIn(each, "server.properties")?.["inter.broker.protocol.version"],
    );
    const [image, next] = [before, after].map((each) => each.spec?.template?.spec?.containers?.[0]?.image);
    if (was === undefined || is === undefined || image === next || minorOf(is) <= minorOf(was)) {
        return undefined;
    }
    return `kafka.interBrokerProtocol of Project ${project} is ${was} and cannot become ${is} with the image: brokers that have not restarted yet may not know it. Set it to ${was}, run up, and raise it then.`;
}

/** The line of a version of Kafka 3: 9 of `3.9`. */
function minorOf(version: string): number {
    return Number(version.split(".")[1]);
}

/** The settings of a file that a StatefulSet's pods carry; undefined where they have no such file. */
export function settingsIn({ spec }: StatefulSetInputs, file: string): Settings | undefined {
    const text = spec?.template?.metadata?.annotations?.[`${FILES_ANNOTATION}/${file}`];
    const lines = text?.matchAll(/^([^=\n]+)=(.*)$/gm);
    return lines && Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

/** Settings of topics and brokers: DescribeConfigs (32) and IncrementalAlterConfigs (44) of Kafka's protocol. */
import { type Decoder, type ProtocolRequest, refuse } from "./protocol.ts";

/** What has the settings. The broker without a name stands for all brokers: its settings are their common default. */
export interface ConfigResource {
    readonly type: "topic" | "broker";
    /** Name of the topic, or id of the broker. */
    readonly name: string;
}

/** Where a value comes from: the topic itself, one broker or all of them while they run, server.properties, or Kafka. */
export type ConfigSource = "topic" | "dynamicBroker" | "dynamicDefaultBroker" | "staticBroker" | "default";

export interface ConfigValue {
    /** Null for a secret, and where there is none. */
    readonly value: string | null;
    /** Undefined for one that this program does not know. */
    readonly source: ConfigSource | undefined;
}

export interface ConfigEntry extends ConfigValue {
    readonly name: string;
    /** The values of all sources, the one that counts first. */
    readonly synonyms: readonly ConfigValue[];
}

/** What becomes of settings: a value, or undefined for the default. */
export type ConfigChanges = Readonly<Record<string, string | undefined>>;

const RESOURCES = { topic: 2, broker: 4 } as const;
const SET = 0;
const DELETE = 1;
const SOURCES: Readonly<Record<number, ConfigSource>> = {
    1: "topic",
    2: "dynamicBroker",
    3: "dynamicDefaultBroker",
    4: "staticBroker",
    5: "default",
};

/**
 * The settings of a resource. Those of one broker are known to itself only.
 * @param names default: all
 */
export function describeConfigs(
    { type, name }: ConfigResource,
    names?: readonly string[],
): ProtocolRequest<readonly ConfigEntry[]> {
    return {
        name: "DescribeConfigs",
        key: 32,
        version: 1,
        encode: (request) => {
            request.writeInt32(1).writeInt8(RESOURCES[type]).writeString(name);
            return (names === undefined ? request.writeInt32(-1) : request.writeArray(names)).writeBoolean(
                true, // synonyms
            );
        },
        decode: (answer) => {
            answer.readInt32(); // throttle time
            const resources = answer.readArray((resource) => {
                refuse(resource);
                readResource(resource);
                return resource.readArray(readEntry);
            });
            return resources.flat();
        },
    };
}

/** Changes some settings of a resource, all of them or none, and leaves the others as they are. */
export function alterConfigs({ type, name }: ConfigResource, changes: ConfigChanges): ProtocolRequest<void> {
    return {
        name: "IncrementalAlterConfigs",
        key: 44,
        version: 0,
        encode: (request) => {
            request.writeInt32(1).writeInt8(RESOURCES[type]).writeString(name);
            const entries = Object.entries(changes);
            request.writeInt32(entries.length);
            for (const [key, value] of entries) {
                request
                    .writeString(key)
                    .writeInt8(value === undefined ? DELETE : SET)
                    .writeString(value ?? null);
            }
            return request.writeBoolean(false); // not only validated
        },
        decode: (answer) => {
            answer.readInt32(); // throttle time
            answer.readArray((resource) => {
                refuse(resource);
                readResource(resource);
            });
        },
    };
}

/** What turns the settings that there are into the wanted ones: every other one gets its default. */
export function configChanges(
    current: Readonly<Record<string, string>>,
    wanted: Readonly<Record<string, string>>,
): ConfigChanges {
    return {
        ...Object.fromEntries(
            Object.keys(current)
                .filter((name) => !(name in wanted))
                .map((name) => [name, undefined]),
        ),
        ...Object.fromEntries(Object.entries(wanted).filter(([name, value]) => current[name] !== value)),
    };
}

function readResource(resource: Decoder): void {
    resource.readInt8(); // type
    resource.readString(); // name
}

function readEntry(entry: Decoder): ConfigEntry {
    const name = entry.readString() ?? "";
    const value = entry.readString();
    entry.readBoolean(); // read-only
    const source = SOURCES[entry.readInt8()];
    entry.readBoolean(); // secret
    const synonyms = entry.readArray((synonym): ConfigValue => {
        synonym.readString(); // name: of the setting itself, or of another in its place
        return { value: synonym.readString(), source: SOURCES[synonym.readInt8()] };
    });
    return { name, value, source, synonyms };
}

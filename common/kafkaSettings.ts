/** The settings of brokers and topics, by Kafka's own definitions. */
import table from "./kafkaSettings.json" with { type: "json" };

/** Whether a broker takes a new value while it runs, and if so for itself or for all brokers. Kafka's words. */
export type UpdateMode = "read-only" | "per-broker" | "cluster-wide";

/** What Kafka says of a setting. Numbers are text, as some are larger than JSON holds exactly. */
export interface KafkaSetting {
    readonly type: "boolean" | "string" | "password" | "class" | "list" | "short" | "int" | "long" | "double";
    readonly min?: string;
    readonly max?: string;
    /** All values that it takes; of a list, those of each entry. */
    readonly values?: readonly string[];
    readonly ignoresCase?: boolean;
    readonly notEmpty?: boolean;
    /** A check by code, in Kafka's words. */
    readonly check?: string;
    /** Null for no value; absent where Kafka requires one. */
    readonly default?: string | null;
    readonly importance: "high" | "medium" | "low";
    /** Of a broker's setting; absent for a read-only one. */
    readonly update?: Exclude<UpdateMode, "read-only">;
    /** Of a topic's setting: the broker's that is its default. */
    readonly broker?: string;
    /** Not in Kafka's documentation. */
    readonly internal?: boolean;
    readonly deprecated?: boolean;
    /** The line of Kafka that it came with, such as `3.8`; absent for those of 3.6 and before. */
    readonly since?: string;
}

type Settings = Readonly<Record<string, KafkaSetting>>;

const { version, brokers, topics } = table as unknown as {
    readonly version: string;
    readonly brokers: Settings;
    readonly topics: Settings;
};

/** The line of Kafka that the settings are those of, such as `3.9`. */
export const KAFKA_LINE = version.split(".").slice(0, 2).join(".");

/** The settings of a broker, by name. */
export const brokerSettings: ReadonlyMap<string, KafkaSetting> = new Map(Object.entries(brokers));

/** The settings of a topic, by name. */
export const topicSettings: ReadonlyMap<string, KafkaSetting> = new Map(Object.entries(topics));

/**
 * How a broker's setting is changed: by a restart (`read-only`), or while brokers run, for one or for all of them.
 * A setting that Kafka does not know, such as a plugin's, is read-only.
 */
export function updateMode(name: string): UpdateMode {
    return brokerSettings.get(name)?.update ?? "read-only";
}

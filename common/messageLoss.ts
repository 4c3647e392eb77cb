/** What Kafka deletes of a topic by itself, and which messages a change of that would delete besides. */
import { topicSettings } from "./kafkaSettings.ts";

/** Settings of a topic by which Kafka deletes messages. */
const DELETING = ["cleanup.policy", "retention.bytes", "retention.ms"] as const;

/** The value of each of those settings where a topic has none of its own. */
export type RetentionDefaults = Readonly<Record<(typeof DELETING)[number], string>>;

type Settings = Readonly<Record<string, string | number | boolean>>;

/** Times that a broker may keep messages for, the one that counts first, with their unit in milliseconds. */
const TIMES: readonly (readonly [setting: string, unit: number])[] = [
    ["log.retention.ms", 1],
    ["log.retention.minutes", 60_000],
    ["log.retention.hours", 3_600_000],
];

/** @param broker settings of the brokers */
export function retentionDefaults(broker: Settings): RetentionDefaults {
    const standard = (setting: string) => String(topicSettings.get(setting)!.default);
    const [name, unit] = TIMES.find(([setting]) => broker[setting] !== undefined) ?? [];
    const time = name === undefined ? undefined : Number(broker[name]);
    return {
        "cleanup.policy": String(broker["log.cleanup.policy"] ?? standard("cleanup.policy")),
        "retention.bytes": String(broker["log.retention.bytes"] ?? standard("retention.bytes")),
        // Any negative number is for ever.
        "retention.ms": time === undefined ? standard("retention.ms") : `${time < 0 ? -1 : time * unit!}`,
    };
}

interface Deletion {
    /** Milliseconds after which a message is deleted. */
    readonly after: number;
    /** Bytes of a partition above which its oldest messages are. */
    readonly above: number;
    /** Whether all but the latest message of each key are. */
    readonly compacts: boolean;
}

function deletionBy(settings: RetentionDefaults): Deletion {
    const policies = settings["cleanup.policy"].split(",").map((policy) => policy.trim());
    const limit = (setting: keyof RetentionDefaults) => {
        const value = Number(settings[setting]);
        return policies.includes("delete") && value >= 0 ? value : Number.POSITIVE_INFINITY;
    };
    return {
        after: limit("retention.ms"),
        above: limit("retention.bytes"),
        compacts: policies.includes("compact"),
    };
}

/** The messages of a topic that a change of its settings deletes, such as `messages older than 1d`; undefined for none. */
export function lostMessages(before: RetentionDefaults, after: RetentionDefaults): string | undefined {
    const [old, now] = [deletionBy(before), deletionBy(after)];
    const lost = [
        ...(now.after < old.after ? [`messages older than ${durationText(now.after)}`] : []),
        ...(now.above < old.above ? [`what exceeds ${now.above} bytes in a partition`] : []),
        ...(now.compacts && !old.compacts ? ["all but the latest message of each key"] : []),
    ];
    return lost.length > 0 ? lost.join(" and ") : undefined;
}

/** What config adds to `allowDestroy` in order to have a topic's messages deleted. */
export function topicKey(project: string, topic: string): string {
    return `topic/${project}/${topic}`;
}

/** A topic's settings with the defaults of those by which messages are deleted. */
export function withDefaults(
    config: Readonly<Record<string, string>>,
    defaults: RetentionDefaults,
): RetentionDefaults {
    return Object.assign(
        { ...defaults },
        Object.fromEntries(Object.entries(config).filter(([name]) => name in defaults)),
    );
}

function durationText(milliseconds: number): string {
    const units = [
        ["d", 86_400_000],
        ["h", 3_600_000],
        ["m", 60_000],
        ["s", 1_000],
    ] as const;
    const [unit, length] = units.find(([, each]) => milliseconds > 0 && milliseconds % each === 0) ?? [
        "ms",
        1,
    ];
    return `${milliseconds / length}${unit}`;
}

import { updateMode } from "../../common/kafkaSettings.ts";

/**
 * Settings that all brokers take while they run, and that stay in server.properties all the same: a broker that started
 * without them, before it is told, would delete or reject records. That would be so once in each deployment of before,
 * where they are only in server.properties.
 */
const KEPT_FOR_START: ReadonlySet<string> = new Set([
    "log.cleaner.delete.retention.ms",
    "log.cleaner.min.compaction.lag.ms",
    "log.cleanup.policy",
    "log.message.timestamp.type",
    "log.retention.ms",
    "message.max.bytes",
    "min.insync.replicas",
    "unclean.leader.election.enable",
]);

type Settings = Readonly<Record<string, string | number | boolean>>;

/** The settings of config by who takes them: a broker at its start, or all of them while they run. */
export function splitSettings(config: Settings): {
    readonly atStart: Settings;
    readonly whileRunning: Readonly<Record<string, string>>;
} {
    const isForAll = ([name]: [string, unknown]) =>
        updateMode(name) === "cluster-wide" && !KEPT_FOR_START.has(name);
    const entries = Object.entries(config);
    return {
        atStart: Object.fromEntries(entries.filter((entry) => !isForAll(entry))),
        whileRunning: Object.fromEntries(
            entries.filter(isForAll).map(([name, value]) => [name, String(value)]),
        ),
    };
}

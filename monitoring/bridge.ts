import type { AlertRules } from "./rule.ts";

export const BRIDGE_RULES: AlertRules = {
    UnityKafkaBridgeLags: {
        for: "10m",
        severity: "warning",
        threshold: {
            meaning: "Time from a record's timestamp until it has crossed, on average over a minute",
            unit: "seconds",
            default: 300,
            min: 1,
            max: 604_800,
        },
        // Where nothing crosses it has no number, whether there is nothing to carry, or nothing is carried: that is the
        // business of the next two.
        texts: (seconds) => ({
            expr: `
                max by (namespace, target, topic) (kafka_connect_mirror_replication_latency_ms_avg) / 1000
                > ${seconds}`,
            summary: `
                The bridge of {{ $labels.namespace }} is {{ $value | humanizeDuration }} behind in {{ $labels.topic }}`,
            description: `
                It carries records, and more come than it can carry, or it has been down. Compare both sides by
                \`unity status --namespace {{ $labels.namespace }}\` and \`unity ikp\`. More replicas and tasks carry more.`,
        }),
    },
    UnityKafkaBridgeStopped: {
        for: "10m",
        severity: "critical",
        // A task that runs fetches at least twice a second, and be it that there is nothing new.
        expr: `
            count by (namespace, source, target, topic) (
            kafka_connect_mirror_records_lag
            and on (namespace, pod, source, target, task) kafka_connect_mirror_fetch_rate == 0)`,
        summary: `
            The bridge of {{ $labels.namespace }} carries nothing of {{ $labels.topic }} from {{ $labels.source }} to
            {{ $labels.target }}`,
        description: `
            The source does not answer, or the target does not take the records of {{ $value }} of its partitions, as
            where it has fewer partitions than the source. See \`unity status --namespace {{ $labels.namespace }}\` and
            \`unity ikp\`.`,
    },
    UnityKafkaBridgeTaskFailed: {
        for: "5m",
        severity: "critical",
        expr: `
            sum by (namespace) (kafka_connect_assigned_tasks)
            - (count by (namespace) (kafka_connect_mirror_task_start_time_ms)
            or sum by (namespace) (kafka_connect_assigned_tasks) * 0) > 0`,
        summary: "{{ $value }} tasks of the bridge of {{ $labels.namespace }} have failed",
        description: `
            Their partitions do not cross, as where a record is larger than the target takes.
            \`unity status --namespace {{ $labels.namespace }}\` names them, with the reason.`,
    },
    UnityKafkaBridgeLosesRecords: {
        for: "15m",
        severity: "critical",
        threshold: {
            meaning:
                "Share of what the source retains, from the oldest record, in which the next one to cross is",
            unit: "percent",
            default: 10,
            min: 1,
            max: 99,
        },
        // Only where there are newer records.
        texts: (percent) => ({
            expr: `
                min by (namespace, source, target, topic) (
                kafka_connect_mirror_records_lead / (kafka_connect_mirror_records_lead + kafka_connect_mirror_records_lag > 0)
                and kafka_connect_mirror_records_lag > 0) < ${percent / 100}`,
            summary: `
                Records of {{ $labels.topic }} are about to be deleted at {{ $labels.source }} before they cross to
                {{ $labels.target }} in {{ $labels.namespace }}`,
            description: `
                The bridge reads at the oldest ${percent} % of what the source retains. Have its retention extended, and find
                out by \`unity status --namespace {{ $labels.namespace }}\` why the bridge is behind. When it reads a topic
                from the beginning for the first time, there is no danger while it is faster than the deletion.`,
        }),
    },
    UnityKafkaBridgeDown: {
        for: "10m",
        severity: "critical",
        // Its metric was there within the last day and is not now. A bridge that was deleted alerts for that day.
        expr: `
            count by (namespace) (last_over_time(kafka_connect_assigned_tasks[1d]))
            unless count by (namespace) (kafka_connect_assigned_tasks)`,
        summary: "The bridge of {{ $labels.namespace }} is down",
        description: "See `unity status --namespace {{ $labels.namespace }}` and the log of the bridge.",
    },
};

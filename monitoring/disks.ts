import type { AlertRules } from "./rule.ts";

/** The disks of servers, among those that the kubelet exports. */
const AVAILABLE = `kubelet_volume_stats_available_bytes{persistentvolumeclaim=~"data-(kafka|zookeeper)-[0-9]+"}`;

export const DISK_RULES: AlertRules = {
    UnityKafkaDiskAlmostFull: {
        for: "5m",
        severity: "critical",
        threshold: {
            meaning: "Share of a server's disk that is free",
            unit: "percent",
            default: 15,
            min: 1,
            max: 99,
        },
        texts: (percent) => ({
            expr: `${AVAILABLE} / kubelet_volume_stats_capacity_bytes < ${percent / 100}`,
            summary: `
                {{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} has {{ $value | humanizePercentage }} free`,
            description: `
                A server stops when its disk is full. Raise disk.size and run \`unity up\`, or shorten the retention of
                the largest topics.`,
        }),
    },
    UnityKafkaDiskFullSoon: {
        for: "1h",
        severity: "warning",
        threshold: {
            meaning: "Days until a disk is full that has less than half of it free, by its last six hours",
            unit: "days",
            default: 4,
            min: 1,
            max: 30,
        },
        texts: (days) => ({
            expr: `
                predict_linear(${AVAILABLE}[6h], ${days} * 86400) < 0
                and kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.5`,
            summary: `
                {{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} is full within ${days}
                ${days === 1 ? "day" : "days"}`,
            description: `
                By what it grew in the last six hours. Raise disk.size and run \`unity up\`, or shorten retention.`,
        }),
    },
};

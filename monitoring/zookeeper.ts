import type { AlertRules } from "./rule.ts";

export const ZOOKEEPER_RULES: AlertRules = {
    UnityKafkaZookeeperServerDown: {
        for: "10m",
        severity: "warning",
        // After the ensemble was made smaller it alerts for the rest of an hour.
        expr: `
            max by (namespace) (last_over_time(zookeeper_quorumsize[1h]))
            - (count by (namespace) (zookeeper_quorumsize)
            or 0 * max by (namespace) (last_over_time(zookeeper_quorumsize[1h]))) > 0`,
        summary: "{{ $value }} ZooKeeper servers of {{ $labels.namespace }} are down",
        description:
            "Run `unity status --namespace {{ $labels.namespace }}`, then look at the log of the pod.",
    },
    UnityKafkaZookeeperQuorumAtLimit: {
        for: "10m",
        severity: "critical",
        expr: `
            count by (namespace) (zookeeper_quorumsize)
            <= floor(max by (namespace) (zookeeper_quorumsize) / 2) + 1`,
        summary: `
            {{ $value }} ZooKeeper servers of {{ $labels.namespace }} are left; with one less Kafka stops`,
        description: `
            Restart no server before the others are back: \`unity status --namespace {{ $labels.namespace }}\`.`,
    },
    UnityKafkaZookeeperOutstandingRequests: {
        for: "5m",
        severity: "warning",
        threshold: {
            meaning: "Requests that wait at a ZooKeeper server",
            unit: "requests",
            default: 10,
            min: 1,
            max: 100_000,
        },
        texts: (requests) => ({
            expr: `max by (namespace, pod) (zookeeper_outstandingrequests) > ${requests}`,
            summary: "{{ $value }} requests wait at {{ $labels.pod }} in {{ $labels.namespace }}",
            description: `
                Its disk is slow, or its heap too small. See \`unity metrics --namespace {{ $labels.namespace }}\`.`,
        }),
    },
    UnityKafkaZookeeperLatency: {
        for: "30m",
        severity: "warning",
        threshold: {
            meaning: "Time that a ZooKeeper server takes for a request, on average since it was started",
            unit: "ms",
            default: 100,
            min: 1,
            max: 60_000,
        },
        texts: (milliseconds) => ({
            expr: `max by (namespace, pod) (zookeeper_avgrequestlatency) > ${milliseconds}`,
            summary: "{{ $labels.pod }} in {{ $labels.namespace }} takes {{ $value }} ms for a request",
            description: `
                Its disk is slow, or shared with others. See \`unity metrics --namespace {{ $labels.namespace }}\`.`,
        }),
    },
};

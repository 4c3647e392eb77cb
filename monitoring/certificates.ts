import type { AlertRule, AlertRules, Threshold } from "./rule.ts";

/** A certificate of which few days are left. */
const expiry = (
    rule: Pick<AlertRule, "for" | "severity">,
    days: Pick<Threshold, "default">,
    description: string,
): AlertRule => ({
    ...rule,
    threshold: { meaning: "Days that a certificate is still valid", unit: "days", min: 1, max: 365, ...days },
    texts: (threshold) => ({
        expr: `
            min by (namespace, certificate, name) (unity_kafka_certificate_not_after_seconds) - time()
            < ${threshold} * 86400`,
        summary: `
            The {{ $labels.certificate }} certificate {{ $labels.name }} of {{ $labels.namespace }} expires in
            {{ $value | humanizeDuration }}`,
        description,
    }),
});

export const CERTIFICATE_RULES: AlertRules = {
    UnityKafkaCertificateExpiresSoon: expiry(
        { for: "1h", severity: "warning" },
        { default: 30 },
        `Its renewal is overdue. Run \`unity up\` for the environment of {{ $labels.namespace }};
        where it is a server's or a CA's, the servers are restarted one by one.`,
    ),
    UnityKafkaCertificateAboutToExpire: expiry(
        { for: "5m", severity: "critical" },
        { default: 7 },
        `Once it has expired, TLS handshakes between clients, brokers and ZooKeeper fail. Run \`unity up\`
        for the environment of {{ $labels.namespace }} now.`,
    ),
};

/** When certificates expire, as a metric: of the pods that read them, and of clients, whose pods export none. */
import type { Rule } from "./jmxExporter.ts";

/**
 * When the first certificate of a sort expires, seconds since 1970; labels `certificate`, which is its sort, and `name`.
 */
export const CERTIFICATE_EXPIRY = "unity_kafka_certificate_not_after_seconds";

export interface Expiry {
    readonly certificate: "server" | "client" | "ca";
    readonly name: string;
    /** ISO 8601. */
    readonly expiresAt: string;
}

/** A bean that every Java has, small enough to be read at each scrape. */
export const ANY_JVM = "java.lang:type=ClassLoading";

/** The agent makes a metric of an attribute of a bean, whatever its value: one attribute for each sort. */
const ATTRIBUTES: Readonly<Record<Expiry["certificate"], string>> = {
    server: "Verbose",
    client: "UnloadedClassCount",
    ca: "TotalLoadedClassCount",
};

/** A metric for each sort of certificate. For each certificate, the agent would compare every bean with one rule more. */
export function expiryRules(all: readonly Expiry[]): Rule[] {
    const sorts = Map.groupBy(all.toSorted(byTime), ({ certificate }) => certificate);
    return [...sorts].map(([certificate, [first]]) => ({
        pattern: `java.lang<type=ClassLoading><>${ATTRIBUTES[certificate]}`,
        name: CERTIFICATE_EXPIRY,
        type: "GAUGE",
        value: seconds(first!),
        labels: { certificate, name: first!.name },
    }));
}

const seconds = ({ expiresAt }: Expiry) => Date.parse(expiresAt) / 1000;
const byTime = (one: Expiry, other: Expiry) => seconds(one) - seconds(other);

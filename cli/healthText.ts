/** A Project's health for the person who has to act, and whether there is anything to do. */
import { KAFKA, ZOOKEEPER } from "../common/names.ts";
import { tableText } from "../common/table.ts";
import type { Health, PodCount } from "../kafka/health.ts";
import { countOf } from "./format.ts";

const DAY = 24 * 3600 * 1000;
/** Days before its end from which a certificate is a fault; the critical alert's. */
const CRITICAL_DAYS = 7;

/** What is wrong with a Project, a line each; none where it is well. What cannot be found out is not right either. */
export function problemsOf(health: Health, now: Date): string[] {
    const { kafka, brokers, pods, certificates } = health;
    const faults: string[] = [];
    if (typeof kafka === "string") {
        faults.push(`Kafka does not answer: ${kafka}`);
    } else {
        if (kafka.up < brokers) {
            faults.push(`${kafka.up} of ${countOf(brokers, "broker")} are up`);
        }
        if (kafka.controller === undefined) {
            faults.push("there is no controller");
        }
        if (kafka.offline > 0) {
            faults.push(`${countOf(kafka.offline, "partition")} offline`);
        }
        if (kafka.underReplicated > 0) {
            faults.push(`${countOf(kafka.underReplicated, "partition")} under-replicated`);
        }
    }
    for (const [set, { ready, total }] of Object.entries(pods ?? {})) {
        if (ready < total) {
            faults.push(`${ready} of ${countOf(total, "pod")} of ${set} Ready`);
        }
    }
    for (const { secret, expiresAt } of certificates ?? []) {
        if (daysUntil(expiresAt, now) < CRITICAL_DAYS) {
            faults.push(`the certificate in Secret ${secret} ends ${day(expiresAt)}; renew it by pulumi up`);
        }
    }
    return faults;
}

/** One screen. */
export function healthText(health: Health, now: Date): string {
    const { project, namespace, kafka, brokers, pods, certificates } = health;
    const faults = problemsOf(health, now);
    const known = typeof kafka === "string" ? undefined : kafka;
    const rows: string[][] = [
        ["brokers up", known ? `${known.up} of ${brokers}` : `? of ${brokers}`],
        ["controller", known ? `${known.controller ?? "none"}` : "?"],
        ["topics", known ? `${known.topics}, ${countOf(known.partitions, "partition")}` : "?"],
        ["under-replicated", known ? `${known.underReplicated}` : "?"],
        ["offline", known ? `${known.offline}` : "?"],
        [`${ZOOKEEPER.name} Ready`, podText(pods, ZOOKEEPER.name)],
        [`${KAFKA.name} Ready`, podText(pods, KAFKA.name)],
        ...Object.keys(pods ?? {})
            .filter((set) => set !== ZOOKEEPER.name && set !== KAFKA.name)
            .map((set) => [`${set} Ready`, podText(pods, set)]),
    ];
    const parts = [
        `Project ${project} (namespace ${namespace}): ${faults.length === 0 ? "well" : "NOT WELL"}`,
        ...faults.map((fault) => `  ! ${fault}`),
        indent(rows.map(([name, value]) => `${name!.padEnd(18)}${value}`).join("\n")),
        "",
        certificates === undefined
            ? "  Certificates: you may not list Secrets there"
            : indent(
                  tableText(
                      [{ title: "CERTIFICATE" }, { title: "ENDS" }, { title: "DAYS", align: "right" }],
                      certificates.map(({ secret, expiresAt }) => [
                          secret,
                          day(expiresAt),
                          `${Math.floor(daysUntil(expiresAt, now))}`,
                      ]),
                  ),
              ),
        "",
        groupText(known?.groups),
        ...(health.bridge === undefined ? [] : ["", bridgeText(health.bridge)]),
    ];
    return `${parts.join("\n")}\n`;
}

function groupText(groups: readonly { group: string; lag: number }[] | undefined): string {
    if (groups === undefined) {
        return "  Consumer groups: not known while Kafka or partitions are down";
    }
    if (groups.length === 0) {
        return "  No consumer groups";
    }
    const columns = [{ title: "CONSUMER GROUP" }, { title: "LAG", align: "right" as const }];
    return indent(
        tableText(
            columns,
            groups.map(({ group, lag }) => [group, `${lag}`]),
        ),
    );
}

function bridgeText(bridge: NonNullable<Health["bridge"]>): string {
    if (typeof bridge === "string") {
        return `  Bridge to IKP: its lag is not known: ${bridge}`;
    }
    if (bridge.length === 0) {
        return "  Bridge to IKP: nothing has crossed yet";
    }
    const columns = [
        { title: "TOPIC OVER THE BRIDGE" },
        { title: "FLOW" },
        { title: "LAG", align: "right" as const },
    ];
    return indent(
        tableText(
            columns,
            bridge.map(({ topic, flow, records }) => [topic, flow, `${records}`]),
        ),
    );
}

function podText(pods: Health["pods"], set: string): string {
    const count: PodCount | undefined = pods?.[set];
    if (pods === undefined) {
        return "? (you may not list StatefulSets and Deployments there)";
    }
    return count === undefined ? "not there" : `${count.ready} of ${count.total}`;
}

const daysUntil = (end: Date, now: Date) => (end.getTime() - now.getTime()) / DAY;
const day = (date: Date) => date.toISOString().slice(0, 10);
const indent = (text: string) => text.replace(/^(?=.)/gm, "  ");

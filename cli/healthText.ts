/** A Project's health as text, its problems first. */

import { countOf } from "../common/format.ts";
import { KAFKA, ZOOKEEPER } from "../common/names.ts";
import { rowsText, tableText } from "../common/table.ts";
import type { BridgeLag } from "../kafka/bridge/metrics.ts";
import type { Health, KafkaHealth, PodCount } from "../kafka/health.ts";
import type { SecretCertificate } from "../kafka/kubernetes/certificates.ts";

const DAY = 24 * 3600 * 1000;
/** Days before it expires from which a certificate is a problem; as in the critical alert. */
const CRITICAL_DAYS = 7;

/** The problems of a Project, a line each; none where it is healthy. A Kafka that does not answer is one. */
export function problemsOf(health: Health, now: Date): string[] {
    const { kafka, brokers, namespace, pods, bridge, certificates } = health;
    const problems: string[] = [];
    if (typeof kafka === "string") {
        problems.push(`Kafka does not answer: ${kafka}`);
    } else {
        if (kafka.up < brokers) {
            problems.push(`${kafka.up} of ${countOf(brokers, "broker")} are up`);
        }
        const controller = controllerProblem(kafka, namespace);
        if (controller !== undefined) {
            problems.push(controller);
        }
        if (kafka.topicFailure !== undefined) {
            problems.push(
                `${kafka.topicFailure}; follow "No topic can be created" in docs/troubleshooting.md`,
            );
        }
        if (kafka.offline > 0) {
            problems.push(`${countOf(kafka.offline, "partition")} offline`);
        }
        if (kafka.underReplicated > 0) {
            problems.push(`${countOf(kafka.underReplicated, "partition")} under-replicated`);
        }
    }
    for (const [name, { ready, total }] of Object.entries(pods ?? {})) {
        if (ready < total) {
            problems.push(`${ready} of ${countOf(total, "pod")} of ${name} Ready`);
        }
    }
    if (typeof bridge === "object") {
        problems.push(...bridge.problems);
    }
    for (const certificate of certificates) {
        const { expiresAt } = certificate;
        if (daysUntil(expiresAt, now) < CRITICAL_DAYS) {
            problems.push(
                `the certificate in Secret ${secretText(health, certificate)} expires on ${day(expiresAt)}; renew it with pulumi up`,
            );
        }
    }
    for (const { ca, expiresAt } of health.cas) {
        if (daysUntil(expiresAt, now) < CRITICAL_DAYS) {
            problems.push(`the CA ${ca} expires on ${day(expiresAt)}; renew it with pulumi up`);
        }
    }
    return problems;
}

/** What is wrong with the controller: there must be one, by what every broker says of itself. */
function controllerProblem({ controller, controllers }: KafkaHealth, namespace: string): string | undefined {
    const { active, silent } = controllers;
    const restart = (id: number) => `kubectl --namespace ${namespace} delete pod ${KAFKA.name}-${id}`;
    if (active.length > 1) {
        // The one that the brokers do not follow has lost its session with ZooKeeper and not noticed.
        const former = active.filter((id) => id !== controller);
        return `${active.length} brokers act as the controller (${active.join(", ")}); if it stays so for a minute, restart broker ${former[0]}: ${restart(former[0]!)}`;
    }
    if (controller === undefined) {
        return `no controller, which the brokers elect in ZooKeeper; check its servers: unity metrics --namespace ${namespace}`;
    }
    if (active.length === 1) {
        return undefined;
    }
    return silent.length > 0
        ? `no broker is known to act as the controller: ${namesOf(silent)} did not answer; check the pods: kubectl --namespace ${namespace} get pods`
        : `no broker acts as the controller, which is to be broker ${controller}; restart it: ${restart(controller)}`;
}

const namesOf = (brokers: readonly number[]) => brokers.map((id) => `${KAFKA.name}-${id}`).join(", ");

/** One screen. */
export function healthText(health: Health, now: Date): string {
    const { project, namespace, kafka, brokers, pods } = health;
    const problems = problemsOf(health, now);
    const known = typeof kafka === "string" ? undefined : kafka;
    const rows: string[][] = [
        ["brokers up", known ? `${known.up} of ${brokers}` : `? of ${brokers}`],
        ["controller", known ? `${known.controller ?? "none"}` : "?"],
        ["topics", known ? `${known.topics}, ${countOf(known.partitions, "partition")}` : "?"],
        ["under-replicated", known ? `${known.underReplicated}` : "?"],
        ...(known?.reassigning ? [["being reassigned", `${known.reassigning}`]] : []),
        ["offline", known ? `${known.offline}` : "?"],
        [`${ZOOKEEPER.name} Ready`, podText(pods, ZOOKEEPER.name)],
        [`${KAFKA.name} Ready`, podText(pods, KAFKA.name)],
        ...Object.keys(pods ?? {})
            .filter((name) => name !== ZOOKEEPER.name && name !== KAFKA.name)
            .map((name) => [`${name} Ready`, podText(pods, name)]),
    ];
    const parts = [
        `Project ${project} (namespace ${namespace}): ${problems.length === 0 ? "healthy" : "UNHEALTHY"}`,
        ...problems.map((problem) => `  ! ${problem}`),
        indent(rowsText(rows)),
        "",
        ...certificateTexts(health, now),
        "",
        groupText(known?.groups),
        ...(health.bridge === undefined ? [] : ["", bridgeText(health.bridge)]),
    ];
    return `${parts.join("\n")}\n`;
}

function certificateTexts(health: Health, now: Date): string[] {
    const { certificates, cas, deniedNamespaces } = health;
    const row = (name: string, { expiresAt }: { readonly expiresAt: Date }) => [
        name,
        day(expiresAt),
        `${Math.floor(daysUntil(expiresAt, now))}`,
    ];
    const table = tableText(
        [{ title: "CERTIFICATE" }, { title: "EXPIRES" }, { title: "DAYS", align: "right" }],
        [
            ...certificates.map((certificate) => row(secretText(health, certificate), certificate)),
            ...cas.map((certificate) => row(`CA ${certificate.ca}`, certificate)),
        ],
    );
    return [
        ...(certificates.length > 0 || deniedNamespaces.length === 0 ? [indent(table)] : []),
        ...deniedNamespaces.map(
            (namespace) => `  Certificates: you are not allowed to list Secrets in namespace ${namespace}`,
        ),
    ];
}

/** A Secret's name, with its namespace where that is not the Project's. */
function secretText({ namespace }: Health, certificate: SecretCertificate): string {
    const { secret } = certificate;
    return certificate.namespace === namespace ? secret : `${certificate.namespace}/${secret}`;
}

function groupText(groups: readonly { group: string; lag: number }[] | undefined): string {
    if (groups === undefined) {
        return "  Consumer groups: unknown while Kafka is down or partitions are offline";
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
        return `  Bridge to IKP: unknown: ${bridge}`;
    }
    const unknown = bridge.unknown.map((what) => `  Bridge to IKP: unknown ${what}`);
    return [lagText(bridge.lags), ...unknown].join("\n");
}

function lagText(lags: readonly BridgeLag[]): string {
    if (lags.length === 0) {
        return "  Bridge to IKP: no topic mirrored yet";
    }
    const columns = [
        { title: "MIRRORED TOPIC" },
        { title: "FLOW" },
        { title: "LAG", align: "right" as const },
    ];
    return indent(
        tableText(
            columns,
            lags.map(({ topic, flow, records }) => [topic, flow, `${records}`]),
        ),
    );
}

function podText(pods: Health["pods"], name: string): string {
    const count: PodCount | undefined = pods?.[name];
    if (pods === undefined) {
        return "? (you are not allowed to list StatefulSets and Deployments)";
    }
    return count === undefined ? "not deployed" : `${count.ready} of ${count.total}`;
}

const daysUntil = (end: Date, now: Date) => (end.getTime() - now.getTime()) / DAY;
const day = (date: Date) => date.toISOString().slice(0, 10);
const indent = (text: string) => text.replace(/^(?=.)/gm, "  ");

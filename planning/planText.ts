/** A plan as text. */
import { type Column, tableText } from "../common/table.ts";
import type { Cost } from "./cost.ts";
import type { Plan } from "./plan.ts";

const left = (title: string): Column => ({ title });
const right = (title: string): Column => ({ title, align: "right" });

/** The plan of an environment for people. Ends without a line break. */
export function planText(plan: Plan): string {
    const parts = [projectsText(plan)];
    if (plan.pools.length > 0) {
        parts.unshift(poolsText(plan));
    }
    parts.push(plan.cost ? costText(plan, plan.cost) : "No cost: only the node pools of gke have prices.");
    if (plan.warnings.length > 0) {
        parts.push(["Warnings:", ...plan.warnings.map((line) => `  ${line}`)].join("\n"));
    }
    return parts.join("\n\n");
}

function poolsText({ pools }: Plan): string {
    const columns = [
        left("POOL"),
        left("MACHINE"),
        left("ZONE"),
        right("USED"),
        right("NODES"),
        right("MAX"),
        right("SPARE"),
    ];
    const rows = pools.flatMap(({ name, machineType, zones }) =>
        zones.map(({ zone, used, nodes, max, spare }) => [
            name,
            machineType,
            zone,
            ...[used, nodes, max, spare].map(String),
        ]),
    );
    return tableText(columns, rows);
}

function projectsText({ projects, cost, currency }: Plan): string {
    if (projects.length === 0) {
        return "No Projects.";
    }
    const columns = [
        left("PROJECT"),
        right("BROKERS"),
        right("ZOOKEEPER"),
        right("CPU"),
        right("MEMORY"),
        right("DISK"),
    ];
    if (cost) {
        columns.push(right(`${currency}/MONTH`), right("MANAGED KAFKA"));
    }
    const rows = projects.map(({ name, brokers, zookeeperServers, cpu, memory, disk, cost: own }) => [
        name,
        String(brokers),
        String(zookeeperServers),
        String(cpu),
        `${memory} GiB`,
        `${disk} GiB`,
        ...(own ? [money(own.total), money(own.managedKafka)] : []),
    ]);
    return tableText(columns, rows);
}

function costText(
    { projects, currency, pricesOf, managedKafkaPricesOf }: Plan,
    { noPrice, ...cost }: Omit<Cost, "projects">,
): string {
    const rows = [
        ["nodes with boot disks", money(cost.nodes)],
        ["volumes", money(cost.disks)],
        ["traffic between zones", money(cost.traffic)],
        ["management of the cluster", money(cost.cluster)],
        ["metrics", money(cost.metrics)],
        ["total", money(cost.total)],
    ];
    const lines = [
        tableText([left("ESTIMATE"), right(`${currency}/MONTH`)], rows),
        `List prices of ${pricesOf}, 730 hours, less the discount for sustained use, before others. A Project's cost is its share of the nodes, its volumes and its traffic.`,
    ];
    if (cost.avoidableTraffic >= 0.5) {
        lines.push(
            `Of the traffic, ${money(cost.avoidableTraffic)} are not due if every consumer sets its client.rack.`,
        );
    }
    if (projects.length > 0) {
        const { date, region } = managedKafkaPricesOf;
        lines.push(
            `MANAGED KAFKA is what its Kafka would cost on Google's Managed Service for Apache Kafka, ${money(cost.managedKafka)} in all, at prices of ${date} in ${region}.`,
        );
    }
    if (noPrice.length > 0) {
        lines.push(`Not in these sums, as they have no list price: ${noPrice.join(", ")}.`);
    }
    const silent = projects.filter(({ cost: own }) => own?.traffic === null).map(({ name }) => name);
    if (silent.length > 0) {
        lines.push(`Without traffic, as their size gives no throughput: ${silent.join(", ")}.`);
    }
    return lines.join("\n");
}

/** An estimate is shown without cents. */
export const money = (amount: number | null): string => (amount === null ? "no price" : amount.toFixed(0));

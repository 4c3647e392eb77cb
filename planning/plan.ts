/** What an environment takes: nodes, room and money, before anything is created. */

import { type Column, tableText } from "../common/table.ts";
import { nodesUsed, pack, podsOf } from "./binPacking.ts";
import { type Cost, costOf, diskBytes, nodesKept, type ProjectCost } from "./cost.ts";
import { allPools, type PlannedEnvironment } from "./model.ts";
import { PRICES } from "./pricing.ts";

const GIB = 1024 ** 3;

interface ZonePlan {
    readonly zone: string;
    /** Nodes that have pods. */
    readonly used: number;
    /** Nodes of the pool: those used, or minPerZone if that is more. */
    readonly nodes: number;
    readonly max: number;
    /** Nodes up to `max` that are not used. */
    readonly spare: number;
}

interface PoolPlan {
    readonly name: string;
    readonly machineType: string;
    readonly zones: readonly ZonePlan[];
}

interface ProjectPlan {
    readonly name: string;
    readonly brokers: number;
    readonly zookeeperServers: number;
    /** Cores that all its pods request, those of its bridge included. */
    readonly cpu: number;
    /** GiB of memory that all its pods request. */
    readonly memory: number;
    /** GiB of all its volumes. */
    readonly disk: number;
    /** USD per month, an estimate; null without gke. */
    readonly cost: ProjectCost | null;
}

/** Plain data: what `unity plan -o json` prints. Costs are USD per month, estimated, rounded to cents. */
export interface Plan {
    readonly pools: readonly PoolPlan[];
    readonly projects: readonly ProjectPlan[];
    /** Of the whole environment. Null without gke, where the price of the nodes is unknown. */
    readonly cost: Omit<Cost, "projects"> | null;
    readonly currency: string;
    /** Day of the price table. */
    readonly pricesOf: string;
    readonly warnings: readonly string[];
}

export function planOf(environment: PlannedEnvironment): Plan {
    const { gke } = environment;
    const packing = gke && pack(environment, gke);
    const cost = gke && packing && costOf(environment, gke, packing);
    const { projects: projectCosts, ...sums } = cost ?? { projects: [] };
    return {
        pools: (gke ? allPools(gke) : []).map((pool): PoolPlan => {
            const { name, machineType, maxPerZone: max } = pool;
            const kept = nodesKept(pool, packing!);
            const zones = [...nodesUsed(packing!, pool)].map(
                ([zone, used]): ZonePlan => ({ zone, used, nodes: kept.get(zone)!, max, spare: max - used }),
            );
            return { name, machineType, zones };
        }),
        projects: environment.projects.map((project, i): ProjectPlan => {
            const pods = podsOf(project);
            const total = (of: "cpu" | "memory") =>
                pods.reduce((all, { pod, replicas }) => all + replicas * pod[of], 0);
            return {
                name: project.name,
                brokers: project.kafka.brokers,
                zookeeperServers: project.zookeeper.servers,
                cpu: rounded(total("cpu"), 1000),
                memory: rounded(total("memory") / GIB, 100),
                disk: rounded(diskBytes(project) / GIB, 100),
                cost: projectCosts[i] ? cents(projectCosts[i]) : null,
            };
        }),
        cost: cost ? cents(sums as Omit<Cost, "projects">) : null,
        currency: PRICES.currency,
        pricesOf: PRICES.date,
        warnings: environment.warnings,
    };
}

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;

/** The amounts of a cost rounded to cents; all else as it is. */
function cents<Amounts extends object>(amounts: Amounts): Amounts {
    return Object.fromEntries(
        Object.entries(amounts).map(([key, value]: [string, unknown]) => [
            key,
            typeof value === "number" ? rounded(value, 100) : value,
        ]),
    ) as Amounts;
}

const left = (title: string): Column => ({ title });
const right = (title: string): Column => ({ title, align: "right" });

/** The plan for people. Ends without a line break. */
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
        columns.push(right(`${currency}/MONTH`));
    }
    const rows = projects.map(({ name, brokers, zookeeperServers, cpu, memory, disk, cost: own }) => [
        name,
        String(brokers),
        String(zookeeperServers),
        String(cpu),
        `${memory} GiB`,
        `${disk} GiB`,
        ...(own ? [money(own.total)] : []),
    ]);
    return tableText(columns, rows);
}

function costText(
    { projects, currency, pricesOf }: Plan,
    { noPrice, ...cost }: Omit<Cost, "projects">,
): string {
    const rows = [
        ["nodes with boot disks", money(cost.nodes)],
        ["volumes", money(cost.disks)],
        ["traffic between zones", money(cost.traffic)],
        ["management of the cluster", money(cost.cluster)],
        ["total", money(cost.total)],
    ];
    const lines = [
        tableText([left("ESTIMATE"), right(`${currency}/MONTH`)], rows),
        `List prices of ${pricesOf}, 730 hours, no discounts. A Project's cost is its share of the nodes, its volumes and its traffic.`,
    ];
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
const money = (amount: number | null): string => (amount === null ? "no price" : amount.toFixed(0));

/** What an environment takes: nodes, room and money, before anything is created. */

import { nodesUsed, pack, podsOf } from "./binPacking.ts";
import { type Cost, costOf, diskBytes, nodesKept, type ProjectCost } from "./cost.ts";
import { allPools, type PlannedEnvironment } from "./model.ts";
import { MANAGED_KAFKA, PRICES, priceWarning } from "./pricing.ts";

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

export interface ProjectPlan {
    readonly name: string;
    readonly brokers: number;
    readonly zookeeperServers: number;
    /** Cores that all its pods request, those of its Deployments included. */
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
    /** Day and region of the prices of Google's Managed Service for Apache Kafka. */
    readonly managedKafkaPricesOf: { readonly date: string; readonly region: string };
    readonly warnings: readonly string[];
}

/** @param now decides whether the prices are too old */
export function planOf(environment: PlannedEnvironment, now: Date = new Date()): Plan {
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
        managedKafkaPricesOf: { date: MANAGED_KAFKA.date, region: MANAGED_KAFKA.region },
        warnings: [...environment.warnings, ...(gke ? [priceWarning(now) ?? []] : [])].flat(),
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

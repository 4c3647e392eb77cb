/** What a change of a stack file changes of its plan: before → after. */
import { type Column, tableText } from "../common/table.ts";
import type { Plan, ProjectPlan } from "./plan.ts";
import { money } from "./planText.ts";

/** What the columns of the table show of one plan. */
interface Figures {
    readonly brokers: number;
    readonly zookeeperServers: number;
    readonly cpu: number;
    readonly memory: number;
    readonly disk: number;
    /** USD per month; null where there is no price. */
    readonly cost: number | null;
}

const COLUMNS: readonly Column[] = [
    { title: "CHANGE" },
    ...["BROKERS", "ZOOKEEPER", "CPU", "MEMORY GiB", "DISK GiB", "NODES"].map((title) => ({ title })),
];

/**
 * The Projects that change, and the whole environment, for people. Ends without a line break.
 *
 * @param before the plan of the former file, or undefined where there was none
 * @param base what it is compared with, as a person calls it
 */
export function comparisonText(before: Plan | undefined, after: Plan, base: string): string {
    const names = [...new Set([...(before?.projects ?? []), ...after.projects].map(({ name }) => name))];
    const rows = names.flatMap((name) => {
        const [old, now] = [before, after].map((plan) =>
            figuresOf(plan?.projects.find((one) => one.name === name)),
        );
        return JSON.stringify(old) === JSON.stringify(now)
            ? []
            : [
                  [
                      old ? (now ? name : `- ${name}`) : `+ ${name}`,
                      ...changes(old, now),
                      "",
                      costChange(old, now),
                  ],
              ];
    });
    const [old, now] = [before && totalOf(before), totalOf(after)];
    const same = names.length - rows.length;
    rows.push([
        "total",
        ...changes(old, now),
        change(before && nodesOf(before), nodesOf(after)),
        costChange(old, now),
    ]);
    const lines = [`Against ${before ? base : `nothing: there is no such file in ${base}`}`, ""];
    lines.push(tableText([...COLUMNS, { title: `${after.currency}/MONTH` }], rows));
    if (same > 0) {
        lines.push(`${same} ${same === 1 ? "Project stays" : "Projects stay"} the same.`);
    }
    return lines.join("\n");
}

function figuresOf(project: ProjectPlan | undefined): Figures | undefined {
    if (!project) {
        return undefined;
    }
    const { brokers, zookeeperServers, cpu, memory, disk, cost } = project;
    return { brokers, zookeeperServers, cpu, memory, disk, cost: cost?.total ?? null };
}

function totalOf({ projects, cost }: Plan): Figures {
    const sum = (of: "brokers" | "zookeeperServers" | "cpu" | "memory" | "disk") =>
        Math.round(projects.reduce((all, project) => all + project[of], 0) * 1000) / 1000;
    return {
        brokers: sum("brokers"),
        zookeeperServers: sum("zookeeperServers"),
        cpu: sum("cpu"),
        memory: sum("memory"),
        disk: sum("disk"),
        cost: cost?.total ?? null,
    };
}

const nodesOf = ({ pools }: Plan): number =>
    pools.flatMap(({ zones }) => zones).reduce((all, { nodes }) => all + nodes, 0);

function changes(old: Figures | undefined, now: Figures | undefined): string[] {
    return (["brokers", "zookeeperServers", "cpu", "memory", "disk"] as const).map((of) =>
        change(old?.[of], now?.[of]),
    );
}

/** `3`, `3 → 5`, or with only one of the two `→ 5` and `3 →`. */
function change(old: number | undefined, now: number | undefined): string {
    return old === now ? String(now) : `${old ?? ""} → ${now ?? ""}`.trim();
}

/** Costs are compared as they are shown, without cents. */
function costChange(old: Figures | undefined, now: Figures | undefined): string {
    const [from, to] = [old, now].map((figures) => figures && money(figures.cost));
    if (from === to) {
        return String(to);
    }
    const difference = Number(to ?? 0) - Number(from ?? 0);
    const sign = difference > 0 ? "+" : "";
    return `${from ?? ""} → ${to ?? ""}`.trim() + (Number.isNaN(difference) ? "" : ` (${sign}${difference})`);
}

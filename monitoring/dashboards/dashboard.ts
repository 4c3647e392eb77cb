/** What a dashboard shows, whatever renders it. */

/** By the names that Grafana has for them. */
export type Unit = "short" | "Bps" | "bytes" | "ms" | "s" | "d" | "percentunit" | "ops";

export interface Query {
    /** In PromQL, over the metrics of all Projects. */
    readonly expr: string;
    /** Name of each series, with labels as `{{pod}}`. */
    readonly legend: string;
}

export interface Panel {
    readonly title: string;
    readonly unit: Unit;
    readonly queries: readonly Query[];
    /** Of a number alone: from where on it is red. Default: the panel is a graph. */
    readonly redFrom?: number;
    /** What the title does not say. */
    readonly description?: string;
}

export interface Row {
    readonly title: string;
    readonly panels: readonly Panel[];
}

export interface Dashboard {
    /** Name of its file, and of its address in Grafana. */
    readonly name: string;
    readonly title: string;
    /** Whether it shows one namespace, which its reader chooses. */
    readonly ofOneProject: boolean;
    readonly rows: readonly Row[];
}

/** A graph of one query. */
export function graph(
    title: string,
    unit: Unit,
    expr: string,
    legend: string,
    others: Pick<Panel, "description"> = {},
): Panel {
    return { title, unit, queries: [{ expr, legend }], ...others };
}

/** A number that is to be 0. */
export function count(title: string, expr: string): Panel {
    return { title, unit: "short", queries: [{ expr, legend: title }], redFrom: 1 };
}

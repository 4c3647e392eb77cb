/** What an alerting rule is, before config has decided about it. */

/** The number that an expression compares with, which config may change. */
export interface Threshold {
    /** What it is a number of. */
    readonly meaning: string;
    readonly unit: "days" | "seconds" | "ms" | "percent" | "requests" | "restarts";
    readonly default: number;
    readonly min: number;
    readonly max: number;
}

interface Common {
    /** How long the expression holds before it is an alert, such as `10m`. Config may change it. */
    readonly for: string;
    readonly severity: "warning" | "critical";
}

/** The texts of a rule. They may be broken into lines, which are joined by spaces. */
interface Texts {
    /** In PromQL, over the metrics of all Projects. */
    readonly expr: string;
    readonly summary: string;
    /** What to do. */
    readonly description: string;
}

interface Fixed extends Common, Texts {
    readonly threshold?: never;
}

interface Adjustable extends Common {
    readonly threshold: Threshold;
    readonly texts: (threshold: number) => Texts;
}

export type AlertRule = Fixed | Adjustable;

/** Rules by the names of their alerts. */
export type AlertRules = Readonly<Record<string, AlertRule>>;

/** The texts of a rule, each in one line; with its own threshold where no other is given. */
export function textsOf(rule: AlertRule, threshold = rule.threshold?.default): Texts {
    const { expr, summary, description } = rule.threshold ? rule.texts(threshold!) : rule;
    return { expr: inOneLine(expr), summary: inOneLine(summary), description: inOneLine(description) };
}

/** A text that is broken into lines, joined by spaces. */
export const inOneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, " ");

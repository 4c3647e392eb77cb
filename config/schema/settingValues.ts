/** Whether Kafka takes a value for one of its settings. */
import type { KafkaSetting } from "../../common/kafkaSettings.ts";

/** A value as a stack file has it. */
export type SettingValue = string | number | boolean;

/** What Kafka checks elsewhere than in its definitions. A gap is a value between the limits that it does not take. */
const CHECKED_BY_CODE: Readonly<Record<string, Partial<KafkaSetting> & { readonly gap?: string }>> = {
    "compression.gzip.level": { min: "-1", max: "9", gap: "0" },
    // Any protocol but this one requires a cluster without ZooKeeper.
    "group.coordinator.rebalance.protocols": { values: ["classic"] },
    "log.cleaner.threads": { min: "1" },
    // Any negative number would do for Kafka.
    "log.retention.bytes": { min: "-1" },
    "log.retention.hours": { min: "-1", gap: "0" },
    "log.retention.minutes": { min: "-1", gap: "0" },
    "log.retention.ms": { min: "-1", gap: "0" },
    "log.roll.jitter.ms": { min: "0" },
    "log.roll.ms": { min: "1" },
    "offsets.topic.compression.codec": { min: "0", max: "4" },
    "retention.bytes": { min: "-1" },
};

/** Texts with a form of their own. */
const FORMS: Readonly<Record<string, readonly [pattern: RegExp, allowed: string]>> = {
    "max.connections.per.ip.overrides": [
        /^([^\s,]+:\d+(\s*,\s*|$))*$/,
        "a list of addresses with their connections, such as 10.0.0.7:200",
    ],
};

const INTEGERS = { short: 16n, int: 32n, long: 64n } as const;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const CLASS = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/;

/** What a setting allows, to be read after `must be`; undefined for a value that it takes. */
export function settingError(name: string, setting: KafkaSetting, value: SettingValue): string | undefined {
    const text = String(value).trim();
    const limits = { ...setting, ...CHECKED_BY_CODE[name] };
    const [pattern, form] = FORMS[name] ?? [];
    if (pattern?.test(text) === false) {
        return form;
    }
    switch (setting.type) {
        case "boolean":
            return /^(true|false)$/i.test(text) ? undefined : "true or false";
        case "short":
        case "int":
        case "long":
            return isInteger(text, setting.type, limits)
                ? undefined
                : `a whole number${rangeText(limits, setting.type)}`;
        case "double":
            return DECIMAL.test(text) && isWithin(Number(text), limits, Number)
                ? undefined
                : `a number${rangeText(limits)}`;
        case "class":
            return text === "" || CLASS.test(text) ? undefined : "the name of a Java class";
        case "list":
            return listError(text, limits);
        case "string":
        case "password":
            return stringError(text, limits);
    }
}

interface Limits {
    readonly min?: string;
    readonly max?: string;
    readonly gap?: string;
}

function isInteger(text: string, type: keyof typeof INTEGERS, limits: Limits): boolean {
    if (!/^[+-]?\d+$/.test(text)) {
        return false;
    }
    const number = BigInt(text.replace("+", ""));
    const fits = BigInt.asIntN(Number(INTEGERS[type]), number) === number;
    return fits && isWithin(number, limits, BigInt);
}

function isWithin<T extends bigint | number>(
    number: T,
    { min, max, gap }: Limits,
    parse: (text: string) => T,
): boolean {
    return (
        (min === undefined || number >= parse(min)) &&
        (max === undefined || number <= parse(max)) &&
        (gap === undefined || number !== parse(gap))
    );
}

function rangeText({ min, max, gap }: Limits, type?: keyof typeof INTEGERS): string {
    const most = max ?? (type === undefined ? undefined : String((1n << (INTEGERS[type] - 1n)) - 1n));
    const butGap = gap === undefined ? "" : `, not ${gap}`;
    if (min === undefined) {
        return most === undefined ? "" : ` up to ${most}${butGap}`;
    }
    return most === undefined ? ` of ${min} or more${butGap}` : ` from ${min} to ${most}${butGap}`;
}

function listError(text: string, { values, notEmpty }: KafkaSetting): string | undefined {
    const entries = text === "" ? [] : text.split(/\s*,\s*/);
    if (values !== undefined) {
        return entries.every((entry) => values.includes(entry))
            ? undefined
            : `a list of ${values.join(", ")}, with commas between them`;
    }
    return notEmpty && entries.length === 0 ? "a list with commas between its entries" : undefined;
}

function stringError(text: string, { values, ignoresCase, notEmpty }: KafkaSetting): string | undefined {
    if (values !== undefined) {
        const isSame = (one: string) =>
            ignoresCase ? one.toLowerCase() === text.toLowerCase() : one === text;
        return values.some(isSame) ? undefined : `one of ${values.join(", ")}`;
    }
    return notEmpty && text === "" ? "a text that is not empty" : undefined;
}

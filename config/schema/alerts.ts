/** What config may say of each alert. */
import { z } from "zod";
import { ALERT_RULES, type AlertSettings } from "../../monitoring/alerts.ts";
import type { AlertRule } from "../../monitoring/rule.ts";
import { DURATION, duration, flag, whole } from "./fields.ts";

function alertSchema({ threshold, ...rule }: AlertRule): z.ZodType<AlertSettings> {
    const fields = {
        enabled: flag().default(true).describe("Whether there is this alert."),
        for: duration(DURATION).default(rule.for).describe("How long it holds before it is an alert."),
    };
    if (threshold === undefined) {
        return z.strictObject(fields, { error: "must be a block with enabled and for" }).prefault({});
    }
    const { meaning, unit, min, max } = threshold;
    return z
        .strictObject(
            {
                ...fields,
                threshold: whole(min, max, unit).default(threshold.default).describe(`${meaning}, ${unit}.`),
            },
            { error: "must be a block with enabled, for and threshold" },
        )
        .prefault({});
}

/** A block for each alert, by its name. */
export const alertsSchema = z
    .strictObject(
        Object.fromEntries(Object.entries(ALERT_RULES).map(([alert, rule]) => [alert, alertSchema(rule)])),
        { error: "must be a block of alerts by their names" },
    )
    .prefault({})
    .describe("What is different of alerts: a block for each, by its name.");

/** How a Project's settings come together: the environment's, over them its size's, over those its own. */

import { requirementsError, sizeForRequirements } from "../planning/sizing.ts";
import type { ConfigIssue } from "./errors.ts";
import { isBlock, valueAt } from "./rules.ts";
import { isRequirements, type Requirements, requirementsSchema } from "./schema/requirements.ts";

type Raw = Record<string, unknown>;

/** What a size says, and where in the stack file it says so. */
export interface Size {
    readonly path: string;
    readonly blocks: Raw;
    readonly requirements?: Requirements;
}

/** `over` laid over `base`, block by block; lists are replaced whole. */
export function merge(base: unknown, over: unknown): unknown {
    if (over === undefined) {
        return base;
    }
    if (!isBlock(base) || !isBlock(over)) {
        return over;
    }
    const merged: Raw = { ...base };
    for (const [key, value] of Object.entries(over)) {
        merged[key] = merge(base[key], value);
    }
    return merged;
}

/** The size of a Project: the one it names, or else the environment's. Undefined where there is none, or no such. */
export function sizeOf(raw: Raw, project: Raw, path: string): Size | undefined {
    const own = project.size !== undefined;
    const size = own ? project.size : raw.size;
    if (isRequirements(size)) {
        const need = requirementsSchema.safeParse(size).data;
        if (need === undefined || requirementsError(need) !== undefined) {
            return undefined;
        }
        return {
            path: own ? `${path}.size` : "size",
            blocks: sizeForRequirements(need).blocks,
            requirements: need,
        };
    }
    const blocks = typeof size === "string" ? valueAt(raw, ["sizes", size]) : undefined;
    return isBlock(blocks) ? { path: `sizes.${String(size)}`, blocks } : undefined;
}

/** Faults of the sizes that the environment and its Projects ask for. */
export function sizeIssues(raw: Raw): ConfigIssue[] {
    const sizes = isBlock(raw.sizes) ? Object.keys(raw.sizes) : [];
    const asked: [path: string, size: unknown, kafka: unknown][] = [["size", raw.size, undefined]];
    if (Array.isArray(raw.projects)) {
        raw.projects.forEach((project: unknown, i) => {
            if (!isBlock(project)) {
                return;
            }
            asked.push([`projects[${i}].size`, project.size, undefined]);
            asked.push(["", project.size ?? raw.size, [`projects[${i}]`, project.kafka]]);
        });
    }
    return asked.flatMap(([path, size, kafka]): ConfigIssue[] => {
        if (Array.isArray(kafka)) {
            return isRequirements(size) ? retentionIssues(kafka[0], kafka[1]) : [];
        }
        if (typeof size === "string" && !sizes.includes(size)) {
            const among = sizes.length > 0 ? sizes.join(", ") : "none are there";
            return [{ path, message: `"${size}" is not among sizes (${among})` }];
        }
        const need = isRequirements(size) ? requirementsSchema.safeParse(size).data : undefined;
        const fault = need && requirementsError(need);
        return fault === undefined ? [] : [{ path, message: fault }];
    });
}

/** Kafka takes the finest unit that is set, and a need sets milliseconds: a coarser one would be ignored in silence. */
function retentionIssues(project: string, kafka: unknown): ConfigIssue[] {
    const config = valueAt(kafka, ["config"]);
    return ["log.retention.hours", "log.retention.minutes"]
        .filter((setting) => isBlock(config) && config[setting] !== undefined)
        .map((setting) => ({
            path: `${project}.kafka.config.${setting}`,
            message: "would be overruled by the retention of size; change that, or set log.retention.ms",
        }));
}

/** Sizes of Projects: by name, or worked out from requirements. */

import type { ConfigIssue } from "../common/configIssue.ts";
import type { Requirements } from "../planning/model.ts";
import { sizeForRequirements } from "../planning/sizing.ts";
import { namesText } from "./errors.ts";
import { blocksOf, isBlock, type Raw, valueAt } from "./raw.ts";
import { requirementsOf } from "./schema/requirements.ts";

/** The blocks of a size, and its path in the stack file. */
export interface Size {
    readonly path: string;
    readonly blocks: Raw;
    readonly requirements?: Requirements;
}

/** The size of a Project: its own, or else the environment's. Undefined where there is none, or it is invalid. */
export function sizeOf(raw: Raw, project: Raw, path: string): Size | undefined {
    const own = project.size !== undefined;
    const size = own ? project.size : raw.size;
    const requirements = requirementsOf(size);
    if (requirements !== undefined) {
        return {
            path: own ? `${path}.size` : "size",
            blocks: sizeForRequirements(requirements).blocks,
            requirements,
        };
    }
    if (typeof size !== "string") {
        return undefined;
    }
    const blocks = valueAt(raw, ["sizes", size]);
    return isBlock(blocks) ? { path: `sizes.${size}`, blocks } : undefined;
}

/** Names of sizes that do not exist, and settings that a size by requirements would overrule. */
export function sizeIssues(raw: Raw): ConfigIssue[] {
    const names = isBlock(raw.sizes) ? Object.keys(raw.sizes) : [];
    const nameIssues = (path: string, size: unknown): ConfigIssue[] =>
        typeof size !== "string" || names.includes(size)
            ? []
            : [{ path, message: `"${size}" is not among sizes (${namesText(names)})` }];
    return [
        ...nameIssues("size", raw.size),
        ...blocksOf(raw.projects).flatMap(([i, project]) => [
            ...nameIssues(`projects[${i}].size`, project.size),
            ...(isBlock(project.size ?? raw.size) ? retentionIssues(`projects[${i}]`, project.kafka) : []),
        ]),
    ];
}

/** Kafka takes the finest unit that is set, and sizing sets milliseconds: a coarser unit would be ignored. */
function retentionIssues(path: string, kafka: unknown): ConfigIssue[] {
    const config = valueAt(kafka, ["config"]);
    return ["log.retention.hours", "log.retention.minutes"]
        .filter((setting) => isBlock(config) && config[setting] !== undefined)
        .map((setting) => ({
            path: `${path}.kafka.config.${setting}`,
            message: "would be overruled by the retention of size; change that, or set log.retention.ms",
        }));
}

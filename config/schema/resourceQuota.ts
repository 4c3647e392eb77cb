/** What config may say of the resources of a Project's applications, in the namespace that is created for them. */
import { z } from "zod";
import { cpu, size, whole } from "./fields.ts";

const QUOTA = "must be a block with pods, cpu, memory or storage";
const RANGE = "must be a block with cpu or memory";

export const resourceQuotaSchema = z
    .strictObject(
        {
            pods: whole(1, 100_000).optional().describe("Most pods."),
            cpu: cpu().optional().describe("Most CPUs that all pods request together."),
            memory: size().optional().describe("Most memory that all pods request together."),
            storage: size().optional().describe("Largest size of all PVCs together."),
        },
        { error: QUOTA },
    )
    .refine(hasAny, { error: QUOTA });

export const limitRangeSchema = z
    .strictObject(
        {
            cpu: cpu().optional().describe("CPU that a container requests if it names none."),
            memory: size().optional().describe("Memory that a container requests if it names none."),
        },
        { error: RANGE },
    )
    .refine(hasAny, { error: RANGE });

export type ResourceQuotaConfig = z.output<typeof resourceQuotaSchema>;
export type LimitRangeConfig = z.output<typeof limitRangeSchema>;

function hasAny(block: object): boolean {
    return Object.values(block).some((value) => value !== undefined);
}

/** The part of an environment that a stack manages. */

import { ConfigError } from "./errors.ts";
import type { Environment, ProjectConfig } from "./schema/environment.ts";

export interface Scope {
    /** Whether the stack manages what all Projects share: cluster, node pools, storage classes. */
    readonly base: boolean;
    readonly projects: readonly ProjectConfig[];
}

/** Name of a Project's stack, in an environment with a stack per Project. */
export function projectStack(environment: string, project: string): string {
    return `${environment}.${project}`;
}

/** The name of the environment in that of a stack, and the Project's if the stack is a Project's. */
export function stackParts(stack: string): { readonly environment: string; readonly project?: string } {
    const [environment = stack, project] = stack.split(".");
    return project === undefined ? { environment } : { environment, project };
}

/**
 * Everything, or with `stackPerProject` either what is shared (the stack of the environment's own name) or one Project
 * (`ENVIRONMENT.PROJECT`). The stack of a Project that was removed from config manages nothing: its resources are to be
 * deleted, which the deletion guard refuses unless allowDestroy lists them.
 *
 * @throws ConfigError for a Project's stack of an environment without `stackPerProject`
 */
export function scopeOf({ projects, stackPerProject }: Environment, stack: string): Scope {
    const { environment, project } = stackParts(stack);
    if (project === undefined) {
        return { base: true, projects: stackPerProject ? [] : projects };
    }
    if (stackPerProject) {
        return { base: false, projects: projects.filter(({ name }) => name === project) };
    }
    const message = `is false, but the stack ${stack} is that of one Project`;
    const next = `Use the stack ${environment}, or set stackPerProject`;
    throw new ConfigError(`Pulumi.${environment}.yaml`, [{ path: "stackPerProject", message }], next);
}

/** Which part of an environment a stack is responsible for. */

import { ConfigError } from "./errors.ts";
import type { Environment, ProjectConfig } from "./schema/environment.ts";

export interface Scope {
    /** Whether the stack has what all Projects share: cluster, node pools, storage classes. */
    readonly base: boolean;
    readonly projects: readonly ProjectConfig[];
}

/** Name of the stack of one Project in an environment that is divided. */
export function projectStack(environment: string, project: string): string {
    return `${environment}.${project}`;
}

/** The environment's name in that of a stack, and the Project's if the stack is that of one. */
export function stackParts(stack: string): { readonly environment: string; readonly project?: string } {
    const [environment = stack, project] = stack.split(".");
    return project === undefined ? { environment } : { environment, project };
}

/**
 * What a stack has of its environment: everything, or with `stackPerProject` either what is shared (the stack of the
 * environment's own name) or one Project (`ENVIRONMENT.PROJECT`). A stack of a Project that config does not have any
 * more has nothing: what it holds is up for deletion, which the guard refuses unless config allows it.
 *
 * @throws ConfigError for a Project's stack of an environment that is not divided
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

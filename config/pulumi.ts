/** The config of the running Pulumi program: the only reader of pulumi's own. */
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment.ts";
import { ConfigError } from "./faults.ts";
import { planOf, planText } from "./plan.ts";
import { readEnvironment } from "./read.ts";
import { type Scope, scopeOf } from "./scope.ts";
import { PROGRAM, settingValue } from "./setting.ts";

/**
 * The environment of the selected stack, and what of it the stack is responsible for. A preview shows what deserves
 * a look in it and, where nodes cost money, what the environment takes and costs.
 *
 * @throws pulumi.RunError naming every fault at once, before any resource is registered
 */
export function readConfig(): { readonly environment: Environment; readonly scope: Scope } {
    const stack = pulumi.getStack();
    const raw: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
        if (!key.startsWith(`${PROGRAM}:`)) continue;
        const name = key.slice(PROGRAM.length + 1);
        raw[name] = settingValue(name, value);
    }
    try {
        const environment = readEnvironment(
            raw,
            `Pulumi.${stack}.yaml`,
            `Correct it, then run: unity check --stack ${stack}`,
        );
        for (const warning of environment.warnings) void pulumi.log.warn(warning);
        if (environment.gke && pulumi.runtime.isDryRun()) void pulumi.log.info(planText(planOf(environment)));
        return { environment, scope: scopeOf(environment, stack) };
    } catch (error) {
        // A RunError is shown without the stack trace that helps nobody here.
        throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
    }
}

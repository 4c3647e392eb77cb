/** The config of the running Pulumi program: the only reader of pulumi's own. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { root } from "../common/paths.ts";
import { planOf } from "../planning/plan.ts";
import { planText } from "../planning/planText.ts";
import { ConfigError } from "./errors.ts";
import { readEnvironment } from "./load.ts";
import type { Environment } from "./schema/environment.ts";
import { withSecrets } from "./schema/secrets.ts";
import { type Scope, scopeOf, stackParts } from "./scope.ts";
import { secretsProviderIssues } from "./secretsProvider.ts";
import { PROGRAM, settingValue } from "./setting.ts";

/** Whether a setting, or a part of it, is encrypted in the stack file. The SDK has this but does not declare it. */
const { isConfigSecret } = pulumi.runtime as typeof pulumi.runtime & {
    isConfigSecret: (key: string) => boolean;
};

/**
 * The environment of the selected stack, and the part of it that the stack manages. Warnings are logged, and a preview
 * with gke logs the plan: nodes, Projects and cost.
 *
 * @throws pulumi.RunError naming every error at once, before any resource is registered
 */
export function readConfig(): { readonly environment: Environment; readonly scope: Scope } {
    const stack = pulumi.getStack();
    // The stack of a Project is configured by the file of its environment.
    const { environment: file } = stackParts(stack);
    const raw: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
        if (!key.startsWith(`${PROGRAM}:`)) {
            continue;
        }
        const name = key.slice(PROGRAM.length + 1);
        const setting = settingValue(name, value);
        raw[name] = isConfigSecret(key) ? withSecrets(name, setting) : setting;
    }
    try {
        const environment = readEnvironment(
            raw,
            `Pulumi.${file}.yaml`,
            `Correct it, then run: unity check --stack ${file}`,
            secretsProviderIssues(textOf(`Pulumi.${file}.yaml`), raw),
        );
        for (const warning of environment.warnings) {
            void pulumi.log.warn(warning);
        }
        if (environment.gke && pulumi.runtime.isDryRun()) {
            void pulumi.log.info(planText(planOf(environment)));
        }
        return { environment, scope: scopeOf(environment, stack) };
    } catch (error) {
        // Pulumi shows a RunError without a stack trace.
        throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
    }
}

/** The text of a stack file of this checkout; empty where there is none, as for another file by --config-file. */
function textOf(file: string): string {
    const path = join(root, file);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** The config of the running Pulumi program: the only reader of pulumi's own. */
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environment.ts";
import { ConfigError } from "./faults.ts";
import { readEnvironment } from "./read.ts";
import { PROGRAM, settingValue } from "./setting.ts";

/**
 * The environment of the selected stack.
 *
 * @throws pulumi.RunError naming every fault at once, before any resource is registered
 */
export function readConfig(): Environment {
    const stack = pulumi.getStack();
    const raw: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
        if (!key.startsWith(`${PROGRAM}:`)) continue;
        const name = key.slice(PROGRAM.length + 1);
        raw[name] = settingValue(name, value);
    }
    try {
        const next = `Correct it, then run: unity check --stack ${stack}`;
        return readEnvironment(raw, `Pulumi.${stack}.yaml`, next);
    } catch (error) {
        // A RunError is shown without the stack trace that helps nobody here.
        throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
    }
}

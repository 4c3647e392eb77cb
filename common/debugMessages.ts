import * as pulumi from "@pulumi/pulumi";

/**
 * Drops the SDK's debug messages. It sends the engine several for each resource, one after the other, and the engine
 * drops them: an eighth of a preview's processor time. `PULUMI_OPTION_DEBUG=true`, Pulumi's option `--debug` as a
 * variable, shows them; the option itself is not seen here and shows those of the engine and the providers only.
 */
export function dropDebugMessages(): void {
    if (process.env.PULUMI_OPTION_DEBUG !== "true") {
        Reflect.set(pulumi.log, "debug", () => Promise.resolve());
    }
}

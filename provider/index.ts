/** The process that Pulumi starts for the provider `unity`. */
import { main } from "@pulumi/pulumi/provider/index.js";
import { unityProvider } from "./provider.ts";

/** How soon it ends after Pulumi, in milliseconds. */
const INTERVAL = 250;

// Pulumi that is killed leaves its providers behind. This one would go on restarting servers, unknown to the next `up`,
// which does so too.
const pulumi = process.ppid;
setInterval(() => {
    if (process.ppid !== pulumi) {
        process.exit(1);
    }
}, INTERVAL).unref();

await main(unityProvider(), process.argv.slice(2));

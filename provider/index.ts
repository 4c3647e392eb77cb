/** The process that Pulumi starts for the provider `unity`. */
import { main } from "@pulumi/pulumi/provider/index.js";
import { unityProvider } from "./provider.ts";

// Pulumi loads a provider by `require`, which no module that awaits at its top may be.
void main(unityProvider(), process.argv.slice(2));

/** The process that Pulumi starts for the provider `unity`. */
import { main } from "@pulumi/pulumi/provider/index.js";
import { unityProvider } from "./provider.ts";

await main(unityProvider(), process.argv.slice(2));

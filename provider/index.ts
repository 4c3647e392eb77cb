/** The process that Pulumi starts for the provider `unity`. */
import { flushCompileCache } from "node:module";
import { main } from "@pulumi/pulumi/provider/index.js";
import type { Log } from "./provider.ts";
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

const args = process.argv.slice(2);
// Pulumi gives the engine's address last, after options.
const engine = args.at(-1);

let engineLog: Promise<Log> | undefined;
/** Most previews say nothing, so the log is opened for its first line. */
const log: Log = (...line) => {
    if (engine === undefined) {
        return;
    }
    engineLog ??= import("./engineLog.ts").then(({ openEngineLog }) => openEngineLog(engine));
    void engineLog.then((write) => write(...line));
};

await main(unityProvider({ log }), args);
// Node.js does this at its end, but Pulumi kills its providers.
flushCompileCache();

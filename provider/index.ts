/** The process that Pulumi starts for the provider `unity`. */
import { main } from "@pulumi/pulumi/provider/index.js";
import type { Log } from "./provider.ts";
import { unityProvider } from "./provider.ts";

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

import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheDir, logDir, pulumiBackendDir, pulumiHomeDir, root } from "../common/paths.ts";
import { PROGRAM } from "../config/setting.ts";
import { run } from "./exec.ts";
import { embeddedEnv } from "./platform/kubectl.ts";
import { searchPath } from "./tools/find.ts";
import { pulumiIsOurs, toolFolders } from "./tools/toolchain.ts";

/** The stack whose state is in the checkout itself. */
export const LOCAL_STACK = "local";

/** The environment in which `pulumi` works on the stack `local`, with its own backend and settings. */
export function pulumiEnv(): NodeJS.ProcessEnv {
    // Pulumi refuses a backend folder that does not exist.
    mkdirSync(pulumiBackendDir, { recursive: true });
    keepNoCallLogs();
    const folders = [join(root, "node_modules", ".bin"), ...toolFolders(), searchPath];
    return {
        ...embeddedEnv(),
        PATH: folders.join(delimiter),
        PULUMI_BACKEND_URL: `file://${pulumiBackendDir}`,
        PULUMI_HOME: pulumiHomeDir,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        NODE_COMPILE_CACHE: join(cacheDir, "node-compile"),
        // All plugins are built here, so there is nothing to download.
        ...(pulumiIsOurs() ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
    };
}

/**
 * Pulumi writes each call of a provider to `logs` in its home folder, compressed and encrypted, up to 500 MiB of them.
 * That takes half of its processor time, and no setting ends it. Where it cannot make the folder, it does without.
 */
function keepNoCallLogs(): void {
    const logs = join(pulumiHomeDir, "logs");
    if (!statSync(logs, { throwIfNoEntry: false })?.isFile()) {
        rmSync(logs, { recursive: true, force: true });
        mkdirSync(pulumiHomeDir, { recursive: true });
        writeFileSync(logs, "A file, so that Pulumi makes no folder of logs here: see local/pulumi.ts.\n");
    }
}

export interface PulumiOptions {
    /** File that the output is appended to; default: `pulumi.log` among the logs. */
    readonly log?: string;
    /** The program's folder; default: the checkout. */
    readonly cwd?: string;
    /** The whole environment; default: {@link pulumiEnv}. */
    readonly env?: NodeJS.ProcessEnv;
    /** Told every line of output as it comes. */
    readonly onLine?: (line: string) => void;
}

/**
 * Runs `pulumi` in {@link pulumiEnv} to its end and returns its standard output.
 *
 * @throws CommandError with the output when it ends with anything but 0.
 */
export async function runPulumi(args: readonly string[], options: PulumiOptions = {}): Promise<string> {
    return run(["pulumi", ...args, "--non-interactive", "--color=never"], {
        cwd: options.cwd ?? root,
        env: options.env ?? pulumiEnv(),
        log: options.log ?? join(logDir, "pulumi.log"),
        ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    });
}

/** Creates and selects the stack `local` if it does not exist; where it does, that has been done. */
export async function ensureLocalStack(): Promise<void> {
    if (existsSync(join(pulumiBackendDir, ".pulumi", "stacks", PROGRAM, `${LOCAL_STACK}.json`))) {
        return; // pulumi would take half a second to say so
    }
    await runPulumi(["stack", "select", "--create", LOCAL_STACK]);
}

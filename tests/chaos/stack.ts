/** A stack of its own on the embedded platform, whose config a scenario breaks and corrects. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { logDir, root, stateDir } from "../../common/paths.ts";
import { pulumiEnv, runPulumi } from "../../local/pulumi.ts";
import { isReady, type Kubernetes, pods } from "../e2e/cluster.ts";
import { allArrived, SAMPLE, SAMPLE_LINES, send } from "../e2e/unity.ts";

/** Config as a stack file has it, without the program's prefix. */
export type Config = Record<string, unknown> & {
    zookeeper: Record<string, unknown>;
    kafka: Record<string, unknown>;
    projects: Record<string, unknown>[];
};

const PREFIX = "unity-kafka:";

export class ScenarioStack {
    readonly #name: string;
    readonly #folder: string;
    /** The program's folder; default: the checkout. */
    readonly #program: string;
    readonly #log: string;
    /** With which secrets of config are encrypted, once there are any. */
    #salt: string | undefined;

    constructor(name: string, program = root) {
        this.#name = name;
        this.#folder = join(stateDir, name);
        this.#program = program;
        this.#log = join(logDir, `${name}.log`);
    }

    /** Creates the stack; one of an interrupted run is gone on with. */
    async create(): Promise<void> {
        mkdirSync(this.#folder, { recursive: true });
        // Pulumi writes a stack file beside the program's.
        copyFileSync(join(root, "Pulumi.yaml"), join(this.#folder, "Pulumi.yaml"));
        const options = { log: this.#log, cwd: this.#folder };
        await runPulumi(["stack", "select", "--create", this.#name], options);
        await runPulumi(["cancel", "--yes", "--stack", this.#name], options);
    }

    /** Brings it up with a config to the end. Returns what Pulumi printed; throws if it fails. */
    up(config: Config, ...flags: string[]): Promise<string> {
        return this.pulumi(["up", "--yes", "--skip-preview", ...flags], config);
    }

    /** The same config with a secret more, encrypted by the stack. */
    async withSecret(config: Config, path: string, value: string): Promise<Config> {
        const file = this.#file(config);
        // As a word of its own, a key in PEM would be an option.
        const set = ["config", "set-all", "--path", "--secret", `${PREFIX}${path}=${value}`];
        await runPulumi([...set, "--stack", this.#name, "--config-file", file], { log: this.#log });
        const text = readFileSync(file, "utf8");
        ({ encryptionsalt: this.#salt } = parse(text) as { encryptionsalt?: string });
        return plain(text);
    }

    /** Runs Pulumi to its end. */
    pulumi(args: readonly string[], config: Config): Promise<string> {
        const all = [...args, "--stack", this.#name, "--config-file", this.#file(config)];
        return runPulumi(all, { log: this.#log, cwd: this.#program });
    }

    /**
     * Begins to bring it up, and ends that when something is so: by Ctrl-C, or killed with all its processes. After that
     * it is to be created again, which removes the lock.
     *
     * @returns milliseconds that it took to end
     * @throws Error when it ends before
     */
    async interruptUp(
        config: Config,
        when: () => Promise<boolean>,
        signal: "SIGINT" | "SIGKILL" = "SIGINT",
    ): Promise<number> {
        const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", this.#name];
        const log = openSync(this.#log, "a");
        const child = spawn("pulumi", [...args, "--config-file", this.#file(config)], {
            cwd: this.#program,
            env: pulumiEnv(),
            stdio: ["ignore", log, log],
            detached: signal === "SIGKILL",
        });
        closeSync(log);
        let ended = false;
        const end = new Promise<void>((resolve) =>
            child.once("exit", () => {
                ended = true;
                resolve();
            }),
        );
        while (!(await when())) {
            if (ended) {
                throw new Error("pulumi up has ended by itself");
            }
            await sleep(250);
        }
        const begun = performance.now();
        if (signal === "SIGKILL") {
            process.kill(-child.pid!, signal);
        } else {
            child.kill(signal);
        }
        await end;
        return performance.now() - begun;
    }

    /** Destroys its Projects with all that they hold. */
    async empty(config: Config): Promise<void> {
        const allowed = { ...config, allowDestroy: config.projects.map(({ name }) => name) };
        await this.pulumi(["destroy", "--yes", "--skip-preview", "--run-program"], allowed);
    }

    /** Takes it away with all that it holds. */
    async destroy(config: Config): Promise<void> {
        await this.empty(config);
        await this.remove();
    }

    /** Takes away what is left of it once it is empty. */
    async remove(): Promise<void> {
        await runPulumi(["stack", "rm", "--yes", "--preserve-config", this.#name], { log: this.#log });
        rmSync(this.#folder, { recursive: true });
    }

    #file(config: Config): string {
        const file = join(this.#folder, "config.yaml");
        writeFileSync(file, stringify({ encryptionsalt: this.#salt, config: prefixed(config) }));
        return file;
    }
}

/** The config of a stack file. */
export function prefixed(config: Config): Record<string, unknown> {
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [`${PREFIX}${key}`, value]));
}

/** The config of the shared environment, in namespaces and a storage class of this stack's own, with these Projects. */
export function configOf(stack: string, projects: Config["projects"]): Config {
    const text = readFileSync(join(import.meta.dirname, "../e2e/Pulumi.e2e.yaml"), "utf8");
    const config = plain(text.replaceAll("unity-e2e", `unity-${stack}`));
    return { ...config, namespacePrefix: `${stack}-`, projects };
}

/** The config in the text of a stack file. */
function plain(text: string): Config {
    const { config } = parse(text) as { config: Record<string, unknown> };
    const entries = Object.entries(config).map(([key, value]) => [key.slice(PREFIX.length), value]);
    return Object.fromEntries(entries) as Config;
}

/** Asserts that every server of a Project of three and three is Ready, and that a file arrives. */
export async function assertHealthy(k: Kubernetes, namespace: string): Promise<void> {
    for (const set of ["zookeeper", "kafka"]) {
        const all = await pods(k, namespace, set);
        assert.deepEqual([all.length, all.every(isReady)], [3, true], set);
    }
    assert.deepEqual(await send(namespace, SAMPLE), allArrived(SAMPLE_LINES));
}

/** A config with some settings of its servers replaced. */
export function changed(
    config: Config,
    change: { zookeeper?: object; kafka?: object; [key: string]: unknown },
): Config {
    return {
        ...config,
        ...change,
        zookeeper: { ...config.zookeeper, ...change.zookeeper },
        kafka: { ...config.kafka, ...change.kafka },
    };
}

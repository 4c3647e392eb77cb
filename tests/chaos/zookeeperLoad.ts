/** Clients of an ensemble that run while its servers restart. */
import { setTimeout as sleep } from "node:timers/promises";
import { kubeconfigPath } from "../../common/paths.ts";
import { askServers } from "../../kafka/fourLetterWords.ts";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import type { Kubernetes } from "../e2e/cluster.ts";
import { until } from "../e2e/cluster.ts";
import { PodProcess } from "../e2e/podProcess.ts";
import { zookeeperCommandLine } from "../e2e/zookeeper.ts";

/** Exists in the pod as long as znodes are to be created. */
const RUNS = "/tmp/creates-znodes";

/** Creates ten znodes a second below one, by the certificate of a broker, in whose pod it runs. */
export class Znodes {
    /** Names of those whose creation was acknowledged. */
    readonly created: string[] = [];
    readonly #process: PodProcess;

    constructor(k: Kubernetes, namespace: string, parent: string) {
        const create = `echo create ${parent}; i=0; while [ -e ${RUNS} ]; do echo create ${parent}/$i; i=$((i + 1)); sleep 0.1; done`;
        // The shell is stopped; the client ends with its input.
        const script = `: > ${RUNS}; trap 'rm ${RUNS}' TERM; { ${create}; } | ${zookeeperCommandLine(true)} 2>&1 & wait; wait`;
        this.#process = new PodProcess(k, namespace, "kafka-0", ["sh", "-c", script], (line) => {
            const [, name] = new RegExp(`Created ${parent}/(\\d+)$`).exec(line) ?? [];
            if (name !== undefined) {
                this.created.push(name);
            }
        });
    }

    /** Waits until more are created than now. */
    async untilMore(count: number, seconds = 60): Promise<void> {
        const goal = this.created.length + count;
        await until(`${goal} znodes created`, seconds, async () => {
            this.#process.assertRunning();
            return this.created.length >= goal;
        });
    }

    stop(): Promise<void> {
        return this.#process.stop();
    }
}

/** Samples the modes of all servers, at most twice a second: one that restarts takes longer to be asked. */
export class Modes {
    samples = 0;
    /** Most leaders in one sample. */
    leaders = 0;
    /** Most servers that were in sync in one sample. */
    inSync = 0;
    /** Longest time without a leader, in seconds. */
    longestGap = 0;
    #stopped = false;
    readonly #sampling: Promise<void>;

    constructor(namespace: string) {
        this.#sampling = this.#sample(namespace);
    }

    async stop(): Promise<void> {
        this.#stopped = true;
        await this.#sampling;
    }

    async #sample(namespace: string): Promise<void> {
        const cluster = openCluster({ kubeconfig: kubeconfigPath });
        let ledAt = performance.now();
        while (!this.#stopped) {
            const next = sleep(500);
            const answers = await askServers(cluster, namespace, "srvr");
            const modes = answers.flatMap(({ answer = "" }) => /^Mode: (\w+)$/m.exec(answer)?.[1] ?? []);
            const leaders = modes.filter((mode) => mode === "leader").length;
            this.samples++;
            this.leaders = Math.max(this.leaders, leaders);
            this.inSync = Math.max(this.inSync, modes.length);
            if (leaders > 0) {
                this.longestGap = Math.max(this.longestGap, (performance.now() - ledAt) / 1000);
                ledAt = performance.now();
            }
            await next;
        }
    }
}

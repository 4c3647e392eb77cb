/** A command in a pod that runs until it is stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { inPod, type Kubernetes, until } from "./cluster.ts";

export class PodProcess {
    readonly #k: Kubernetes;
    readonly #namespace: string;
    readonly #pod: string;
    readonly #onLine: (line: string) => void;
    readonly #finished: Promise<unknown>;
    #pid: string | undefined;
    #unread = "";
    #failure: Error | undefined;
    #stopped: Promise<void> | undefined;

    /** @param onLine is told each line of its standard output, as it comes */
    constructor(
        k: Kubernetes,
        namespace: string,
        pod: string,
        command: readonly string[],
        onLine: (line: string) => void,
    ) {
        [this.#k, this.#namespace, this.#pod, this.#onLine] = [k, namespace, pod, onLine];
        // Its number is that of the shell, which the command takes over.
        const script = ["sh", "-c", 'echo "pid $$"; exec "$@"', "process", ...command];
        this.#finished = inPod(k, namespace, pod, script, (chunk) => this.#read(chunk)).then(
            () => this.#ended(new Error("it has ended by itself")),
            (error: Error) => this.#ended(error),
        );
    }

    /** @throws Error when it has ended */
    assertRunning(): void {
        if (this.#failure) {
            throw this.#failure;
        }
    }

    /** Ends it, and waits for that. Safe to repeat. */
    stop(): Promise<void> {
        return (this.#stopped ??= (async () => {
            if (this.#failure) {
                return;
            }
            await until("the command has a process", 60, async () => this.#pid !== undefined);
            await inPod(this.#k, this.#namespace, this.#pod, ["sh", "-c", `kill ${this.#pid}`]);
            await Promise.race([this.#finished, sleep(60_000, undefined, { ref: false })]);
        })());
    }

    #ended(error: Error): void {
        // A signal is no success to the one who waits for the command.
        if (!this.#stopped) {
            this.#failure = new Error(`what ran in ${this.#pod} of ${this.#namespace} has ended`, {
                cause: error,
            });
        }
    }

    #read(chunk: string): void {
        const lines = (this.#unread + chunk).split("\n");
        this.#unread = lines.pop()!;
        for (const line of lines) {
            if (this.#pid === undefined && line.startsWith("pid ")) {
                this.#pid = line.slice("pid ".length);
            } else {
                this.#onLine(line);
            }
        }
    }
}

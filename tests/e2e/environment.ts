/**
 * What the end-to-end tests share: the embedded platform, and on it the Projects blue and green. Each is brought up
 * on first use and taken away at the end of the run, unless it was there before, or a test has failed.
 */
import { existsSync } from "node:fs";
import { up as startPlatform } from "../../local/commands/up.ts";
import { dataDir } from "../../local/platform/layout.ts";
import { removePlatform } from "../../local/platform/remove.ts";
import { connect, type Kubernetes, pods, restarts, untilReady } from "./cluster.ts";
import { changed, ensureStack, pulumi, removeStack, stackFile, up } from "./stack.ts";

export const PROJECTS = ["blue", "green"];
export const BLUE = "e2e-blue";
export const GREEN = "e2e-green";
/** The namespace of blue's components. */
export const BLUE_CLIENTS = "e2e-blue-clients";

export interface SharedEnvironment {
    readonly k: Kubernetes;
    /** Restarts of containers while `pulumi up` brought it up, by namespace/pod. */
    readonly restartsDuringUp: Readonly<Record<string, number>>;
}

let platform: Promise<Kubernetes> | undefined;
let platformNodes = 0;
let environment: Promise<SharedEnvironment> | undefined;
/** See {@link runBeside}. */
const beside: (() => Promise<void>)[] = [];
let ownsPlatform = false;
let ownsEnvironment = false;

/** For a `before` hook: a new machine builds the tools first. */
export const BRING_UP_TIMEOUT = "60m";

/**
 * The platform, running.
 * @param nodes that it has at least: a test may need more than the others
 */
export function sharedPlatform(nodes = 3): Promise<Kubernetes> {
    if (platform === undefined || nodes > platformNodes) {
        const before = platform;
        platformNodes = nodes;
        platform = (async () => {
            await before;
            // Also one that does not run just now is somebody's, with its Projects and their data.
            ownsPlatform ||= before === undefined && !existsSync(dataDir);
            await startPlatform({ nodes, platformOnly: true });
            return connect();
        })();
    }
    return platform;
}

/**
 * Starts the platform, and then has the Projects brought up beside the tests that come before those which use them: a
 * bring-up mostly waits. The tests that use the environment fail if that does.
 */
export async function bringUpEarly(): Promise<void> {
    await sharedPlatform().catch(() => undefined);
    sharedEnvironment().catch(() => undefined);
}

/** The Projects blue and green, deployed and Ready. */
export function sharedEnvironment(): Promise<SharedEnvironment> {
    return (environment ??= (async () => {
        const began = Date.now();
        const k = await sharedPlatform();
        ownsEnvironment = !(await ensureStack());
        const before = await restartsByPod(k);
        await up();
        await untilAllReady(k);
        const restartsDuringUp = Object.fromEntries(
            Object.entries(await restartsByPod(k)).map(([pod, count]) => [pod, count - (before[pod] ?? 0)]),
        );
        console.log(`The shared environment is up after ${Math.round((Date.now() - began) / 1000)} s.`);
        startBeside();
        return { k, restartsDuringUp };
    })());
}

/**
 * Has work done as soon as the shared environment is up, beside tests: it mostly waits, and so do they. Returns the
 * function that starts it, where it has not started, and ends when it has.
 */
export function runBeside(work: () => Promise<void>): () => Promise<void> {
    let running: Promise<void> | undefined;
    const start = () => (running ??= work());
    beside.push(start);
    return start;
}

function startBeside(): void {
    for (const start of beside) {
        start().catch(() => undefined);
    }
}

/** Waits until nothing runs beside the tests any more: before a node is made to fail, which all are on. */
export async function othersDone(): Promise<void> {
    await Promise.allSettled(beside.map((start) => start()));
}

/** Waits until every server of both Projects is Ready. */
export async function untilAllReady(k: Kubernetes): Promise<void> {
    for (const namespace of [BLUE, GREEN]) {
        for (const set of ["zookeeper", "kafka"]) {
            await untilReady(k, namespace, set, 3);
        }
    }
}

async function restartsByPod(k: Kubernetes): Promise<Record<string, number>> {
    const all = await Promise.all([BLUE, GREEN].map((namespace) => pods(k, namespace)));
    return Object.fromEntries(
        all.flat().map((pod) => [`${pod.metadata!.namespace}/${pod.metadata!.name}`, restarts(pod)]),
    );
}

/** Destroys the Projects with all that they hold; the next use brings them up again. */
export async function destroyEnvironment(): Promise<void> {
    const allowed = stackFile(changed((settings) => Object.assign(settings, { allowDestroy: PROJECTS })));
    await pulumi(["destroy", "--yes", "--skip-preview", "--run-program"], allowed);
    environment = undefined;
    await removeStack();
}

after("the shared environment is taken away", async function () {
    this.timeout("5m");
    const suites = this.test!.parent!.suites.filter(({ file }) => /\/(e2e|chaos)\/[^/]+$/.test(file ?? ""));
    const passed = suites.every((suite) => {
        let all = true;
        suite.eachTest(({ state }) => {
            all &&= state === "passed";
        });
        return all;
    });
    if (!passed) {
        if (platform) {
            console.log(
                "All is left as it is, to be looked at: logs are in .unity/log, `npm run down` removes it.",
            );
        }
        return;
    }
    if (environment && ownsEnvironment) {
        await destroyEnvironment();
    }
    if (platform && ownsPlatform) {
        await removePlatform();
    }
});

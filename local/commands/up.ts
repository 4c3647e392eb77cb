import { join } from "node:path";
import { logDir, root } from "../../common/paths.ts";
import { run } from "../exec.ts";
import { buildImages } from "../image/image.ts";
import { checkMachine } from "../platform/machine.ts";
import { ensurePlatform, platformProcesses, runningNodes } from "../platform/platform.ts";
import { ensureLocalStack, LOCAL_STACK, pulumiEnv } from "../pulumi.ts";
import { freshLog, isTerminal, runSteps, type Step } from "../steps.ts";
import { localEnvironment, ownCluster } from "../target.ts";
import { ensurePackages, platformRequirements } from "../tools/packages.ts";
import { ensureTools } from "../tools/toolchain.ts";

export interface UpOptions {
    /** Nodes of the embedded Kubernetes; default: 3, or those that run. */
    readonly nodes?: number;
    /** Leave out what Pulumi deploys. */
    readonly platformOnly?: boolean;
}

/** One for each zone. */
const DEFAULT_NODES = 3;

/**
 * Brings up the environment `local`: tools, Kubernetes unless the stack names a cluster, images, and what the
 * program deploys. Parts that are up already stay as they are.
 */
export async function up(options: UpOptions): Promise<void> {
    const embedded = ownCluster() === undefined;
    const nodes = options.nodes ?? DEFAULT_NODES;
    if (embedded && options.platformOnly !== true) {
        refuseTooFew(nodes);
    }
    const steps = [
        ...(embedded ? [packagesStep] : []),
        toolsStep(embedded),
        ...(embedded ? [imagesStep, platformStep(nodes)] : []),
        ...(options.platformOnly === true ? [] : [deployStep]),
    ];
    await runSteps(steps);
    const more = embedded ? runningNodes().length - (options.nodes ?? Number.POSITIVE_INFINITY) : 0;
    if (more > 0) {
        console.log(
            `${more} more nodes than requested are running and are kept. For fewer nodes, start again after npm run down.`,
        );
    }
}

/** Every server of a StatefulSet needs a node of its own: with fewer, its pod would stay pending. */
function refuseTooFew(nodes: number): void {
    for (const { name, kafka, zookeeper } of localEnvironment().projects) {
        const needed = Math.max(kafka.brokers, zookeeper.servers);
        if (needed > nodes) {
            throw new Error(
                `${nodes} nodes are too few for the Project ${name}: use --nodes ${needed} or more`,
            );
        }
    }
}

/** The first step: a machine that cannot run the platform is refused before a long build. */
const packagesStep: Step = {
    title: "Machine and its packages",
    run: async () => {
        checkMachine(platformProcesses() === 0);
        await ensurePackages(platformRequirements, freshLog("packages"));
    },
};

const toolsStep = (embedded: boolean): Step => ({
    title: "Tools",
    run: (report) => ensureTools(embedded, report),
});

const imagesStep: Step = {
    title: "Images",
    run: async () => {
        await buildImages(freshLog("images"));
    },
};

const platformStep = (nodes: number): Step => ({
    title: "Kubernetes",
    run: async (report) => {
        const images = await buildImages(join(logDir, "images.log")); // there by now
        await ensurePlatform({ nodes, images, onStep: report });
    },
});

/** As in every environment: also after an `up` that was killed. */
const deployStep: Step = {
    title: "Projects (unity up)",
    run: async (report) => {
        await ensureLocalStack();
        const options = ["--yes", "--non-interactive", "--color=never"];
        await run([join(root, "cli", "unity"), "up", "--stack", LOCAL_STACK, "--", ...options], {
            cwd: root,
            env: pulumiEnv(),
            log: freshLog("pulumi-up"),
            // Too many lines for a log; the file has them.
            ...(isTerminal() ? { onLine: report } : {}),
        });
    },
};

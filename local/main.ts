import { Argument, Command, CommanderError, InvalidArgumentError } from "commander";
import type { DownOptions } from "./commands/down.ts";
import type { UpOptions } from "./commands/up.ts";
import { running } from "./exec.ts";
import { type FaultActionName, faultActions } from "./platform/faultActions.ts";
import { MAX_NODES } from "./platform/layout.ts";

// Each command loads what it needs, and only that: the clients of Kubernetes and X.509 take half a second.

/**
 * Exit codes: 0 success, 1 failure, 2 invalid arguments, 130 and 143 stopped by a signal. Those of `unity`, `kubectl`
 * and `pulumi` are kept.
 */
const USAGE = 2;

const program = new Command("local")
    .description("The environment `local`: Projects on an embedded Kubernetes, or on a cluster of your own.")
    .exitOverride()
    .enablePositionalOptions();

program
    .command("start")
    .description("start the platform, deploy the Projects and send the sample file through one of them")
    .option("--nodes <N>", "nodes of the embedded Kubernetes, 1 to 9 (default: 3)", nodeCount)
    .action(async (options: UpOptions) => {
        const { up } = await import("./commands/up.ts");
        const { sendSample } = await import("./commands/sample.ts");
        await up(options);
        process.exitCode = await sendSample();
    });

program
    .command("up")
    .description("start the platform and deploy the Projects")
    .option("--nodes <N>", "nodes of the embedded Kubernetes, 1 to 9 (default: 3)", nodeCount)
    .option("--platform-only", "start the cluster without deploying Projects")
    .action(async (options: UpOptions) => {
        const { up } = await import("./commands/up.ts");
        await up(options);
    });

program
    .command("down")
    .description("remove the embedded Kubernetes with all its data")
    .option("--cache", "also remove the built tools and images")
    .action(async (options: DownOptions) => {
        const { down } = await import("./commands/down.ts");
        await down(options);
    });

program
    .command("status")
    .description("show the nodes and Projects, and where the logs are")
    .action(async () => {
        const { status } = await import("./commands/status.ts");
        process.exitCode = (await status()) ? 0 : 1;
    });

program
    .command("fault")
    .description("inject a failure into a node of the embedded Kubernetes, or end it")
    .addArgument(new Argument("<action>", "the failure, or what ends it").choices(Object.keys(faultActions)))
    .argument("<node>", "name of the node, e.g. node-2")
    .option("--timeout <SECONDS>", "how long drain waits for pods to be evicted", seconds, 300)
    .addHelpText("after", `\nActions:\n${actionHelp()}`)
    .action(async (action: FaultActionName, node: string, options: { timeout: number }) => {
        const { fault } = await import("./commands/fault.ts");
        await fault(action, node, options.timeout);
    });

program
    .command("image")
    .description("build the image of the embedded platform and print the path of its archive")
    .action(async () => {
        const { image } = await import("./commands/image.ts");
        await image();
    });

program
    .command("kubectl")
    .description("run kubectl on the embedded Kubernetes")
    .argument("[arguments...]", "passed to kubectl as they are")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (args: string[]) => {
        const { kubectl } = await import("./commands/kubectl.ts");
        process.exitCode = await kubectl(args);
    });

program
    .command("pulumi")
    .description("run pulumi on the stack local")
    .argument("[arguments...]", "passed to pulumi as they are")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (args: string[]) => {
        const { pulumi } = await import("./commands/pulumi.ts");
        process.exitCode = await pulumi(args);
    });

// A reader that stops early, as `head` does, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") {
        process.exit();
    }
    throw error;
});

let signalled: number | undefined;
stopOn("SIGINT", 130);
stopOn("SIGTERM", 143);

try {
    await program.parseAsync();
} catch (error) {
    if (error instanceof CommanderError) {
        process.exitCode = error.exitCode === 0 ? 0 : USAGE;
    } else {
        console.error(
            signalled === undefined
                ? messageOf(error)
                : "interrupted; run the same command again to continue",
        );
        process.exitCode = signalled ?? 1;
    }
}

/**
 * A signal ends the program after the command that it runs: Pulumi, above all, first saves its state. A second signal
 * ends it at once.
 */
function stopOn(signal: NodeJS.Signals, code: number): void {
    process.on(signal, () => {
        if (running.size === 0 || signalled !== undefined) {
            process.exit(code);
        }
        signalled = code;
        // A terminal sends SIGINT to the commands itself.
        if (signal !== "SIGINT") {
            for (const child of running) {
                child.kill(signal);
            }
        }
    });
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

function nodeCount(text: string): number {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < 1 || count > MAX_NODES) {
        throw new InvalidArgumentError(`It must be a number from 1 to ${MAX_NODES}.`);
    }
    return count;
}

function seconds(text: string): number {
    if (!/^[1-9]\d*$/.test(text)) {
        throw new InvalidArgumentError("It must be a whole number of seconds.");
    }
    return Number(text);
}

function actionHelp(): string {
    return Object.entries(faultActions)
        .map(([name, description]) => `  ${name.padEnd(10)} ${description}`)
        .join("\n");
}

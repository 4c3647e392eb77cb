/** `unity ikp`: whether IKP has and allows what the bridges of an environment need. */
import { Command } from "commander";
import { countOf } from "../../common/format.ts";
import { blocksOf, isBlock } from "../../config/raw.ts";
import type { IkpConfig } from "../../config/schema/ikp.ts";
import { PROGRAM, settingValue } from "../../config/setting.ts";
import { exitCode, UnityError } from "../errors.ts";
import type { BridgedProject, IkpCheckResult } from "../ikpCheck.ts";
import { type OutputOptions, outputOption } from "../options.ts";
import { pulumi } from "../pulumi.ts";
import { readStack, stackPath } from "../stackFiles.ts";

interface IkpOptions extends OutputOptions {
    readonly stack: string;
    readonly project?: string;
}

/** What the check needs of an environment. */
interface Bridged {
    readonly projects: readonly (Omit<BridgedProject, "bridge"> & Partial<BridgedProject>)[];
}

const HELP = `
Checks from this machine: addresses, TLS, logins, topics with their partitions, and ACLs, and warns where a bridge would
copy more than the Project's disks hold. Changes nothing at IKP.
The credentials come from the stack's secrets, which pulumi decrypts.

Exit codes: ${exitCode.ok} no errors, ${exitCode.failed} errors, or IKP cannot be reached, ${exitCode.usage} wrong usage.`;

/** The command, to be added to the program. */
export function ikpCommand(): Command {
    return new Command("ikp")
        .description("Checks that IKP has and allows what the bridges of an environment need.")
        .requiredOption("--stack <NAME>", "the environment")
        .option("--project <NAME>", "check the bridge of this Project only (default: all)")
        .addOption(outputOption())
        .addHelpText("after", HELP)
        .action((options: IkpOptions) => check(options));
}

async function check({ stack, project, output }: IkpOptions): Promise<void> {
    const environment = await readStack(stack);
    const names = environment.projects.map(({ name }) => name);
    if (project !== undefined && !names.includes(project)) {
        throw new UnityError(
            `Stack ${stack} has no Project ${project}`,
            `Choose one of: ${names.join(", ")}`,
            exitCode.usage,
        );
    }
    const bridged = bridgedProjects(environment).filter(({ name }) => name === (project ?? name));
    const result = await checkBridges(stack, bridged);
    const projects = bridged.map(({ name }) => name);
    if (output === "json") {
        process.stdout.write(`${JSON.stringify({ projects, ...result }, undefined, 2)}\n`);
    } else {
        writeLines([...result.errors, ...result.warnings.map((warning) => `Warning: ${warning}`)]);
        if (result.errors.length === 0) {
            process.stdout.write(`${successText(projects)}\n`);
        }
    }
    // The errors have been written in full; this only ends the program with its code.
    if (result.errors.length > 0) {
        process.exitCode = exitCode.failed;
    }
}

/**
 * Keeps an `up` from starting where IKP refuses what a bridge needs. Where IKP cannot be reached from this machine,
 * the cluster may still reach it: that is only a warning.
 *
 * @throws UnityError when IKP refuses anything
 */
export async function checkBeforeUp(stack: string, environment: Bridged): Promise<void> {
    const bridged = bridgedProjects(environment);
    if (bridged.length === 0) {
        return;
    }
    const { reached, errors, warnings } = await checkBridges(stack, bridged);
    if (!reached) {
        process.stderr.write(
            `IKP cannot be reached from here, so the bridges are not checked: ${errors[0]}\n`,
        );
        return;
    }
    writeLines([...errors, ...warnings.map((warning) => `Warning: ${warning}`)]);
    if (errors.length === 0) {
        return;
    }
    throw new UnityError(
        "IKP lacks what the bridges need",
        `Fix the errors above, then run: unity ikp --stack ${stack}`,
        exitCode.failed,
    );
}

function writeLines(lines: readonly string[]): void {
    process.stderr.write(lines.map((line) => `${line}\n`).join(""));
}

function bridgedProjects({ projects }: Bridged): BridgedProject[] {
    return projects.filter((project): project is BridgedProject => project.bridge !== undefined);
}

/** Once for each login, as several bridges may share one; what is wrong for several logins is said once. */
async function checkBridges(stack: string, bridged: readonly BridgedProject[]): Promise<IkpCheckResult> {
    if (bridged.length === 0) {
        return { reached: true, errors: [], warnings: [] };
    }
    const { checkIkp } = await import("../ikpCheck.ts");
    const connectionOf = await readConnections(stack);
    const connections = Map.groupBy(bridged, ({ name }) => connectionOf(name));
    const results = await Promise.all([...connections].map(([ikp, projects]) => checkIkp(ikp, projects)));
    return {
        reached: results.some(({ reached }) => reached),
        errors: [...new Set(results.flatMap(({ errors }) => errors))],
        warnings: results.flatMap(({ warnings }) => warnings),
    };
}

/**
 * How the bridge of each Project connects to IKP, as the stack has it, with its secrets decrypted: never to be printed.
 * Bridges that share a login have the same object.
 */
async function readConnections(stack: string): Promise<(project: string) => IkpConfig> {
    const { ikpFor, ikpLoginSchema, ikpSchema } = await import("../../config/schema/ikp.ts");
    const { withSecrets } = await import("../../config/schema/secrets.ts");
    const file = ["--config-file", stackPath(stack)];
    const text = await pulumi(["config", "--show-secrets", "--json", "--stack", stack, ...file], {
        output: "read",
    });
    const settings = JSON.parse(text) as Record<
        string,
        { value?: string; objectValue?: unknown } | undefined
    >;
    const read = (name: string) => {
        const setting = settings[`${PROGRAM}:${name}`];
        return withSecrets(name, settingValue(name, setting?.objectValue ?? setting?.value));
    };
    const { success, data: ikp } = ikpSchema.safeParse(read("ikp"));
    if (!success) {
        throw new UnityError(
            `Stack ${stack} has no valid setting ikp`,
            "Correct it as unity check describes",
            exitCode.failed,
        );
    }
    const logins = new Map(
        blocksOf(read("projects")).map(([, { name, bridge }]) => {
            const own = isBlock(bridge) ? ikpLoginSchema.safeParse(bridge.ikp).data : undefined;
            return [name, own && ikpFor(ikp, own)];
        }),
    );
    const shared = ikpFor(ikp);
    return (project) => logins.get(project) ?? shared;
}

function successText(projects: readonly string[]): string {
    return projects.length === 0
        ? "No Project has a bridge to IKP."
        : `IKP has and allows all that ${countOf(projects.length, "bridge")} need: ${projects.join(", ")}.`;
}

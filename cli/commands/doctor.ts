/** `unity doctor`: what an environment needs of this machine, of Pulumi and of Google Cloud, and lacks. */
import { Command } from "commander";
import { rowsText } from "../../common/table.ts";
import { type Check, notChecked, ok, problem } from "../doctor/check.ts";
import { exitCode } from "../errors.ts";
import { type OutputOptions, outputOption } from "../options.ts";
import { stackPath, tryEnvironment } from "../stackFiles.ts";

interface DoctorOptions extends OutputOptions {
    readonly stack: string;
}

const HELP = `
It changes nothing. What it cannot find out, for want of a permission or because something else comes first, is shown as
not checked.

Exit codes: ${exitCode.ok} no problem found, ${exitCode.unhealthy} a problem, ${exitCode.usage} no such stack.`;

/** The command, to be added to the program. */
export function doctorCommand(): Command {
    return new Command("doctor")
        .description("Checks what an environment needs before the first preview.")
        .requiredOption("--stack <NAME>", "the environment")
        .addOption(outputOption())
        .addHelpText("after", HELP)
        .action(doctor);
}

async function doctor({ stack, output }: DoctorOptions): Promise<void> {
    const checks = await checksOf(stack);
    if (checks.some(({ state }) => state === "problem")) {
        process.exitCode = exitCode.unhealthy;
    }
    process.stdout.write(
        output === "json" ? `${JSON.stringify({ stack, checks }, undefined, 2)}\n` : `${text(checks)}\n`,
    );
}

async function checksOf(stack: string): Promise<Check[]> {
    const environment = await tryEnvironment(stackPath(stack));
    const { googleLogin, pulumiChecks } = await import("../doctor/tools.ts");
    if (environment instanceof Error) {
        const count = environment.issues.length;
        return [
            problem(
                "config",
                `${count} ${count === 1 ? "error" : "errors"}`,
                `See unity check --stack ${stack}`,
            ),
            ...(await pulumiChecks(stack, true)),
            notChecked("Google Cloud", "that takes a valid config"),
        ];
    }
    const { gke, kubernetes } = environment;
    const config = ok("config", `Pulumi.${stack}.yaml is valid`);
    if (gke === undefined) {
        return [config, ...(await pulumiChecks(stack, false)), await contextCheck(kubernetes)];
    }
    const [pulumi, login] = await Promise.all([pulumiChecks(stack, true), googleLogin()]);
    const { getWith, googleChecks } = await import("../doctor/google.ts");
    const google =
        login.token === undefined
            ? [notChecked("Google Cloud", "that takes credentials")]
            : await googleChecks(environment, gke, getWith(login.token));
    return [config, ...pulumi, ...login.checks, ...google];
}

async function contextCheck(kubernetes: { context?: string | undefined; kubeconfig?: string | undefined }) {
    const about = "Kubernetes API";
    if (kubernetes.context === undefined) {
        return notChecked(about, "the stack is for the embedded platform", "Start it with npm start");
    }
    const { unreachableReason } = await import("../../kafka/kubernetes/reachability.ts");
    const reason = await unreachableReason(kubernetes);
    return reason === undefined
        ? ok(about, `context ${kubernetes.context}: nothing speaks against it`)
        : problem(about, reason, "Check the context, the VPN and whether the cluster is up");
}

const MARKS = { ok: "OK", problem: "PROBLEM", "not checked": "not checked" } as const;

function text(checks: readonly Check[]): string {
    const rows = checks.flatMap(({ state, about, what, next }) => [
        [MARKS[state], about, what],
        ...(next === undefined ? [] : [["", "", `Next: ${next}`]]),
    ]);
    const problems = checks.filter(({ state }) => state === "problem").length;
    const last =
        problems === 0 ? "No problem was found." : `${problems} ${problems === 1 ? "problem" : "problems"}.`;
    return `${rowsText(rows)}\n\n${last}`;
}

/** Tools of this machine, and what Pulumi knows of the stack. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { stackPath } from "../stackFiles.ts";
import { type Check, notChecked, ok, problem } from "./check.ts";

export const AUTH_PLUGIN = "gke-gcloud-auth-plugin";

/** How a program ended: its standard output, or why it gave none. */
export type Run = (
    program: string,
    args: readonly string[],
) => Promise<{ readonly stdout: string } | { readonly missing: true } | { readonly failure: string }>;

/** Runs a program of PATH, for half a minute at most: some would ask for a password. */
const run: Run = async (program, args) => {
    const { execa } = await import("execa");
    const result = await execa(program, args, { reject: false, stdin: "ignore", timeout: 30_000 });
    if (result.exitCode === 0) {
        return { stdout: result.stdout };
    }
    if (result.code === "ENOENT") {
        return { missing: true };
    }
    const said = (result.stderr || result.stdout || result.shortMessage || "no message").trim().split("\n");
    // Without the stamp of programs that log as Google's do.
    return { failure: said.at(-1)!.replace(/^[FEWI]\d{4} \S+ +\d+ \S+\] /, "") };
};

/** Pulumi's CLI, the backend, the stack in it and what encrypts its secrets. */
export async function pulumiChecks(stack: string, onGoogle: boolean, runs: Run = run): Promise<Check[]> {
    const version = await runs("pulumi", ["version"]);
    if (!("stdout" in version)) {
        const what = "missing" in version ? "it is not on PATH" : version.failure;
        return [
            problem("Pulumi's CLI", what, `Install version ${packageJson.dependencies["@pulumi/pulumi"]}`),
            ...["backend", "stack"].map((about) => notChecked(about, "that takes Pulumi's CLI")),
            secretsCheck(stack, onGoogle),
        ];
    }
    return [
        versionCheck(version.stdout.trim().replace(/^v/, "")),
        ...(await backendChecks(stack, onGoogle, runs)),
        secretsCheck(stack, onGoogle),
    ];
}

function versionCheck(version: string): Check {
    const needed = packageJson.dependencies["@pulumi/pulumi"];
    return compare(version, needed) < 0
        ? problem(
              "Pulumi's CLI",
              `${version} is older than the SDK (${needed})`,
              `Install ${needed} or later`,
          )
        : ok("Pulumi's CLI", version);
}

/** Compares versions such as `3.259.0`; anything after the numbers is left out. */
function compare(a: string, b: string): number {
    const numbers = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number);
    const [ours, theirs] = [numbers(a), numbers(b)];
    return ours.map((number, i) => number - theirs[i]!).find((difference) => difference !== 0) ?? 0;
}

async function backendChecks(stack: string, onGoogle: boolean, runs: Run): Promise<Check[]> {
    const user = await runs("pulumi", ["whoami", "--json"]);
    if (!("stdout" in user)) {
        const what = "missing" in user ? "it is not on PATH" : user.failure;
        return [
            problem("backend", what, "Log in with pulumi login gs://BUCKET, or set PULUMI_BACKEND_URL"),
            notChecked("stack", "that takes the backend"),
        ];
    }
    const { url } = JSON.parse(user.stdout) as { url?: string };
    const list = await runs("pulumi", ["stack", "ls", "--json"]);
    if (!("stdout" in list)) {
        const what = "missing" in list ? "it is not on PATH" : list.failure;
        return [problem("backend", what, "Check the permissions of your account for the bucket")];
    }
    const names = (JSON.parse(list.stdout) as { name: string }[]).map(({ name }) => name.split("/").at(-1));
    return [
        ok("backend", url ?? "reachable"),
        names.includes(stack)
            ? ok("stack", `${stack} exists`)
            : problem(
                  "stack",
                  `the backend has no stack ${stack}`,
                  `Create it: pulumi stack init ${stack}${onGoogle ? " --secrets-provider gcpkms://KEY" : ""}`,
              ),
    ];
}

function secretsCheck(stack: string, onGoogle: boolean): Check {
    const { secretsprovider } = parse(readFileSync(stackPath(stack), "utf8")) as {
        secretsprovider?: string;
    };
    if (secretsprovider !== undefined && secretsprovider !== "passphrase") {
        return ok("secrets provider", secretsprovider);
    }
    return onGoogle
        ? problem(
              "secrets provider",
              "the stack's secrets are encrypted by a passphrase, which the workflows do not have",
              `Change it: pulumi stack change-secrets-provider gcpkms://KEY --stack ${stack}`,
          )
        : ok("secrets provider", "a passphrase");
}

/** The plugin by which kubectl, Pulumi and this program log in to GKE, and the token that it gives. */
export async function googleLogin(
    runs: Run = run,
): Promise<{ readonly checks: Check[]; readonly token?: string }> {
    // A version of its own, so that a missing login is not taken for a missing plugin.
    const plugin = await runs(AUTH_PLUGIN, ["--version"]);
    if (!("stdout" in plugin)) {
        const what = "missing" in plugin ? "it is not on PATH" : plugin.failure;
        const next = `Install it: gcloud components install ${AUTH_PLUGIN}`;
        return {
            checks: [
                problem(AUTH_PLUGIN, what, next),
                notChecked("Google credentials", "that takes the plugin"),
            ],
        };
    }
    const login = await runs(AUTH_PLUGIN, ["--use_application_default_credentials"]);
    const found = ok(AUTH_PLUGIN, "found");
    if (!("stdout" in login)) {
        const what = "missing" in login ? "it is not on PATH" : login.failure;
        const next = "Log in: gcloud auth application-default login";
        return { checks: [found, problem("Google credentials", what, next)] };
    }
    const { status } = JSON.parse(login.stdout) as { status?: { token?: string } };
    return status?.token === undefined
        ? { checks: [found, notChecked("Google credentials", "the plugin gave no token")] }
        : { checks: [found, ok("Google credentials", "a token was issued")], token: status.token };
}

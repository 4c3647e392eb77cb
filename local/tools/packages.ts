import { existsSync } from "node:fs";
import { CommandError, run } from "../exec.ts";
import { findExecutable } from "./find.ts";

/** A program or file that the machine must have, and the Debian package that contains it. */
export interface Requirement {
    readonly package: string;
    readonly present: () => boolean;
}

const command = (name: string, from = name): Requirement => ({
    package: from,
    present: () => findExecutable(name) !== undefined,
});

const folder = (path: string, from: string): Requirement => ({
    package: from,
    present: () => existsSync(path),
});

/** What the embedded Kubernetes requires. */
export const platformRequirements: readonly Requirement[] = [
    command("containerd"),
    command("runc"),
    command("iptables"),
    command("ipset"),
    command("ip", "iproute2"),
    command("nsenter", "util-linux"),
    folder("/usr/lib/cni/ptp", "containernetworking-plugins"),
];

let refreshed = false;

/**
 * Installs the packages of the requirements that are not met; does nothing when all are.
 *
 * @throws Error naming the packages when they cannot be installed here.
 */
export async function ensurePackages(requirements: readonly Requirement[], log?: string): Promise<void> {
    const missing = missingPackages(requirements);
    if (missing.length === 0) {
        return;
    }
    if (findExecutable("apt-get") === undefined || process.getuid?.() !== 0) {
        throw new Error(
            `packages are missing on this machine: ${missing.join(", ")}; install them, or run this as root on Debian`,
        );
    }
    const apt = async (...args: string[]) =>
        run(["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=600", ...args], {
            env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
            ...(log === undefined ? {} : { log }),
        });
    const install = () => apt("install", "--no-install-recommends", ...missing);
    try {
        if (!refreshed) {
            await apt("update");
        }
        refreshed = true;
        await install();
    } catch (error) {
        if (!(error instanceof CommandError)) {
            throw error;
        }
        // An earlier run of apt may have been interrupted.
        await run(["dpkg", "--configure", "-a"]);
        await install();
    }
    const still = missingPackages(requirements);
    if (still.length > 0) {
        throw new Error(`packages are installed, but their programs are not found: ${still.join(", ")}`);
    }
}

function missingPackages(requirements: readonly Requirement[]): string[] {
    return [...new Set(requirements.filter(({ present }) => !present()).map((missing) => missing.package))];
}

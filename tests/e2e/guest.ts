/** Tools of this machine in the network of a pod: they see the names and the policies that the pod sees. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../common/paths.ts";
import { ensurePackages } from "../../local/tools/packages.ts";
import type { Kubernetes } from "./cluster.ts";
import type { Visitor } from "./visitors.ts";

const PYTHON_CLIENT = "/usr/lib/python3/dist-packages/confluent_kafka";

/** Clients of Kafka that others wrote. */
export async function ensureClients(): Promise<void> {
    await ensurePackages([
        { package: "kcat", present: () => existsSync("/usr/bin/kcat") },
        { package: "python3-confluent-kafka", present: () => existsSync(PYTHON_CLIENT) },
    ]);
}

/** Runs a command of the shell in the network of a visitor's pod. Throws with its output if it fails. */
export async function asVisitor(
    k: Kubernetes,
    { namespace, name }: Visitor,
    command: string,
): Promise<string> {
    const { metadata } = await k.core.readNamespacedPod({ namespace, name });
    const pid = readdirSync("/proc").find((entry) => isOf(entry, metadata!.uid!));
    if (pid === undefined) {
        throw new Error(`no process of ${name} in ${namespace}`);
    }
    // The names of services are known to the pod's own resolver only, and its files are those of another file system.
    const folder = mkdtempSync(join(tmpdir(), "unity-guest-"));
    const resolver = join(folder, "resolv.conf");
    writeFileSync(resolver, readFileSync(`/proc/${pid}/root/etc/resolv.conf`));
    const script = `mount --bind ${resolver} /etc/resolv.conf && ${command}`;
    const { stdout, stderr } = await promisify(execFile)(
        "nsenter",
        ["--target", pid, "--net", "unshare", "--mount", "sh", "-c", script],
        // Debian's Python has Debian's packages, whatever else is on this machine.
        { cwd: root, timeout: 60_000, env: { ...process.env, PATH: `/usr/bin:${process.env.PATH}` } },
    );
    rmSync(folder, { recursive: true });
    return stdout + stderr;
}

function isOf(pid: string, podUid: string): boolean {
    try {
        const inCgroup = readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(podUid);
        return inCgroup && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "sleep";
    } catch {
        return false; // no process, or one that has just ended
    }
}

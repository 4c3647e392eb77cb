import { spawnSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmdirSync,
    rmSync,
    statfsSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root, stateDir } from "../../common/paths.ts";
import { dataDir, ownerPath, runDir } from "./layout.ts";
import { mountsBelow, unmountBelow } from "./mounts.ts";

const GIB = 1024 ** 3;

/** What three nodes with one Project require. */
const MEMORY_BYTES = 6 * GIB;
const DISK_BYTES = 10 * GIB;

/** Kernel settings that a kubelet changes for the whole machine. */
const sysctls = [
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
];

/** Places outside the checkout where the platform's programs leave files, which no option prevents. */
const leftovers = [
    "/run/containerd",
    "/run/mount",
    "/run/xtables.lock",
    "/var/lib/cni",
    "/var/lib/kubelet",
    "/var/log/containers",
];

/** The state of the machine before the platform, and the checkout that the platform belongs to. */
export interface Owner {
    /** The checkout. */
    readonly root: string;
    /** Kernel settings as they were, by their path below /proc/sys. */
    readonly sysctls: Readonly<Record<string, string>>;
    /** Those of {@link leftovers}, and /run/netns, that did not exist. */
    readonly absent: readonly string[];
}

/** The record of the running platform, or undefined when there is none. */
export function readOwner(): Owner | undefined {
    try {
        return JSON.parse(readFileSync(ownerPath, "utf8")) as Owner;
    } catch {
        return undefined;
    }
}

/**
 * Refuses a machine that cannot run the platform, or runs that of another checkout.
 *
 * @param fresh whether nothing of the platform runs yet, so that memory and disk must suffice for all of it
 * @throws Error with the reason in one line.
 */
export function checkMachine(fresh: boolean): void {
    checkRights();
    checkOwner();
    if (!fresh) {
        return;
    }
    const available = Number(/MemAvailable:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]) * 1024;
    if (available < MEMORY_BYTES) {
        throw new Error(
            `${gib(available)} GiB of memory are available, ${gib(MEMORY_BYTES)} GiB are required`,
        );
    }
    const disk = statfsSync(root);
    if (disk.bavail * disk.bsize < DISK_BYTES) {
        throw new Error(
            `${gib(disk.bavail * disk.bsize)} GiB of disk are free at ${root}, ${gib(DISK_BYTES)} GiB are required`,
        );
    }
}

/** Refuses a user who may not create namespaces and mounts. */
export function checkRights(): void {
    if (process.platform !== "linux") {
        throw new Error(
            "the embedded Kubernetes runs on Linux only: set unity-kafka:kubernetes in Pulumi.local.yaml to a context of your kubeconfig",
        );
    }
    if (process.getuid?.() !== 0) {
        throw new Error(
            "the embedded Kubernetes needs root: use sudo, or set unity-kafka:kubernetes in Pulumi.local.yaml to a context of your kubeconfig",
        );
    }
}

/** Refuses to touch the platform of another checkout, unless that checkout no longer exists. */
export function checkOwner(): void {
    const owner = readOwner();
    if (owner !== undefined && owner.root !== root && existsSync(owner.root)) {
        throw new Error(
            `the embedded Kubernetes of another checkout runs on this machine: use it from ${owner.root}, or remove it with npm --prefix ${owner.root} run down`,
        );
    }
}

/** Records the state of the machine, once, and gives the platform's data its short path. */
export function recordMachine(): void {
    if (readOwner()?.root !== root) {
        const absent = [...leftovers, "/run/netns"].filter((path) => !existsSync(path));
        const values = sysctls.map((name) => [name, readFileSync(join("/proc/sys", name), "utf8").trim()]);
        const owner: Owner = { root, sysctls: Object.fromEntries(values), absent };
        writeFileSync(ownerPath, JSON.stringify(owner), { mode: 0o600 });
    }
    mkdirSync(dataDir, { recursive: true });
    mkdirSync(runDir, { recursive: true });
    if (!mountsBelow(runDir).includes(runDir)) {
        mustSucceed("mount", "--bind", dataDir, runDir);
    }
}

/** Restores the state of the machine before {@link recordMachine}. */
export function restoreMachine(): void {
    const owner = readOwner();
    for (const [name, value] of Object.entries(owner?.sysctls ?? {})) {
        writeFileSync(join("/proc/sys", name), value);
    }
    unmountBelow(runDir, false);
    rmSync(runDir, { recursive: true, force: true });
    unmountBelow(stateDir);
    for (const path of owner?.absent ?? []) {
        if (path === "/run/netns") {
            releaseNamespaceFolder(path);
        } else {
            removeIfDead(path);
        }
    }
    rmSync(ownerPath, { force: true });
}

/** Removes a folder and those in it as far as nothing but sockets and states of a kubelet is left; a mount stays. */
function removeIfDead(path: string): void {
    if (mountsBelow(path).length > 0 || !existsSync(path)) {
        return;
    }
    if (!statSync(path).isDirectory()) {
        rmSync(path);
        return;
    }
    for (const entry of readdirSync(path, { withFileTypes: true })) {
        const inside = join(path, entry.name);
        if (entry.isDirectory()) {
            removeIfDead(inside);
        } else if (
            entry.isSocket() ||
            entry.isSymbolicLink() ||
            /_manager_state$|_checkpoint$|\.lock$|^utab/.test(entry.name)
        ) {
            rmSync(inside);
        }
    }
    if (readdirSync(path).length === 0) {
        rmdirSync(path);
    }
}

/** `ip netns add` mounts this folder on itself; namespaces in it belong to other programs, so then it stays. */
function releaseNamespaceFolder(path: string): void {
    const parent = mountsBelow(path);
    if (parent.some((mount) => mount !== path) || !existsSync(path)) {
        return;
    }
    unmountBelow(path, false);
    try {
        rmdirSync(path);
    } catch {
        // In use by others.
    }
}

/** `overlayfs` where the kernel can lay folders of the checkout's file system over each other, else `native`. */
export function snapshotter(): "overlayfs" | "native" {
    const trial = join(runDir, "overlay-trial");
    const folder = (name: string) => join(trial, name);
    for (const name of ["lower", "upper", "work", "merged"]) {
        mkdirSync(folder(name), { recursive: true });
    }
    const options = `lowerdir=${folder("lower")},upperdir=${folder("upper")},workdir=${folder("work")}`;
    const mounted =
        spawnSync("mount", ["-t", "overlay", "overlay", "-o", options, folder("merged")]).status === 0;
    unmountBelow(trial);
    rmSync(trial, { recursive: true, force: true });
    return mounted ? "overlayfs" : "native";
}

function mustSucceed(command: string, ...args: string[]): void {
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
    if (status !== 0) {
        throw new Error(`${command} ${args.join(" ")}: ${stderr?.trim()}`);
    }
}

const gib = (bytes: number) => (bytes / GIB).toFixed(1);

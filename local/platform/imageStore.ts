import { spawn } from "node:child_process";
import {
    closeSync,
    copyFileSync,
    existsSync,
    globSync,
    linkSync,
    mkdirSync,
    mkdtempSync,
    openSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { cacheDir } from "../../common/paths.ts";
import { run, succeeds } from "../exec.ts";
import type { Images } from "../image/image.ts";
import { UNFINISHED } from "../image/jars.ts";
import { waitUntil } from "../waitUntil.ts";
import { containerdFolder, dataDir, type PlatformNode, runDir } from "./layout.ts";

/**
 * The folder of a containerd that has loaded the images. Every new node begins with links to its files, which takes no
 * time: loading them takes seconds of processor time for each node.
 *
 * @param snapshotter of the nodes
 * @param log file for the output
 * @returns undefined where the cache is not on the file system of the checkout, so that there can be no links.
 * @throws Error when containerd does not answer, or cannot load them
 */
export async function ensureImageStore(
    images: Images,
    snapshotter: string,
    log: string,
): Promise<string | undefined> {
    if (!canLink()) {
        return undefined;
    }
    // Another containerd may keep its files in another way.
    const [, , version = ""] = (await run(["containerd", "--version"])).split(" ");
    const store = join(dirname(images.kafka), `containerd-${version}-${snapshotter}`);
    if (!existsSync(store)) {
        await write(store, images, snapshotter, log);
    }
    return store;
}

/** Whether files of the cache can be linked into the checkout: not where they are on two file systems or mounts. */
function canLink(): boolean {
    const name = `link-${process.pid}`;
    const [from, to] = [join(cacheDir, name), join(dataDir, name)];
    writeFileSync(from, "");
    try {
        linkSync(from, to);
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EXDEV") {
            return false;
        }
        throw error;
    } finally {
        rmSync(from, { force: true });
        rmSync(to, { force: true });
    }
}

async function write(store: string, images: Images, snapshotter: string, log: string): Promise<void> {
    const root = mkdtempSync(join(cacheDir, `${UNFINISHED}${process.pid}-`));
    const state = mkdtempSync(`${runDir}-store-`);
    const socket = join(state, "containerd.sock");
    const config = join(state, "containerd.toml");
    writeFileSync(
        config,
        `version = 2
root = "${root}"
state = "${join(state, "state")}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]

[grpc]
  address = "${socket}"

[plugins."io.containerd.internal.v1.opt"]
  path = "${join(state, "opt")}"
`,
    );
    mkdirSync(dirname(log), { recursive: true });
    const output = openSync(log, "a");
    const daemon = spawn("containerd", ["--config", config], { stdio: ["ignore", output, output] });
    const ended = new Promise<void>((resolve) => {
        daemon.once("exit", () => resolve());
        daemon.once("error", () => resolve());
    });
    try {
        const answers = () => succeeds(["ctr", "--address", socket, "version"]);
        if (!(await waitUntil(answers, 30_000, 50))) {
            throw new Error(`containerd does not answer; see ${log}`);
        }
        await importImages(socket, images, log, ["--snapshotter", snapshotter]);
    } finally {
        daemon.kill();
        await ended;
        closeSync(output);
        rmSync(state, { recursive: true, force: true });
    }
    // What tells one containerd from another.
    rmSync(join(root, "io.containerd.grpc.v1.introspection"), { recursive: true, force: true });
    renameSync(root, store);
}

/**
 * Makes the folder of a node's containerd from a store, whole or not at all. Blobs and files of images, which containerd
 * never changes, are links; databases are copies.
 */
export async function copyStore(store: string, node: PlatformNode): Promise<void> {
    // Not below its other path: between two mounts there are no links.
    const folder = join(dataDir, relative(runDir, containerdFolder(node)));
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    await run(["cp", "--archive", "--link", store, unfinished]);
    for (const database of globSync("**/*.db", { cwd: store })) {
        rmSync(join(unfinished, database));
        copyFileSync(join(store, database), join(unfinished, database));
    }
    renameSync(unfinished, folder);
}

/** Loads the images into a containerd. */
export async function importImages(
    socket: string,
    { pause, kafka }: Images,
    log: string,
    options: readonly string[] = [],
): Promise<void> {
    for (const archive of [pause, kafka]) {
        const ctr = ["ctr", "--address", socket, "--namespace", "k8s.io"] as const;
        await run([...ctr, "images", "import", ...options, archive], { log });
    }
}

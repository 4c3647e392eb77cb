import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../exec.ts";

/** What a container of an image is started with. */
export interface ImageConfig {
    /** `NAME=value`, each. */
    readonly Env?: readonly string[];
    readonly Entrypoint?: readonly string[];
    /** `user:group`, by number. */
    readonly User: string;
    readonly WorkingDir?: string;
}

/** Same files, same bytes: no times, no owners, no order but that of the names. */
const REPRODUCIBLE = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"] as const;

/**
 * Packs a folder as an image of one layer, in the archive format of `docker save`, which every container runtime
 * loads. It is three files in a tar; the same content gives the same digest on every machine, so that pods are
 * not rolled because somebody cleared a cache.
 *
 * @param folder the root file system; all of it will belong to root
 * @param work an empty folder for what comes between
 * @param archive file that is written
 */
export async function packImage(
    image: string,
    config: ImageConfig,
    folder: string,
    work: string,
    archive: string,
): Promise<void> {
    const layer = join(work, "layer.tar");
    mkdirSync(work, { recursive: true });
    await run(["tar", "--create", ...REPRODUCIBLE, "--file", layer, "--directory", folder, "."]);
    const description = JSON.stringify({
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        os: "linux",
        config,
        rootfs: { type: "layers", diff_ids: [`sha256:${await sha256(layer)}`] },
        history: [{ created_by: "unity-kafka local/image" }],
    });
    const name = `${createHash("sha256").update(description).digest("hex")}.json`;
    writeFileSync(join(work, name), description);
    writeFileSync(
        join(work, "manifest.json"),
        JSON.stringify([{ Config: name, RepoTags: [image], Layers: ["layer.tar"] }]),
    );
    const files = ["manifest.json", name, "layer.tar"];
    await run(["tar", "--create", ...REPRODUCIBLE, "--file", archive, "--directory", work, ...files]);
    rmSync(work, { recursive: true });
}

async function sha256(path: string): Promise<string> {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) {
        hash.update(chunk as Buffer);
    }
    return hash.digest("hex");
}

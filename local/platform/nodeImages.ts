import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Images } from "../image/image.ts";
import { copyStore, importImages } from "./imageStore.ts";
import { containerdFolder, type PlatformNode } from "./layout.ts";

/** Has a node begin with the images of a store, unless it has begun before. Its containerd must not run yet. */
export async function beginWithImages(node: PlatformNode, store: string, images: Images): Promise<void> {
    if (!existsSync(containerdFolder(node))) {
        await copyStore(store, node);
        writeFileSync(stampOf(node, images), "");
    }
}

/** Loads the images into those of the nodes that do not have them. The nodes' container runtimes must answer. */
export async function loadImages(images: Images, nodes: readonly PlatformNode[], log: string): Promise<void> {
    await Promise.all(
        nodes.map(async (node) => {
            if (!existsSync(stampOf(node, images))) {
                await importImages(node.socket, images, log);
                writeFileSync(stampOf(node, images), "");
            }
        }),
    );
}

/** Asking containerd would not tell an image from an older one of the same name. */
const stampOf = (node: PlatformNode, images: Images) => join(node.dir, `images-${images.fingerprint}`);

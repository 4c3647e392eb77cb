import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { run } from "../exec.ts";
import type { Images } from "../image/image.ts";
import type { PlatformNode } from "./layout.ts";

/** Loads the images into those of the nodes that do not have them. The nodes' container runtimes must answer. */
export async function loadImages(images: Images, nodes: readonly PlatformNode[]): Promise<void> {
    await Promise.all(nodes.map((node) => importInto(node, images)));
}

async function importInto(node: PlatformNode, images: Images): Promise<void> {
    // Asking containerd would not tell an image from an older one of the same name.
    const stamp = join(node.dir, `images-${images.fingerprint}`);
    if (existsSync(stamp)) {
        return;
    }
    for (const archive of [images.pause, images.kafka]) {
        await run(["ctr", "--address", node.socket, "--namespace", "k8s.io", "images", "import", archive], {
            log: join(logDir, "images.log"),
        });
    }
    writeFileSync(stamp, "");
}

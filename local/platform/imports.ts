import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { run } from "../exec.ts";
import { buildImages, type Images } from "../image/image.ts";
import type { PlatformNode } from "./layout.ts";
import { runningNodes } from "./platform.ts";

/**
 * Builds the images unless they exist, and loads them into all running nodes that do not have them.
 *
 * @param log file for the build's output
 * @param onStep told about progress
 */
export async function ensureImages(
    log = join(logDir, "images.log"),
    onStep: (text: string) => void = () => {},
): Promise<void> {
    onStep("building the images");
    const images = await buildImages(log);
    onStep("loading the images into the nodes");
    await Promise.all(runningNodes().map((node) => importInto(node, images)));
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

import { buildImages } from "../image/image.ts";
import { freshLog } from "../steps.ts";

/** Builds the image that Projects run on the embedded platform, and prints the path of its archive alone. */
export async function image(): Promise<void> {
    const { kafka } = await buildImages(freshLog("images"));
    process.stdout.write(`${kafka}\n`);
}

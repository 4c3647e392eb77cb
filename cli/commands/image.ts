/** `unity image pin`: the digest that the image's tag stands for, into the stack file. */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { Argument, Command } from "commander";
import { isScalar, parseDocument } from "yaml";
import { parseImage } from "../../config/image.ts";
import { PROGRAM } from "../../config/setting.ts";
import { exitCode, UnityError } from "../errors.ts";
import { addStackFileOptions, type OutputOptions, outputOption } from "../options.ts";
import { digestOf } from "../registry.ts";
import { readEnvironment, stackFiles } from "../stackFiles.ts";

interface ImageOptions extends OutputOptions {
    readonly stack?: string;
}

const HELP = `
Asks the image's registry which digest its tag stands for, without a login, and writes it after the tag; the rest of the
file stays as it is. Run it again to move on to what the tag stands for by then.

Exit codes: ${exitCode.ok} pinned, ${exitCode.failed} invalid, or the registry does not answer, ${exitCode.usage} wrong usage.`;

/** The command, to be added to the program. */
export function imageCommand(): Command {
    const command = new Command("image").addArgument(
        new Argument("<ACTION>", "pin: write the digest of the tag into the stack file").choices(["pin"]),
    );
    return addStackFileOptions(command)
        .description("Pins the image of a stack to the digest that its tag stands for.")
        .addOption(outputOption())
        .addHelpText("after", HELP)
        .action((_action: string, file: string | undefined, options: ImageOptions) => pin(file, options));
}

async function pin(file: string | undefined, { stack, output }: ImageOptions): Promise<void> {
    if (file === undefined && stack === undefined) {
        throw new UnityError("No stack is named", "Give a stack file or --stack", exitCode.usage);
    }
    const [path] = stackFiles(file, stack);
    const environment = await readEnvironment(path!);
    if (environment === undefined) {
        // Its errors are written; this only ends the program with its code.
        process.exitCode = exitCode.failed;
        return;
    }
    const { image } = environment;
    const reference = parseImage(image);
    // The reader takes no other.
    if (typeof reference === "string" || reference.tag === undefined) {
        throw new UnityError(`${image} has no tag to look up`, "Write one before the @", exitCode.failed);
    }
    const digest = await digestOf(reference, reference.tag);
    const pinned = `${image.split("@")[0]}@${digest}`;
    if (pinned !== image) {
        writeFileSync(path!, withImage(readFileSync(path!, "utf8"), pinned, path!));
    }
    const name = relative(process.cwd(), path!);
    if (output === "json") {
        const result = { file: name, image: pinned, changed: pinned !== image };
        process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    } else {
        process.stdout.write(`${name} ${pinned === image ? "already has" : "has"} ${pinned}\n`);
    }
}

/**
 * The text of a stack file with another image, and not a character else changed.
 *
 * @param path the file, as the error calls it
 * @throws UnityError where the image is not there, or is an alias
 */
export function withImage(text: string, image: string, path: string): string {
    const node = parseDocument(text).getIn(["config", `${PROGRAM}:image`], true);
    if (!isScalar(node) || !node.range) {
        const hint = `Write ${PROGRAM}:image: ${image} there by hand`;
        throw new UnityError(`${path} has its image not as a text under config`, hint, exitCode.failed);
    }
    const [start, end] = node.range;
    const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
    return `${text.slice(0, start)}${image}${isBlock ? "\n" : ""}${text.slice(end)}`;
}

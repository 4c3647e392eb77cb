/** `unity size`: a Project's size from what it needs, with the arithmetic and the config to paste. */
import { Command } from "commander";
import { stringify } from "yaml";
import { disksOf } from "../../common/google/disks.ts";
import { rowsText } from "../../common/table.ts";
import type { Requirements } from "../../planning/model.ts";
import type { Sizing } from "../../planning/sizing.ts";
import { exitCode, UnityError } from "../errors.ts";
import { type OutputOptions, outputOption } from "../options.ts";

interface SizeOptions extends OutputOptions {
    readonly in?: string;
    readonly out?: string;
    readonly retention?: string;
    readonly peak: string;
    readonly family: string;
}

const DEFAULT_PEAK = "2";

/** The command, to be added to the program. */
export function sizeCommand(): Command {
    return new Command("size")
        .description("Works out the size of a Project from what it needs.")
        .option("--in <RATE>", "what the producers write on average, such as 30MB/s")
        .option("--out <RATE>", "what the consumers read on average, such as 60MB/s")
        .option("--retention <TIME>", "how long messages are kept, such as 24h")
        .option("--peak <NUMBER>", "busiest minute as a multiple of the average", DEFAULT_PEAK)
        .option("--family <NAME>", "family of machine types to choose from", "n2")
        .addOption(outputOption())
        .addHelpText("after", `\nExit codes: ${exitCode.ok} done, ${exitCode.usage} wrong options.`)
        .action(size);
}

async function size(options: SizeOptions): Promise<void> {
    // The schema takes a while to load, which sending a file need not wait for.
    const { requirementsError, sizeForRequirements } = await import("../../planning/sizing.ts");
    const { KNOWN_FAMILIES, machineFor } = await import("../../planning/machineTypes.ts");
    const requirements = await readRequirements(options, KNOWN_FAMILIES);
    const error = requirementsError(requirements);
    if (error !== undefined) {
        throw new UnityError(`This ${error}`, "See unity size --help", exitCode.usage);
    }
    const sizing = sizeForRequirements(requirements);
    const { cpu, memory } = sizing.blocks.kafka;
    const { bytes, cores } = await import("../../common/quantity.ts");
    const machine = machineFor(options.family, { cpu: cores(cpu), memory: bytes(memory) });
    const { sizingSteps } = await import("../../planning/sizingSteps.ts");
    const { kafka } = sizing.blocks;
    process.stdout.write(
        options.output === "json"
            ? `${JSON.stringify({ need: requirements, machine: machine ?? null, disks: disksOf(options.family), kafka, steps: sizingSteps(sizing) }, null, 4)}\n`
            : report(requirements, sizing, sizingSteps(sizing), machine, options.family),
    );
}

/** @throws UnityError naming every wrong option at once */
async function readRequirements(options: SizeOptions, families: readonly string[]): Promise<Requirements> {
    const { requirementsSchema } = await import("../../config/schema/requirements.ts");
    const { in: produced, out: consumed, retention, peak, family } = options;
    const parsed = requirementsSchema.safeParse({
        throughput: { in: produced, out: consumed },
        retention,
        peak: /^[0-9.]+$/.test(peak) ? Number(peak) : peak,
    });
    const wrong = (parsed.error?.issues ?? []).map(
        ({ path, message }) => `--${String(path.at(-1))} ${message}`,
    );
    if (!families.includes(family)) {
        wrong.push(`--family must be one of ${families.join(", ")}`);
    }
    if (!parsed.success || wrong.length > 0) {
        throw new UnityError(wrong.join("; "), "See unity size --help", exitCode.usage);
    }
    return parsed.data;
}

function report(
    { peak, ...requirements }: Requirements,
    sizing: Sizing,
    steps: readonly { what: string; how: string; result: string }[],
    machine: string | undefined,
    family: string,
): string {
    const rows = [
        ...steps.map(({ what, how, result }) => [what, how, result]),
        ["machine", machine ?? `none of ${family} is large enough; try another --family`],
        ["disks", `${disksOf(family).join(", ")}: what ${family} machines take`],
    ];
    const project = {
        name: "NAME",
        size: { ...requirements, ...(String(peak) !== DEFAULT_PEAK && { peak }) },
    };
    const follows = stringify({ kafka: sizing.blocks.kafka }, { indent: 4 });
    return [
        "Worked out:",
        indented(rowsText(rows), "  "),
        "",
        "To paste, under unity-kafka:projects:",
        indented(stringify([project], { indent: 4 }), "    "),
        "What follows from it, unless the Project says otherwise under kafka:",
        indented(follows, "    "),
    ].join("\n");
}

function indented(text: string, by: string): string {
    return text.replaceAll(/^(?=.)/gm, by);
}

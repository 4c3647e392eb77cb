/** `unity size`: a Project's size from what it needs, with the arithmetic and the config to paste. */
import { Command, Option } from "commander";
import { stringify } from "yaml";
import type { Requirements } from "../../planning/model.ts";
import type { Sizing } from "../../planning/sizing.ts";
import { exitCode, UnityError } from "../errors.ts";

interface SizeOptions {
    readonly in?: string;
    readonly out?: string;
    readonly retention?: string;
    readonly peak: string;
    readonly family: string;
    readonly output: "text" | "json";
}

const DEFAULT_PEAK = "2";

/** The command, to be added to the program. */
export function sizeCommand(): Command {
    return new Command("size")
        .description("Works out the size of a Project from what it needs.")
        .option("--in <RATE>", "what the producers write on average, such as 30MB/s")
        .option("--out <RATE>", "what the consumers read on average, such as 60MB/s")
        .option("--retention <TIME>", "how long messages are kept, such as 24h")
        .option("--peak <NUMBER>", "busiest minute divided by the average", DEFAULT_PEAK)
        .option("--family <NAME>", "family of machine types to choose from", "n2")
        .addOption(
            new Option("-o, --output <FORMAT>", "json: one JSON document on stdout")
                .choices(["text", "json"])
                .default("text"),
        )
        .addHelpText("after", `\nExit codes: ${exitCode.ok} done, ${exitCode.usage} wrong options.`)
        .action(size);
}

async function size(options: SizeOptions): Promise<void> {
    // The schema takes a while to load, which sending a file need not wait for.
    const { requirementsError, sizeForRequirements } = await import("../../planning/sizing.ts");
    const { KNOWN_FAMILIES, machineFor } = await import("../../planning/machineTypes.ts");
    const need = await readNeed(options, KNOWN_FAMILIES);
    const fault = requirementsError(need);
    if (fault !== undefined) {
        throw new UnityError(`This ${fault}`, "See unity size --help", exitCode.usage);
    }
    const sizing = sizeForRequirements(need);
    const { cpu, memory } = sizing.blocks.kafka;
    const { bytes, cores } = await import("../../common/quantity.ts");
    const machine = machineFor(options.family, { cpu: cores(cpu), memory: bytes(memory) });
    const { sizingSteps } = await import("../../planning/sizingSteps.ts");
    const { kafka } = sizing.blocks;
    process.stdout.write(
        options.output === "json"
            ? `${JSON.stringify({ need, machine: machine ?? null, kafka, steps: sizingSteps(sizing) }, null, 4)}\n`
            : report(need, sizing, sizingSteps(sizing), machine, options.family),
    );
}

/** @throws UnityError naming every wrong option at once */
async function readNeed(options: SizeOptions, families: readonly string[]): Promise<Requirements> {
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
    { peak, ...need }: Requirements,
    sizing: Sizing,
    steps: readonly { what: string; how: string; result: string }[],
    machine: string | undefined,
    family: string,
): string {
    const width = (key: "what" | "how") => Math.max(...steps.map((step) => step[key].length));
    const lines = steps.map(
        ({ what, how, result }) => `  ${what.padEnd(width("what"))}  ${how.padEnd(width("how"))}  ${result}`,
    );
    const project = { name: "NAME", size: { ...need, ...(String(peak) !== DEFAULT_PEAK && { peak }) } };
    const follows = stringify({ kafka: sizing.blocks.kafka }, { indent: 4 });
    return [
        "Worked out:",
        ...lines,
        `  ${"machine".padEnd(width("what"))}  ${machine ?? `none of ${family} is large enough; try another --family`}`,
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

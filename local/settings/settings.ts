/** Writes common/kafkaSettings.json, the settings of brokers and topics: `npm run settings`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { logDir, root } from "../../common/paths.ts";
import { ensureJars } from "../image/jars.ts";
import { ensureJdk } from "../image/sources.ts";
import { versions } from "../versions.ts";

/** The newest patch of each earlier line whose images have what the servers are started with, oldest first. */
const FORMER = ["3.6.2", "3.7.2", "3.8.1"] as const;

const KINDS = ["brokers", "topics"] as const;

type Definition = Readonly<Record<string, unknown>>;

/** The definitions of one version of Kafka, as KafkaSettings.java prints them. */
export interface Definitions {
    readonly version: string;
    readonly brokers: Readonly<Record<string, Definition>>;
    readonly topics: Readonly<Record<string, Definition>>;
}

/** The definitions of a version of Kafka; by default of the image's. */
export async function definitionsOf(version: string = versions.kafka): Promise<Definitions> {
    return JSON.parse(await java([], "", version)) as Definitions;
}

/**
 * What the image's Kafka says of settings: `ok`, or why not.
 *
 * @param lines `brokers NAME VALUE` or `topics NAME VALUE`, each
 */
export async function verdictsOn(lines: readonly string[]): Promise<string[]> {
    return (await java(["check"], lines.map((line) => `${line}\n`).join(""))).split("\n");
}

async function java(programArguments: readonly string[], input: string, version?: string): Promise<string> {
    const log = join(logDir, "settings.log");
    const program = join(await ensureJdk(log), "../java");
    const jars = await ensureJars(log, version);
    // It runs for a second: a thorough compiler would not pay.
    const options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", `${jars}/*`];
    const source = join(import.meta.dirname, "KafkaSettings.java");
    return (await execa(program, [...options, source, ...programArguments], { input })).stdout;
}

/** The definitions with, for each setting that is not in every former version, the line that it came with. */
async function withFirstVersions(current: Definitions): Promise<Definitions> {
    const former: Definitions[] = [];
    for (const version of FORMER) {
        former.push(await definitionsOf(version));
    }
    const lines = [...former, current];
    const table = (kind: (typeof KINDS)[number]) =>
        Object.fromEntries(
            Object.entries(current[kind]).map(([name, definition]) => {
                const first = lines.findIndex((each) => name in each[kind]);
                const since = lines[first]!.version.split(".").slice(0, 2).join(".");
                return [name, first === 0 ? definition : { ...definition, since }];
            }),
        );
    return { ...current, brokers: table("brokers"), topics: table("topics") };
}

/** One line for each setting, so that a new version of Kafka makes a change that can be read. */
function textOf({ version, ...kinds }: Definitions): string {
    const tables = KINDS.map((kind) => {
        const lines = Object.entries(kinds[kind]).map(
            ([name, definition]) => `        ${JSON.stringify(name)}: ${JSON.stringify(definition)}`,
        );
        return `    "${kind}": {\n${lines.join(",\n")}\n    }`;
    });
    return `{\n    "version": "${version}",\n${tables.join(",\n")}\n}\n`;
}

if (import.meta.main) {
    const file = join(root, "common/kafkaSettings.json");
    writeFileSync(file, textOf(await withFirstVersions(await definitionsOf())));
    console.log(`wrote ${file}`);
}

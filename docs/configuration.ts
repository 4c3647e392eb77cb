/** Writes docs/configuration.md: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Key, keysOf } from "../config/reference.ts";
import { ALERT_RULES } from "../monitoring/alerts.ts";
import { ADVICE, FLAGS } from "./zookeeperGuide.ts";

export const CONFIGURATION = join(import.meta.dirname, "configuration.md");

/** Blocks that have a table of their own, with what the tables do not say. */
const SECTIONS: readonly (readonly [path: string, text?: string])[] = [
    ["kubernetes"],
    ["gke", "See [on GKE](gke.md)."],
    ["gke.create"],
    ["gke.nodePools[]"],
    ["storageClasses[]"],
    [
        "zookeeper",
        "For readers of the guide kubernetes-zookeeper: [its flags](#flags-of-the-zookeeper-guide).",
    ],
    ["zookeeper.probes"],
    ["kafka"],
    ["kafka.probes"],
    ["certificates"],
    ["monitoring"],
    ["ikp"],
    ["sizes"],
    ["size", "By requirements. `unity size` shows what follows from them."],
    ["projects[]"],
    ["projects[].topics[]"],
    ["projects[].components[]"],
    ["projects[].bridge"],
];

const INTRODUCTION = `# Configuration

<!-- Written from config/schema/ by \`npm run docs\`. Change it there. -->

Every setting of an environment is in its stack file, \`Pulumi.STACK.yaml\`, under \`config\`, with the prefix
\`unity-kafka:\`. [examples/](../examples/README.md) has files to begin with.

- \`unity check\` reports all errors of a file at once. A key that is not in these tables is one of them.
- Editors with yaml-language-server complete and check against \`config/stack.schema.json\`.
- Paths below are without the prefix. \`[]\` stands for an entry of a list, \`NAME\` for a name of your choice.
- *required* means: in the block, if there is one. The blocks \`zookeeper\`, \`kafka\` and \`certificates\` have layers: the
  environment's, over it those of the Project's size, over both the Project's own. A required key of theirs may be in
  any layer. Blocks are merged key by key, lists are replaced.
- Sizes of memory and disks are \`Ki\`, \`Mi\`, \`Gi\` or \`Ti\`, CPU is as in Kubernetes, rates are such as \`500kB/s\`.
- A secret is written by \`pulumi config set --secret --path KEY --stack STACK\`; plain text is refused.
`;

export function configurationText(): string {
    const paths = SECTIONS.map(([path]) => path).sort((one, other) => other.length - one.length);
    const sectionOf = ({ path }: Key) =>
        paths.find((section) => path.startsWith(`${section}.`) || path.startsWith(`${section}[].`)) ?? "";
    const bySection = Map.groupBy(keysOf(), sectionOf);
    const keys = (section: string) => keyTable(bySection.get(section) ?? [], section);
    return [
        INTRODUCTION,
        `## The environment\n\n${keys("")}`,
        ...SECTIONS.map(
            ([path, text]) => `## \`${path}\`\n\n${text === undefined ? "" : `${text}\n\n`}${keys(path)}`,
        ),
        alertText(),
        guideText(),
    ].join("\n");
}

function keyTable(keys: readonly Key[], section: string): string {
    const within = (path: string) => path.slice(section === "" ? 0 : section.length + 1);
    return table(
        ["key", "meaning", "allowed", "default"],
        keys.map((key) => [`\`${within(key.path)}\``, key.meaning, key.allowed, key.default]),
    );
}

function alertText(): string {
    const alerts = Object.entries(ALERT_RULES).map(([alert, { severity, threshold, ...rule }]) => [
        `[\`${alert}\`](alerts.md#${alert.toLowerCase()})`,
        severity,
        threshold?.meaning ?? "",
        threshold ? `a whole number of ${threshold.unit} from ${threshold.min} to ${threshold.max}` : "",
        threshold ? `\`${threshold.default}\`` : "",
        `\`${rule.for}\``,
    ]);
    return `## \`monitoring.alerts\`

A block for each alert, by its name. \`enabled: false\` switches it off, \`for\` is how long it holds before it is an alert,
and \`threshold\`, where it has one, the number that it compares with. A Project's \`monitoring.alerts\` go over the
environment's, key by key.

${table(["alert", "severity", "threshold", "allowed", "its default", "default of `for`"], alerts)}`;
}

function guideText(): string {
    const defaults = new Map(keysOf().map((key) => [key.path, key.default]));
    const flags = FLAGS.map(({ flag, guide, key, here, difference = "" }) => [
        `\`${flag}\``,
        guide,
        here === undefined ? `\`${key}\`` : key,
        here ?? defaultOf(key, defaults),
        difference,
    ]);
    return `## Flags of the ZooKeeper guide

For people who know the guide kubernetes-zookeeper and its script \`start-zookeeper\`: what each flag is called here.

${table(["flag", "guide", "key", "default", "difference"], flags)}
${table(["the guide's advice", "here"], ADVICE)}`;
}

function defaultOf(key: string, defaults: ReadonlyMap<string, string>): string {
    const value = defaults.get(key);
    if (value === undefined) {
        throw new Error(`docs/zookeeperGuide.ts names the key ${key}, which config does not have`);
    }
    return value;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) =>
        `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return `${[header, header.map(() => "---"), ...rows].map(line).join("\n")}\n`;
}

if (import.meta.main) {
    writeFileSync(CONFIGURATION, configurationText());
    console.log(`wrote ${CONFIGURATION}`);
}

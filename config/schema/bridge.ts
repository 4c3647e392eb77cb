/** What config may say of a Project's bridge to IKP. */
import { z } from "zod";
import { bytes } from "../../common/quantity.ts";
import { type ConfigIssue, valueText } from "../errors.ts";
import { blocksOf, isBlock, type Rule, ruleFaults } from "../rules.ts";
import { cpu, heap, logLevel, size, whole } from "./fields.ts";

const TOPIC = "must be a topic's name: 1 to 249 letters, digits, dots, dashes or underscores";
const ENTRY = "must be a topic, or a block such as {from: orders, to: ikp-orders}";
const GROUP = "must be a consumer group's name of letters, digits, dots, dashes or underscores";
const OWN =
    "must not be a name that MirrorMaker takes for its own: __..., mm2-..., ...internal or ...heartbeats";
const NAME_PATTERN = /^[A-Za-z0-9._-]{1,249}$/;

/** Names that MirrorMaker takes for its own or Kafka's, and would leave out or rename. */
const OWN_NAMES = /^(__|mm2-)|^\.{1,2}$|[.-]internal$|heartbeats$/;

const topic = () =>
    z
        .string({ error: TOPIC })
        .regex(NAME_PATTERN, { error: TOPIC })
        .refine((name) => !OWN_NAMES.test(name), { error: OWN });

const entry = () =>
    z.union(
        [
            topic().transform((name) => ({ from: name, to: name })),
            z.strictObject({
                from: topic().describe("Its name where it comes from."),
                to: topic().describe("Its name where it goes."),
            }),
        ],
        { error: ({ input }) => (ends(input).some((name) => OWN_NAMES.test(name)) ? OWN : ENTRY) },
    );

/** The names that an entry gives. */
function ends(input: unknown): string[] {
    const names = isBlock(input) ? [input.from, input.to] : [input];
    return names.filter((name) => typeof name === "string");
}

const topics = () => z.array(entry(), { error: "must be a list of topics" }).default([]);

export const bridgeSchema = z.strictObject(
    {
        inbound: topics().describe("Topics of IKP that come into the Project."),
        outbound: topics().describe("Topics of the Project that go to IKP."),
        groups: z
            .array(z.string({ error: GROUP }).regex(NAME_PATTERN, { error: GROUP }), {
                error: "must be a list of consumer groups",
            })
            .default([])
            .describe(
                "Consumer groups whose positions go along with the topics that keep their names. Default: none.",
            ),
        replicas: whole(1, 9).default(1).describe("Pods that share the work."),
        tasks: whole(1, 100)
            .default(2)
            .describe("Parts, at most, that the work of each direction is divided into."),
        heap: heap().default("512Mi").describe("Java heap of each pod."),
        memory: size().default("1Gi").describe("Memory request and limit of each pod."),
        cpu: cpu().default("250m").describe("CPU request of each pod; there is no CPU limit."),
        logLevel: logLevel().default("WARN"),
    },
    { error: "must be a block with inbound and outbound topics" },
);

/** One Project's bridge, complete. */
export type BridgeConfig = z.output<typeof bridgeSchema>;

/** A topic on its way over the bridge. */
export type BridgeTopic = BridgeConfig["inbound"][number];

const bridgeRules: Rule<BridgeConfig>[] = [
    ({ heap, memory }) => {
        if (heap === undefined || memory === undefined || bytes(heap) <= 0.75 * bytes(memory)) {
            return;
        }
        return ["heap", `${heap} is more than 3/4 of memory (${memory}); lower heap or raise memory`];
    },
];

/** One topic of one bridge, with where it stands in the stack file. */
interface Crossing {
    readonly path: string;
    readonly direction: "inbound" | "outbound";
    /** Topic with its cluster, such as `IKP's orders`. */
    readonly from: string;
    readonly to: string;
    /** Name in the Project. */
    readonly own: string;
}

/** Faults of all bridges, by themselves and together: a record may never come back to where it was. */
export function bridgeIssues(raw: Record<string, unknown>): ConfigIssue[] {
    const bridges = blocksOf(raw.projects).flatMap(([i, project]) =>
        isBlock(project.bridge) ? [{ path: `projects[${i}]`, project, bridge: project.bridge }] : [],
    );
    const crossings = bridges.map(({ path, project, bridge }) => crossingsOf(project.name, bridge, path));
    return [
        ...bridges.flatMap(({ path, project, bridge }, i) => [
            ...ruleFaults(bridgeSchema, bridgeRules, bridge, `${path}.bridge`),
            ...completenessIssues(`${path}.bridge`, bridge, raw.ikp),
            ...duplicateIssues(crossings[i]!),
            ...missingTopicIssues(crossings[i]!, project.topics),
        ]),
        ...loopIssues(crossings.flat()),
    ];
}

function completenessIssues(
    path: string,
    { inbound, outbound }: Record<string, unknown>,
    ikp: unknown,
): ConfigIssue[] {
    const none = (list: unknown) => list === undefined || (Array.isArray(list) && list.length === 0);
    return [
        ...(ikp === undefined
            ? [{ path, message: "leads nowhere without ikp; add its address and login" }]
            : []),
        ...(none(inbound) && none(outbound)
            ? [{ path, message: "carries no topic; name some in inbound or outbound, or take it out" }]
            : []),
    ];
}

function crossingsOf(project: unknown, bridge: Record<string, unknown>, path: string): Crossing[] {
    const ikps = (name: string) => `IKP's ${name}`;
    const ours = (name: string) => `${String(project)}'s ${name}`;
    return (["inbound", "outbound"] as const).flatMap((direction) => {
        const list: unknown = bridge[direction];
        return (Array.isArray(list) ? list : []).flatMap((raw: unknown, i): Crossing[] => {
            const { data } = entry().safeParse(raw);
            if (data === undefined) {
                return []; // the schema has said so
            }
            const at = { path: `${path}.bridge.${direction}[${i}]`, direction };
            return direction === "inbound"
                ? [{ ...at, from: ikps(data.from), to: ours(data.to), own: data.to }]
                : [{ ...at, from: ours(data.from), to: ikps(data.to), own: data.from }];
        });
    });
}

function duplicateIssues(crossings: readonly Crossing[]): ConfigIssue[] {
    return crossings.flatMap(({ path, direction, ...crossing }, i) =>
        (["from", "to"] as const).flatMap((end): ConfigIssue[] => {
            const first = crossings.findIndex(
                (other) => other.direction === direction && other[end] === crossing[end],
            );
            const verb = end === "from" ? "goes over the bridge" : "is written to";
            return first < i ? [{ path, message: `${crossing[end]} ${verb} twice; name it once` }] : [];
        }),
    );
}

function missingTopicIssues(crossings: readonly Crossing[], topics: unknown): ConfigIssue[] {
    const names = blocksOf(topics).map(([, { name }]) => name);
    return crossings.flatMap(({ path, own }) =>
        names.includes(own)
            ? []
            : [{ path, message: `${valueText(own)} is not among the Project's topics; add it there` }],
    );
}

/** One fault for each topic that leaves a Project on a way that leads back into it. */
function loopIssues(crossings: readonly Crossing[]): ConfigIssue[] {
    return crossings
        .filter(({ direction }) => direction === "outbound")
        .flatMap(({ path, from, to }): ConfigIssue[] => {
            const way = wayBack(crossings, from, [to]);
            if (way === undefined) {
                return [];
            }
            return [{ path, message: `makes a loop: ${[from, ...way].join(" -> ")}; take out one of these` }];
        });
}

/** The topics from the last of `way` to `goal`, each the source of the next, or undefined where none leads there. */
function wayBack(crossings: readonly Crossing[], goal: string, way: readonly string[]): string[] | undefined {
    for (const { from, to } of crossings) {
        if (from !== way.at(-1)) {
            continue;
        }
        if (to === goal) {
            return [...way, to];
        }
        if (way.includes(to)) {
            continue;
        }
        const found = wayBack(crossings, goal, [...way, to]);
        if (found !== undefined) {
            return found;
        }
    }
    return undefined;
}

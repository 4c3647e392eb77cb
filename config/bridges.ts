/** Checks of all bridges together, and against ikp and the Projects' topics. */
import type { ConfigIssue } from "../common/configIssue.ts";
import { valueText } from "./errors.ts";
import { blocksOf, isBlock, type Raw } from "./raw.ts";
import { replicatedTopic } from "./schema/bridge.ts";
import { LOGIN_REQUIRED } from "./schema/ikp.ts";

/** One topic that a bridge replicates. */
interface Flow {
    /** Where it stands in the stack file. */
    readonly path: string;
    readonly direction: "inbound" | "outbound";
    /** Topic with its cluster, such as `IKP's orders`. */
    readonly source: string;
    readonly target: string;
    /** Name in the Project. */
    readonly own: string;
}

/** Errors of all bridges: a record must never return to the topic it came from. */
export function bridgeIssues(raw: Raw): ConfigIssue[] {
    const bridges = blocksOf(raw.projects).flatMap(([i, project]) =>
        isBlock(project.bridge) ? [{ path: `projects[${i}]`, project, bridge: project.bridge }] : [],
    );
    const flows = bridges.map(({ path, project, bridge }) => flowsOf(project.name, bridge, path));
    return [
        ...bridges.flatMap(({ path, project }, i) => [
            ...loginIssues(raw.ikp, project.bridge, `${path}.bridge`),
            ...duplicateIssues(flows[i]!),
            ...missingTopicIssues(flows[i]!, project.topics),
        ]),
        ...loopIssues(flows.flat()),
    ];
}

function loginIssues(ikp: unknown, bridge: unknown, path: string): ConfigIssue[] {
    if (ikp === undefined) {
        return [{ path, message: "requires ikp; add its addresses" }];
    }
    const has = (block: unknown, ...keys: string[]) =>
        isBlock(block) && keys.some((key) => block[key] !== undefined);
    return has(bridge, "ikp") || has(ikp, "sasl", "tls")
        ? []
        : [{ path: `${path}.ikp`, message: `is missing, ${LOGIN_REQUIRED}` }];
}

function flowsOf(project: unknown, bridge: Raw, path: string): Flow[] {
    const ikps = (name: string) => `IKP's ${name}`;
    const owner = typeof project === "string" ? project : valueText(project);
    const ours = (name: string) => `${owner}'s ${name}`;
    return (["inbound", "outbound"] as const).flatMap((direction) => {
        const list: unknown = bridge[direction];
        return (Array.isArray(list) ? list : []).flatMap((raw: unknown, i): Flow[] => {
            const { data } = replicatedTopic().safeParse(raw);
            if (data === undefined) {
                return []; // an error of the schema
            }
            const at = { path: `${path}.bridge.${direction}[${i}]`, direction };
            return direction === "inbound"
                ? [{ ...at, source: ikps(data.from), target: ours(data.to), own: data.to }]
                : [{ ...at, source: ours(data.from), target: ikps(data.to), own: data.from }];
        });
    });
}

function duplicateIssues(flows: readonly Flow[]): ConfigIssue[] {
    return flows.flatMap(({ path, direction, ...flow }, i) =>
        (["source", "target"] as const).flatMap((end): ConfigIssue[] => {
            const first = flows.findIndex(
                (other) => other.direction === direction && other[end] === flow[end],
            );
            return first < i ? [{ path, message: `${flow[end]} is duplicated as a ${end}; keep one` }] : [];
        }),
    );
}

function missingTopicIssues(flows: readonly Flow[], topics: unknown): ConfigIssue[] {
    const names = blocksOf(topics).map(([, { name }]) => name);
    return flows.flatMap(({ path, own }) =>
        names.includes(own)
            ? []
            : [{ path, message: `${valueText(own)} is not among the Project's topics; add it there` }],
    );
}

/** One error for each topic that leaves a Project and comes back into it. */
function loopIssues(flows: readonly Flow[]): ConfigIssue[] {
    return flows
        .filter(({ direction }) => direction === "outbound")
        .flatMap(({ path, source, target }): ConfigIssue[] => {
            const route = routeTo(flows, source, [target]);
            if (route === undefined) {
                return [];
            }
            const loop = [source, ...route].join(" -> ");
            return [{ path, message: `creates a loop: ${loop}; remove one of these` }];
        });
}

/** The topics from the last of `route` to `goal`, each the source of the next, or undefined where none leads there. */
function routeTo(flows: readonly Flow[], goal: string, route: readonly string[]): string[] | undefined {
    for (const { source, target } of flows) {
        if (source !== route.at(-1)) {
            continue;
        }
        if (target === goal) {
            return [...route, target];
        }
        if (route.includes(target)) {
            continue;
        }
        const found = routeTo(flows, goal, [...route, target]);
        if (found !== undefined) {
            return found;
        }
    }
    return undefined;
}

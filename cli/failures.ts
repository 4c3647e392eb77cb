/** Why a run of pulumi failed, by Project: its own output buries that among the rest. */
import type { EngineEvent } from "./eventLog.ts";
import type { StateResource } from "./pendingOperations.ts";

export interface Failure {
    /** The Project that is concerned; undefined for what all share. */
    readonly project?: string;
    /** One line: the resource and what is wrong with it. */
    readonly reason: string;
}

/** Type of the component that a Project is. */
export const PROJECT_TYPE = "unity-kafka:index:Project";
/** Longest reason; pulumi has printed the whole. */
const MAX_LENGTH = 300;

/** What follows from an error that has been reported: of the program, and of the run as a whole. */
const CONSEQUENCE = /failed to register|^(update|preview|destroy) failed$|^(update|preview) canceled$/;
/** What the Kubernetes provider puts before what Kubernetes says. */
const PREFIX = /^resource "?urn:\S+ was (not )?successfully created[^:]*: /;

/** @param known the resources in the state before */
export function failuresOf(events: readonly EngineEvent[], known: readonly StateResource[]): Failure[] {
    const parents = new Map(known.map(({ urn, parent }) => [urn, parent]));
    const failures: Failure[] = [];
    const seen = new Set<string>();
    for (const { resourcePreEvent, diagnosticEvent } of events) {
        if (resourcePreEvent) {
            const { urn, old, new: wanted } = resourcePreEvent.metadata;
            parents.set(urn, wanted?.parent || old?.parent || parents.get(urn));
        }
        if (diagnosticEvent?.severity !== "error" || CONSEQUENCE.test(diagnosticEvent.message.trim())) {
            continue;
        }
        const { urn, message } = diagnosticEvent;
        const project = (urn && projectOf(urn, parents)) ?? /\bof Project ([a-z0-9-]+)/.exec(message)?.[1];
        const reason = `${urn ? `${nameOf(urn)}: ` : ""}${oneLine(message)}`;
        // An `up` reports in its preview, and again.
        if (!seen.has(reason)) {
            seen.add(reason);
            failures.push({ ...(project && { project }), reason });
        }
    }
    return failures.sort((a, b) => Number(a.project === undefined) - Number(b.project === undefined));
}

/** The Project among the resources that a resource is in. */
function projectOf(urn: string, parents: ReadonlyMap<string, string | undefined>): string | undefined {
    for (let at: string | undefined = urn; at; at = parents.get(at)) {
        if (at.split("::")[2] === PROJECT_TYPE) {
            return at.split("::").at(-1);
        }
    }
    return projectByName(urn, parents);
}

/**
 * The Project of a resource whose parent is not known: a check has failed, which is no step, of one that is new. It has
 * the Project among the types of its URN, and its name begins with the Project's.
 */
function projectByName(urn: string, parents: ReadonlyMap<string, string | undefined>): string | undefined {
    const [, , types = "", name = ""] = urn.split("::");
    if (!types.split("$").includes(PROJECT_TYPE)) {
        return undefined;
    }
    const projects = [...parents.keys()]
        .filter((known) => known.split("::")[2] === PROJECT_TYPE)
        .map((known) => known.split("::").at(-1)!);
    // Of Projects a and a-b, that of a-b-kafka is the longer one.
    return projects
        .filter((project) => name.startsWith(`${project}-`))
        .sort((one, other) => other.length - one.length)[0];
}

/** Names of the Projects in a state. */
export function projectsIn(resources: readonly StateResource[]): string[] {
    return resources.flatMap(({ type, urn }) => (type === PROJECT_TYPE ? urn.split("::").at(-1)! : []));
}

/** "StatefulSet demo-kafka-servers" */
function nameOf(urn: string): string {
    const [, , types = "", name = ""] = urn.split("::");
    return `${types.split(":").at(-1)} ${name}`;
}

function oneLine(message: string): string {
    const text = message.replace(PREFIX, "").replace(/\s+/g, " ").trim();
    return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

/** A Project more in the text of a stack file, which is left as it is but for that. */
import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, isSeq, parseDocument, stringify, type YAMLSeq } from "yaml";
import { PROGRAM } from "../config/setting.ts";

const PATH = ["config", `${PROGRAM}:projects`];

interface NewProject {
    readonly name: string;
    /** One of the stack's sizes; the environment's where it is undefined. */
    readonly size?: string | undefined;
}

/** Names of the Projects of a stack file, as far as it has any. */
export function projectNames(text: string): string[] {
    const projects: unknown = parseDocument(text, { merge: true }).toJS()?.config?.[`${PROGRAM}:projects`];
    return Array.isArray(projects)
        ? projects.map((project: { name?: unknown } | null) => String(project?.name))
        : [];
}

/**
 * The text with the Project at the end of the list, where it moves no pod of another.
 *
 * @param text a valid stack file
 * @throws Error where the Projects are no list, but text that holds one as JSON
 */
export function withProject(text: string, { name, size }: NewProject): string {
    const project = { name, ...(size !== undefined && { size }) };
    const expected = parseDocument(text, { merge: true });
    append(expected, project);
    const document = parseDocument(text, { merge: true });
    const projects = document.getIn(PATH);
    const edited = isSeq(projects) ? inserted(text, projects, project) : undefined;
    const isRight =
        edited !== undefined &&
        isDeepStrictEqual(parseDocument(edited, { merge: true }).toJS(), expected.toJS());
    // Where the list is laid out in some other way, the library writes the file, with comments and in its own layout.
    return isRight ? edited : expected.toString({ lineWidth: 0 });
}

function append(document: Document, project: object): void {
    const projects = document.getIn(PATH);
    if (isSeq(projects)) {
        projects.add(document.createNode(project, { flow: projects.flow === true }));
    } else if (
        projects === undefined ||
        (isScalar(projects) && projects.value === null) ||
        projects === null
    ) {
        document.setIn(PATH, document.createNode([project]));
    } else {
        throw new Error(`${PATH[1]} is text, not a list`);
    }
}

/** The text with an entry more, in the layout of the others; undefined where that has none to follow. */
function inserted(text: string, { flow, items, range }: YAMLSeq, project: object): string | undefined {
    if (!range) {
        return undefined;
    }
    if (flow) {
        const end = range[1] - 1;
        const entry = stringify(project, { collectionStyle: "flow", lineWidth: 0 }).trimEnd();
        return `${text.slice(0, end).trimEnd()}${items.length > 0 ? ", " : ""}${entry}${text.slice(end)}`;
    }
    const last = items.at(-1);
    if (!isMap(last) || !last.range) {
        return undefined;
    }
    const [start, valueEnd] = last.range;
    const [, indent] = /(?:^|\n)( *)-[^\n]*$/.exec(text.slice(0, start)) ?? [];
    if (indent === undefined) {
        return undefined;
    }
    // After the line on which the last entry ends, and a comment beside it.
    const lineEnd = text[valueEnd - 1] === "\n" ? valueEnd - 1 : text.indexOf("\n", valueEnd);
    const before = lineEnd === -1 ? `${text}\n` : text.slice(0, lineEnd + 1);
    const entry = stringify([project], { lineWidth: 0 }).replaceAll(/^(?=.)/gm, indent);
    return `${before}${entry}${lineEnd === -1 ? "" : text.slice(lineEnd + 1)}`;
}

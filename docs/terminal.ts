/**
 * Renders the output of a command as a picture of a terminal, from standard input to standard output:
 * `npm run -s start 2>&1 | npm run -s picture -- 'npm start' > docs/start.svg`
 */
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";

/** Sizes in pixels. The width of a letter is that of the usual monospaced fonts. */
const FONT = 14;
const LETTER = 8.43;
const LINE = 20;
const MARGIN = 20;
/** Height of the bar with the buttons of the window, and the empty line below. */
const TOP = 56;

const COLOURS = { window: "#1b1f27", text: "#d7dce4", quiet: "#8b93a3", done: "#7fbf7f" };
const BUTTONS = ["#e06c6c", "#e0b96c", COLOURS.done];

/** The picture of a command and its output, whose lines are plain text or those of steps. */
export function terminalSvg(command: string, output: string): string {
    const lines = [`$ ${command}`, "", ...linesOf(output)];
    const width = Math.ceil(2 * MARGIN + Math.max(...lines.map((line) => line.length)) * LETTER);
    const height = TOP + (lines.length - 1) * LINE + MARGIN;
    const title = `${command} in a terminal, and what it prints`;
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t"><title id="t">${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="10" fill="${COLOURS.window}"/>
${BUTTONS.map((colour, i) => `<circle cx="${MARGIN + 2 + i * MARGIN}" cy="20" r="6" fill="${colour}"/>`).join("\n")}
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${FONT}" fill="${COLOURS.text}" xml:space="preserve">
${lines.flatMap((line, i) => (line === "" ? [] : `<text x="${MARGIN}" y="${TOP + i * LINE}">${coloured(line)}</text>`)).join("\n")}
</g></svg>
`;
}

/** The lines as a terminal shows them at the end: a log has a line for the start of each step too. */
function linesOf(output: string): string[] {
    const lines = stripVTControlCharacters(output).trimEnd().split(/\r?\n/);
    return lines.filter((line) => !line.startsWith("❯ "));
}

/** A step that is done has a green mark, and its time in grey. */
function coloured(line: string): string {
    const [, title, time] = /^✔ (.*?)( \[[^\]]*\])?$/.exec(line) ?? [];
    if (title === undefined) {
        return escaped(line);
    }
    const quiet = time === undefined ? "" : ` <tspan fill="${COLOURS.quiet}">${escaped(time.trim())}</tspan>`;
    return `<tspan fill="${COLOURS.done}">✔</tspan> ${escaped(title)}${quiet}`;
}

function escaped(line: string): string {
    return line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

if (import.meta.main) {
    const [command] = process.argv.slice(2);
    if (command === undefined) {
        throw new Error("usage: COMMAND 2>&1 | npm run -s picture -- 'COMMAND' > FILE.svg");
    }
    process.stdout.write(terminalSvg(command, await text(process.stdin)));
}

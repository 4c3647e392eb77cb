import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../../common/paths.ts";
import { keysOf } from "../../config/reference.ts";
import { CONFIGURATION, configurationText } from "../../docs/configuration.ts";
import { terminalSvg } from "../../docs/terminal.ts";

const documents = globSync(["*.md", "{docs,examples,.github}/**/*.md"], { cwd: root }).sort();

const textOf = (document: string) => readFileSync(join(root, document), "utf8");

/** Without blocks of code, where brackets and hashes mean something else. */
const proseOf = (text: string) => text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, "");

/** The anchors that GitHub gives to the headings of a document. */
function anchorsOf(text: string): string[] {
    const anchors: string[] = [];
    for (const [, heading = ""] of proseOf(text).matchAll(/^#+ (.*)$/gm)) {
        const anchor = heading
            .toLowerCase()
            .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
            .replaceAll(/\s/g, "-");
        const before = anchors.filter((other) => other.replace(/-\d+$/, "") === anchor).length;
        anchors.push(before === 0 ? anchor : `${anchor}-${before}`);
    }
    return anchors;
}

/** The links of a document that lead to nothing in this repository. */
function brokenLinks(document: string, text: string): string[] {
    const targets = [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    return targets.filter((target) => {
        if (/^(https?|mailto):/.test(target)) {
            return false;
        }
        const [path = "", anchor] = target.split("#");
        const file = path === "" ? document : join(dirname(document), path);
        if (!existsSync(join(root, file))) {
            return true;
        }
        const isFile = statSync(join(root, file)).isFile();
        return (
            anchor !== undefined &&
            !(isFile && anchorsOf(file === document ? text : textOf(file)).includes(anchor))
        );
    });
}

describe("the documents", () => {
    it("link only to files and headings of this repository that exist", () => {
        assert(documents.includes("README.md") && documents.includes(join("docs", "operations.md")));
        const broken = documents.flatMap((document) =>
            brokenLinks(document, textOf(document)).map((target) => `${document}: ${target}`),
        );
        assert.deepEqual(broken, []);
    });

    it("are reached from README.md", () => {
        const linked = [...textOf("README.md").matchAll(/\]\((docs\/[\w-]+\.md)/g)].map(([, path]) => path);
        const unlinked = globSync("docs/*.md", { cwd: root }).filter((path) => !linked.includes(path));
        assert.deepEqual(unlinked, []);
    });

    it("have a README.md of at most 150 lines", () => {
        assert(textOf("README.md").split("\n").length <= 151);
    });

    it("would be reported for a link to a missing file or heading", () => {
        const text = "# A `b.c[]`\n[1](#a-bc) [2](#gone) [3](gone.md) [4](docs/) [5](https://example.com)";
        assert.deepEqual(brokenLinks("README.md", text), ["#gone", "gone.md"]);
        assert.deepEqual(anchorsOf("## Twice\n## Twice\n```\n# no\n```\n"), ["twice", "twice-1"]);
    });
});

describe("the reference of configuration", () => {
    it("is that of the schema (npm run docs writes it)", () => {
        assert.equal(readFileSync(CONFIGURATION, "utf8"), configurationText());
    });

    it("tells the meaning of every key and what it allows", () => {
        const silent = keysOf().filter(({ meaning, allowed }) => meaning === "" || allowed === "");
        assert.deepEqual(
            silent.map(({ path }) => path),
            [],
        );
    });
});

describe("the pictures", () => {
    it("of a terminal show the command, steps once each, and text as it is", () => {
        const svg = terminalSvg("npm start", "❯ Tools\n\u001b[32m✔\u001b[39m Tools [2s]\n  a < b & c\n");
        const shown = [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line = ""]) =>
            line.replaceAll(/<[^>]+>/g, ""),
        );
        assert.deepEqual(shown, ["$ npm start", "✔ Tools [2s]", "  a &lt; b &amp; c"]);
    });

    it("show no path of the machine that they were made on", () => {
        for (const picture of globSync("docs/*.svg", { cwd: root })) {
            assert.doesNotMatch(textOf(picture), /\/(home|root|work|Users|tmp)\//, relative(root, picture));
        }
    });
});

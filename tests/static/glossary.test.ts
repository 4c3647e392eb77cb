import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../common/paths.ts";
import { type Entry, glossary } from "./glossary.ts";

/** Folders of others, and the glossary itself, which has to name the words. */
const IGNORED = ["node_modules/**", ".unity/**", "tests/static/glossary*.ts"];

const files = globSync("**/*.{ts,mjs,go,md,svg,yaml,yml}", { cwd: root, exclude: IGNORED }).concat(
    globSync(".github/**/*.{yaml,yml}", { cwd: root }),
);

/** Each place where a text has a word that the glossary replaces, as a person would read it. */
function findings(file: string, text: string, entries: readonly Entry[]): string[] {
    return text.split("\n").flatMap((line, index) =>
        entries.flatMap(({ not, but, except = [] }) => {
            const word = not.exec(line)?.[0];
            const isExcepted = except.some(({ path, text }) => path?.test(file) || text?.test(line));
            return word === undefined || isExcepted ? [] : [`${file}:${index + 1}: "${word}", say: ${but}`];
        }),
    );
}

describe("the words in sources and documents", () => {
    it("are those of Kafka, Kubernetes, Pulumi and X.509 wherever these have one", () => {
        assert(files.includes("index.ts") && files.includes("README.md") && files.length > 200);
        const found = files.flatMap((file) =>
            findings(file, readFileSync(join(root, file), "utf8"), glossary),
        );
        assert.equal(found.join("\n"), "");
    });

    it("are found with their file and line, but for the exceptions", () => {
        const text = "one line\nnodes and disks are made anew, whoever asks\n";
        assert.deepEqual(findings("x.ts", text, glossary), [
            'x.ts:2: "anew", say: replaced or re-created',
            'x.ts:2: "whoever", say: the person or thing by its name',
        ]);
        assert.deepEqual(findings("x.ts", "a fault", glossary), ['x.ts:1: "fault", say: error, or failure']);
        assert.deepEqual(findings("README.md", "`npm run fault -- stop node-2`", glossary), []);
        assert.deepEqual(findings("local/x.ts", "a fault", glossary), []);
        assert.deepEqual(findings("tests/local/x.ts", "made anew", glossary).length, 1);
    });
});

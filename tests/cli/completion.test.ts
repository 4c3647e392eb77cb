import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { completionScript } from "../../cli/completion.ts";
import { buildProgram } from "../../cli/program.ts";
import { unity } from "./command.ts";

const program = buildProgram(new AbortController().signal);

/** What bash offers for a command line whose last word is being completed. */
function candidates(...words: string[]): string[] {
    const script = `${completionScript(program, "bash")}
COMP_WORDS=(unity "$@"); COMP_CWORD=$#
_unity
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script, "bash", ...words], {
        encoding: "utf8",
    });
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout.split("\n").filter((word) => word !== "");
}

describe("shell completion", () => {
    it("completes the commands and the options of the first word", () => {
        assert.deepEqual(candidates("st"), ["status"]);
        assert.deepEqual(
            candidates(""),
            program.commands
                .map((command) => command.name())
                .concat(
                    "--local --namespace --context --version --output --timeout --debug --help".split(" "),
                ),
        );
    });

    it("completes the options of a command, and no other's", () => {
        assert.deepEqual(candidates("status", "--w"), ["--watch"]);
        assert.deepEqual(candidates("check", "--"), ["--stack", "--output", "--help"]);
    });

    it("completes the values of an option or argument that has choices", () => {
        assert.deepEqual(candidates("status", "-o", ""), ["text", "json"]);
        assert.deepEqual(candidates("--output", "j"), ["json"]);
        assert.deepEqual(candidates("completion", ""), ["bash", "zsh", "--help"]);
        assert.deepEqual(candidates("help", "pl"), ["plan"]);
    });

    it("offers nothing of its own for a free value, so that bash completes file names", () => {
        assert.deepEqual(candidates("connect", "--folder", ""), []);
        assert.match(completionScript(program, "bash"), /^complete -o default -F _unity unity$/m);
    });

    it("prints a script for bash and for zsh, and knows no other shell (exit 2)", () => {
        assert.equal(unity("completion", "bash").stdout, completionScript(program, "bash"));
        assert.match(unity("completion", "zsh").stdout, /^#compdef unity\n[\s\S]*\ncompdef _unity unity\n$/);
        assert.equal(unity("completion", "fish").status, 2);
    });
});

describe("unity help", () => {
    it("prints what --help prints, for the program and for a command", () => {
        assert.equal(unity("help").stdout, unity("--help").stdout);
        assert.equal(unity("help", "status").stdout, unity("status", "--help").stdout);
    });

    it("lists the commands when there is no such one (exit 2)", () => {
        const { status, stderr } = unity("help", "nope");
        assert.equal(status, 2);
        assert.match(stderr, /'nope' is invalid.* check, up, preview, .*\. See unity --help\.\n$/);
    });
});

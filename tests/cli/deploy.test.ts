import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../../common/paths.ts";

/** Stands in for Pulumi's CLI: notes down what it is asked, and fails where it is told to. */
const FAKE = (folder: string, stacks: string[], fails: string) => `#!/bin/sh
echo "\${PULUMI_BACKEND_URL:+in a temporary backend: }$*" >> ${folder}/asked
case "$*" in
  "stack ls --json") echo '${JSON.stringify(stacks.map((name) => ({ name })))}' ;;
  ${fails || "nothing"}*) exit 3 ;;
esac
`;

const FILE = join(root, "Pulumi.per-project.yaml");

describe("unity up and unity preview", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-deploy-"));
    });
    afterEach(() => {
        rmSync(folder, { recursive: true });
        rmSync(FILE, { force: true });
    });

    function withStackPerProject(allowDestroy: string[] = []): void {
        const text = readFileSync(join(root, "Pulumi.local.yaml"), "utf8");
        writeFileSync(
            FILE,
            text.replace(
                /^ {2}unity-kafka:projects:[\s\S]*$/m,
                `  unity-kafka:projects: [{ name: a }, { name: b }]
  unity-kafka:stackPerProject: true
  unity-kafka:allowDestroy: ${JSON.stringify(allowDestroy)}
`,
            ),
        );
    }

    function unity(args: string[], stacks: string[] = [], fails = "") {
        const pulumi = join(folder, "pulumi");
        writeFileSync(pulumi, FAKE(folder, stacks, fails));
        chmodSync(pulumi, 0o755);
        writeFileSync(join(folder, "asked"), "");
        const { status, stdout, stderr } = spawnSync(join(root, "cli/unity"), args, {
            cwd: root,
            encoding: "utf8",
            env: {
                ...process.env,
                PULUMI_BACKEND_URL: "",
                PATH: [folder, process.env.PATH].join(delimiter),
            },
        });
        const asked = readFileSync(join(folder, "asked"), "utf8").replaceAll(FILE, "FILE").trim().split("\n");
        return { status, stdout, stderr, asked };
    }

    it("run pulumi once where an environment is one stack", () => {
        const { status, asked } = unity(["up", "--stack", "dev", "--", "--yes", "--diff"]);
        assert.equal(status, 0);
        assert.deepEqual(asked, ["up --stack dev --yes --diff"]);
    });

    it("create the missing stacks of an environment with a stack per Project, and bring up its base first", () => {
        withStackPerProject();
        const { status, asked } = unity(
            ["up", "--stack", "per-project", "--", "--yes"],
            ["per-project", "other"],
        );
        assert.equal(status, 0);
        assert.deepEqual(asked, [
            "stack ls --json",
            "up --stack per-project --config-file FILE --yes",
            "stack init --no-select per-project.a",
            "up --stack per-project.a --config-file FILE --yes",
            "stack init --no-select per-project.b",
            "up --stack per-project.b --config-file FILE --yes",
        ]);
    });

    const STACKS = ["per-project", "per-project.a", "per-project.b", "per-project.old"];

    it("keep and report the stack of a Project that is no longer in config", () => {
        withStackPerProject();
        const { stdout, asked } = unity(["up", "--stack", "per-project"], STACKS);
        assert.match(
            stdout,
            /^stack per-project\.old is kept, though config has no Project old; .*allowDestroy/m,
        );
        assert(!asked.some((line) => line.includes("destroy")), asked.join());
    });

    it("destroy the stack of a Project listed in allowDestroy; a preview only says so", () => {
        withStackPerProject(["old"]);
        const preview = unity(["preview", "--stack", "per-project"], STACKS);
        assert.match(preview.stdout, /^stack per-project\.old would be destroyed and removed$/m);
        assert(!preview.asked.some((line) => line.includes("destroy")));
        const args = ["--yes", "--policy-pack", "policy"];
        const { asked } = unity(["up", "--stack", "per-project", "--", ...args], STACKS);
        assert.deepEqual(asked.slice(-2), [
            "destroy --run-program --stack per-project.old --config-file FILE --yes",
            "stack rm --yes --preserve-config per-project.old",
        ]);
    });

    it("preview the stacks that do not exist in a backend of their own, and create none", () => {
        withStackPerProject();
        const { status, asked } = unity(
            ["preview", "--stack", "per-project"],
            ["per-project", "per-project.a"],
        );
        assert.equal(status, 0);
        assert.deepEqual(asked, [
            "stack ls --json",
            "preview --stack per-project --config-file FILE",
            "preview --stack per-project.a --config-file FILE",
            "in a temporary backend: stack init --no-select per-project.b",
            "in a temporary backend: preview --stack per-project.b --config-file FILE",
        ]);
    });

    it("show all stacks in a preview, and fail at the end with what failed (exit 1)", () => {
        withStackPerProject();
        const { status, stderr, asked } = unity(["preview", "--stack", "per-project"], STACKS, "preview");
        assert.equal(status, 1);
        assert.equal(asked.length, 4);
        assert.match(
            stderr,
            /^unity: pulumi preview --stack per-project failed \(exit code 3\); pulumi preview --stack per-project\.a failed .*; pulumi preview --stack per-project\.b failed .*\. Fix what pulumi reports, and run this again\.\n$/,
        );
    });

    it("give the other Projects their turn with --continue-on-error, but none without the base", () => {
        withStackPerProject();
        const args = ["up", "--stack", "per-project", "--", "--yes", "--continue-on-error"];
        const one = unity(args, STACKS, '"up --stack per-project.a"');
        assert.equal(one.status, 1);
        assert.equal(
            one.asked.at(-1),
            "up --stack per-project.b --config-file FILE --yes --continue-on-error",
        );
        const base = unity(args, STACKS, '"up --stack per-project "');
        assert.equal(base.status, 1);
        assert.equal(
            base.asked.at(-1),
            "up --stack per-project --config-file FILE --yes --continue-on-error",
        );
    });

    it("write a comment for a pull request on request: the outcome, the plan against a base, an error", () => {
        withStackPerProject();
        const file = join(folder, "comment.md");
        const comment = (...more: string[]) => {
            const args = ["preview", "--stack", "per-project", "--comment", file, "--base", FILE];
            const { status } = unity(args, STACKS, ...more);
            return [status, readFileSync(file, "utf8")] as const;
        };
        const [ok, fine] = comment();
        assert.equal(ok, 0);
        assert.match(fine, /^### Preview of `per-project`: failed: `per-project`, /);
        assert.match(fine, /^> stack per-project\.old is kept, /m);
        assert.match(
            fine,
            /^```\nPulumi\.per-project\.yaml\n\nPROJECT (?:.*\n)*Against .*\n\nCHANGE .*\ntotal .*\n/m,
        );
        const [failed, failing] = comment('"preview --stack per-project.b"');
        assert.equal(failed, 1);
        assert.match(failing, /^> unity: pulumi preview --stack per-project\.b failed \(exit code 3\)\. /m);
        writeFileSync(FILE, readFileSync(FILE, "utf8").replace("brokers: 3", "brokers: 0"));
        const [invalid, wrong] = comment();
        assert.equal(invalid, 1);
        assert.match(
            wrong,
            /^### Preview of `per-project`: failed\n\n```\nPulumi\.per-project\.yaml has (?:.*\n)*.*kafka\.brokers: 0 is not allowed/,
        );
    });

    it("end with the first failure, and say what failed (exit 1)", () => {
        withStackPerProject();
        const { status, stderr, asked } = unity(
            ["up", "--stack", "per-project"],
            STACKS,
            '"up --stack per-project.a"',
        );
        assert.equal(status, 1);
        assert.equal(
            stderr,
            "unity: pulumi up --stack per-project.a failed (exit code 3). Nothing was done after it; fix what pulumi reports, and run this again.\n",
        );
        assert.equal(asked.at(-1), "up --stack per-project.a --config-file FILE");
    });

    /** Pulumi that holds a lock until it has ended in order, which takes it a second. */
    const SLOW = (folder: string) => `#!/bin/sh
case "$*" in
  "stack ls --json") echo '[{"name":"per-project"}]'; exit ;;
esac
echo "$*" >> ${folder}/asked
touch ${folder}/lock
trap 'stopped=yes' INT TERM
echo begun
while [ -z "$stopped" ]; do sleep 0.1; done
for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done
rm ${folder}/lock
`;
    for (const [signals, toGroup, code] of [
        [["SIGINT", "SIGINT"], true, 130],
        [["SIGTERM"], false, 143],
        [["SIGTERM", "SIGINT"], false, 143],
    ] as const) {
        const to = toGroup ? "as a terminal does" : "to unity alone";
        it(`end after pulumi has unlocked its state: ${signals.join(", ")} ${to} (exit ${code})`, async () => {
            withStackPerProject();
            const pulumi = join(folder, "pulumi");
            writeFileSync(pulumi, SLOW(folder));
            chmodSync(pulumi, 0o755);
            const child = spawn(join(root, "cli/unity"), ["up", "--stack", "per-project"], {
                cwd: root,
                detached: true,
                env: { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) },
            });
            let begun = "";
            child.stdout.on("data", (chunk: Buffer) => {
                const before = begun.includes("begun");
                begun += String(chunk);
                if (!before && begun.includes("begun")) {
                    signals.forEach((signal, i) => {
                        setTimeout(() => process.kill(toGroup ? -child.pid! : child.pid!, signal), 200 * i);
                    });
                }
            });
            const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
            const [stderr, status] = await Promise.all([text(child.stderr), ended]);
            assert.equal(existsSync(join(folder, "lock")), false);
            assert.equal(stderr, `unity: Stopped by ${signals[0]}.\n`);
            assert.equal(status, code);
            // No other stack was begun.
            assert.equal(
                readFileSync(join(folder, "asked"), "utf8").replaceAll(FILE, "FILE"),
                "up --stack per-project --config-file FILE\n",
            );
        });
    }

    /** Pulumi that writes an event log as pulumi 3.259 does. */
    const LOGGING = (folder: string) => `#!/bin/sh
echo "$*" >> ${folder}/asked
echo "for people"
[ "$PULUMI_DEBUG_COMMANDS" = true ] || exit 9
while [ "$1" != --event-log ]; do shift; done
cat > "$2" <<END
{"sequence":1,"preludeEvent":{"config":{}}}
{"sequence":2,"resourcePreEvent":{"metadata":{"op":"create","urn":"urn:preview"}}}
{"sequence":3,"summaryEvent":{"isPreview":true,"durationSeconds":1,"resourceChanges":{"create":1},"result":"succeeded"}}
{"sequence":4,"resourcePreEvent":{"metadata":{"op":"same","urn":"urn:same"}}}
{"sequence":4,"diagnosticEvent":{"severity":"debug","message":"nothing for people"}}
{"sequence":4,"diagnosticEvent":{"severity":"warning","message":"<{%fg 3%}>of the program<{%reset%}>\\n"}}
{"sequence":4,"policyEvent":{"enforcementLevel":"mandatory","message":"not so","resourceUrn":"urn:update"}}
{"sequence":5,"resourcePreEvent":{"metadata":{"op":"update","urn":"urn:update"}}}
{"sequence":6,"summaryEvent":{"isPreview":false,"durationSeconds":7,"resourceChanges":{"same":1,"update":1},"result":"$RESULT"}}
END
[ "$RESULT" = succeeded ]
`;
    for (const [result, code] of [["succeeded", 0] as const, ["failed", 1] as const]) {
        it(`print one JSON document on request, also where pulumi ${result} (exit ${code})`, () => {
            const pulumi = join(folder, "pulumi");
            writeFileSync(pulumi, LOGGING(folder));
            chmodSync(pulumi, 0o755);
            const { status, stdout, stderr } = spawnSync(
                join(root, "cli/unity"),
                ["up", "--stack", "dev", "-o", "json", "--", "--yes"],
                {
                    cwd: root,
                    encoding: "utf8",
                    env: {
                        ...process.env,
                        RESULT: result,
                        PATH: [folder, process.env.PATH].join(delimiter),
                    },
                },
            );
            assert.deepEqual(JSON.parse(stdout), {
                stacks: [
                    {
                        stack: "dev",
                        command: "up",
                        result,
                        seconds: 7,
                        changes: { same: 1, update: 1 },
                        resources: [{ operation: "update", urn: "urn:update" }],
                        diagnostics: [
                            { severity: "warning", message: "of the program" },
                            { severity: "mandatory", message: "not so", urn: "urn:update" },
                        ],
                    },
                ],
                messages: [],
            });
            assert.match(stderr, /^for people\n/);
            assert.match(
                readFileSync(join(folder, "asked"), "utf8"),
                /^up --stack dev --yes --event-log \S+\n$/,
            );
            assert.equal(status, code);
        });
    }

    it("list every error of the stack file before they run pulumi (exit 1)", () => {
        withStackPerProject();
        writeFileSync(FILE, readFileSync(FILE, "utf8").replace("brokers: 3", "brokers: 0"));
        const { status, stderr, asked } = unity(["up", "--stack", "per-project"]);
        assert.equal(status, 1);
        assert.match(stderr, /kafka\.brokers: 0 is not allowed/);
        assert.deepEqual(asked, [""]);
    });

    it("need a stack that is there (exit 2), and pulumi on PATH (exit 1)", () => {
        assert.equal(unity(["up", "--stack", "nope"]).status, 2);
        const { status, stderr } = spawnSync(
            process.execPath,
            [join(root, "cli/main.ts"), "up", "--stack", "dev"],
            {
                encoding: "utf8",
                env: { PATH: join(folder, "empty") },
            },
        );
        assert.equal(status, 1);
        assert.equal(stderr, "unity: pulumi is not on PATH. Install Pulumi's CLI.\n");
    });
});

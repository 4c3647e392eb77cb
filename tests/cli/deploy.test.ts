import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../../common/paths.ts";

/** Stands in for Pulumi's CLI: notes down what it is asked, and fails where it is told to. */
const FAKE = (folder: string, stacks: string[], fails: string) => `#!/bin/sh
echo "\${PULUMI_BACKEND_URL:+in a temporary backend: }$*" >> ${folder}/asked
case "$*" in
  "stack ls --json") echo '${JSON.stringify(stacks.map((name) => ({ name })))}' ;;
  "stack export"*) echo '{}' ;;
  "stack init"*) echo "encryptionsalt: v1:x" >> "Pulumi.$4.yaml" ;;
  ${fails || "nothing"}*) exit 3 ;;
esac
`;

/** What is asked of pulumi to bring up a stack of the environment, with --yes. */
const upOf = (stack: string) => [
    `stack export --stack ${stack}`,
    `up --stack ${stack} --config-file FILE --yes --refresh --run-program --continue-on-error --skip-preview`,
];

/** What is asked of pulumi to preview a stack of the environment. */
const previewOf = (stack: string) => [
    `stack export --stack ${stack}`,
    `preview --stack ${stack} --config-file FILE --refresh --run-program`,
];

const FILE = join(root, "Pulumi.per-project.yaml");

describe("unity up and unity preview", () => {
    let folder: string;
    /** Projects of the environment besides a. */
    let others: string[];
    beforeEach(() => {
        others = ["b"];
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
        return { status, stdout, stderr, asked: asked() };
    }

    /** What pulumi was asked, without the files of events, which are the last argument. */
    const asked = () =>
        readFileSync(join(folder, "asked"), "utf8")
            .replaceAll(FILE, "FILE")
            .replaceAll(/\S+\/unity-backend-\w+\/stack\.yaml/g, "COPY")
            .replaceAll(/ --event-log \S+/g, "")
            .trim()
            .split("\n");

    it("run pulumi once where an environment is one stack", () => {
        const { status, asked } = unity(["up", "--stack", "dev", "--", "--yes", "--diff"]);
        assert.equal(status, 0);
        assert.deepEqual(asked, [
            "stack export --stack dev",
            "up --stack dev --yes --diff --refresh --run-program --continue-on-error --skip-preview",
        ]);
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
            ...upOf("per-project"),
            "stack init --no-select per-project.a",
            ...upOf("per-project.a"),
            "stack init --no-select per-project.b",
            ...upOf("per-project.b"),
        ]);
    });

    it("leave what the user says otherwise about pulumi's options", () => {
        const args = ["--refresh=false", "--run-program=false", "--continue-on-error=false", "-f", "-y"];
        assert.deepEqual(unity(["up", "--stack", "dev", "--", ...args]).asked.slice(1), [
            `up --stack dev ${args.join(" ")}`,
        ]);
        assert.deepEqual(unity(["preview", "--stack", "dev", "--", "-r"]).asked.slice(1), [
            "preview --stack dev -r --run-program",
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
            "destroy --stack per-project.old --config-file FILE --yes --run-program",
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
            ...previewOf("per-project"),
            ...previewOf("per-project.a"),
            ...["stack init --no-select per-project.b", ...previewOf("per-project.b")].map(
                (line) => `in a temporary backend: ${line.replace("FILE", "COPY")}`,
            ),
        ]);
    });

    it("leave the stack file of an environment that does not exist yet as it is in a preview", () => {
        withStackPerProject();
        const before = readFileSync(FILE, "utf8");
        const { status, asked } = unity(["preview", "--stack", "per-project"]);
        assert.equal(status, 0);
        assert.equal(asked[1], "in a temporary backend: stack init --no-select per-project");
        assert.equal(readFileSync(FILE, "utf8"), before);
        assert(!existsSync(join(root, "Pulumi.per-project.a.yaml")));
    });

    it("show all stacks in a preview, and fail at the end with what failed (exit 1)", () => {
        withStackPerProject();
        const { status, stderr, asked } = unity(["preview", "--stack", "per-project"], STACKS, "preview");
        assert.equal(status, 1);
        assert.equal(asked.length, 7);
        assert.match(
            stderr,
            /^unity: pulumi preview --stack per-project failed \(exit code 3\); pulumi preview --stack per-project\.a failed .*; pulumi preview --stack per-project\.b failed .*\. Fix what pulumi reports, and run this again\.\n$/,
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

    it("go on with the other stacks after one that failed, and say which (exit 1)", () => {
        withStackPerProject();
        const { status, stderr, asked } = unity(
            ["up", "--stack", "per-project"],
            STACKS,
            '"up --stack per-project.a"',
        );
        assert.equal(status, 1);
        assert.equal(
            stderr,
            "unity: pulumi up --stack per-project.a failed (exit code 3). Fix what pulumi reports, and run this again.\n",
        );
        assert.match(asked.at(-1)!, /^up --stack per-project\.b /);
    });

    it("begin no Project while an environment's first base has failed (exit 1)", () => {
        withStackPerProject();
        const { status, asked } = unity(["up", "--stack", "per-project"], [], '"up --stack per-project"');
        assert.equal(status, 1);
        assert.match(asked.at(-1)!, /^up --stack per-project /);
    });

    /** Pulumi that holds a lock until it has ended in order, which takes it a second. */
    const SLOW = (folder: string) => `#!/bin/sh
case "$*" in
  "stack ls --json") echo '[{"name":"per-project"}]'; exit ;;
  "stack export"*) echo '{}'; exit ;;
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
            assert.deepEqual(asked(), [
                "up --stack per-project --config-file FILE --refresh --run-program --continue-on-error",
            ]);
        });
    }

    /** Pulumi that writes an event log as pulumi 3.259 does. */
    const LOGGING = (folder: string) => `#!/bin/sh
[ "$1" = stack ] && echo '{}' && exit
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
                        failures: [],
                    },
                ],
                messages: [],
            });
            assert.match(stderr, /^for people\n/);
            assert.deepEqual(asked(), [
                "up --stack dev --yes --refresh --run-program --continue-on-error --skip-preview",
            ]);
            assert.equal(status, code);
        });
    }

    /** The state of a killed `up`, as pulumi 3.259 exports it; what removes pending operations is noted down. */
    const KILLED = (folder: string, host: string, pid: number) => `#!/bin/sh
echo "$*" >> ${folder}/asked
case "$*" in
  "stack export"*) cat ${folder}/state; exit ;;
  "stack import"*) cat > ${folder}/state; exit ;;
  cancel*) rm ${folder}/lock; exit ;;
esac
[ ! -e ${folder}/lock ] && exit
echo "error: the stack is currently locked by 1 lock(s). Either wait" >&2
echo "  file:///x.json: created by ${userInfo().username}@${host} (pid ${pid}) at 2026-11-28T16:06:58Z" >&2
exit 255
`;
    const ROOT = "urn:pulumi:dev::unity-kafka::pulumi:pulumi:Stack::unity-kafka-dev";
    function unityAfterKill(host: string, pid: number, ...args: string[]) {
        writeFileSync(join(folder, "pulumi"), KILLED(folder, host, pid));
        chmodSync(join(folder, "pulumi"), 0o755);
        writeFileSync(join(folder, "lock"), "");
        const stack = { urn: ROOT, type: "pulumi:pulumi:Stack" };
        const creating = {
            type: "creating",
            resource: {
                urn: "urn:pulumi:dev::unity-kafka::kubernetes:core/v1:Namespace::a-namespace",
                type: "kubernetes:core/v1:Namespace",
                inputs: { apiVersion: "v1", metadata: { name: "a" } },
                parent: ROOT,
            },
        };
        const deployment = { resources: [stack], pending_operations: [creating] };
        writeFileSync(join(folder, "state"), JSON.stringify({ version: 3, deployment }));
        return spawnSync(join(root, "cli/unity"), args, {
            cwd: root,
            encoding: "utf8",
            env: { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) },
        });
    }

    it("go on from where a killed up was: without its lock and its pending operations", () => {
        // Numbers of processes end far below.
        const { status, stdout } = unityAfterKill(hostname(), 2 ** 30, "up", "--stack", "dev");
        assert.equal(status, 0);
        assert.match(stdout, /^removing the lock of stack dev that a killed pulumi has left: .*$/m);
        assert.match(
            stdout,
            /^the last up of stack dev was killed while creating Namespace a-namespace; going on from there$/m,
        );
        const refresh = `refresh --stack dev --yes --skip-preview --non-interactive --target ${ROOT}`;
        assert.deepEqual(asked(), [
            "stack export --stack dev",
            "stack export --stack dev",
            refresh,
            "cancel --yes --stack dev",
            refresh,
            "stack export --stack dev",
            "stack import --stack dev",
            "up --stack dev --refresh --run-program --continue-on-error --refresh",
        ]);
        const { deployment } = JSON.parse(readFileSync(join(folder, "state"), "utf8")) as {
            deployment: { resources: { id?: string }[]; pending_operations: unknown[] };
        };
        assert.deepEqual(deployment.pending_operations, []);
        assert.equal(deployment.resources[1]?.id, "a");
    });

    it("say who holds the lock of a stack, and change nothing (exit 1)", () => {
        const { status, stderr } = unityAfterKill("elsewhere", 4711, "up", "--stack", "dev");
        assert.equal(status, 1);
        assert.match(
            stderr,
            /^unity: Stack dev is locked by \S+ on elsewhere since 2026-11-28T16:06:58Z \(process 4711\)\. Wait until it has ended\. If it was killed, run: pulumi cancel --stack dev, then this again\.$/m,
        );
        assert(!asked().some((line) => /^(cancel|up|stack import)/.test(line)), asked().join());
    });

    it("a preview says what is pending, and changes nothing", () => {
        const { stdout } = unityAfterKill("elsewhere", 4711, "preview", "--stack", "dev");
        assert.match(
            stdout,
            /^stack dev has 1 operation pending, since an up is running or was killed: creating Namespace a-namespace\./m,
        );
        assert.deepEqual(asked(), [
            "stack export --stack dev",
            "preview --stack dev --refresh --run-program",
        ]);
    });

    /** Pulumi in which the Project `a` of the stack cannot be deployed, unless it is left out. */
    const BROKEN = (folder: string) => `#!/bin/sh
[ "$1" = stack ] && echo '{}' && exit
echo "$*" >> ${folder}/asked
case "$*" in *--exclude*) exit ;; esac
while [ "$1" != --event-log ]; do shift; done
cat > "$2" <<END
{"resourcePreEvent":{"metadata":{"op":"update","urn":"urn:pulumi:two::unity-kafka::x:y:Topic::a-topic","new":{"parent":"urn:pulumi:two::unity-kafka::unity-kafka:index:Project::a"}}}}
{"diagnosticEvent":{"severity":"error","urn":"urn:pulumi:two::unity-kafka::x:y:Topic::a-topic","message":"no answer"}}
{"summaryEvent":{"isPreview":$ONLY_PREVIEW,"durationSeconds":7,"result":"failed"}}
END
exit 255
`;
    function unityWithBroken(onlyPreview: boolean, ...args: string[]) {
        withStackPerProject();
        writeFileSync(
            FILE,
            readFileSync(FILE, "utf8")
                .replace("stackPerProject: true", "stackPerProject: false")
                .replace("{ name: b }", others.map((name) => `{ name: ${name} }`).join(", ")),
        );
        writeFileSync(join(folder, "pulumi"), BROKEN(folder));
        chmodSync(join(folder, "pulumi"), 0o755);
        return spawnSync(join(root, "cli/unity"), ["up", "--stack", "per-project", "--", ...args], {
            cwd: root,
            encoding: "utf8",
            env: {
                ...process.env,
                ONLY_PREVIEW: String(onlyPreview),
                PATH: [folder, process.env.PATH].join(delimiter),
            },
        });
    }

    it("deploy the others without a broken Project, which the first line of the outcome names (exit 1)", () => {
        const { status, stderr } = unityWithBroken(false, "--yes");
        assert.equal(status, 1);
        assert.equal(
            stderr,
            "unity: Project a failed: Topic a-topic: no answer\n" +
                "unity: 1 Project of per-project failed; the others are deployed. Fix what is above, and run this again.\n",
        );
        const up = "up --stack per-project --yes --refresh --run-program --continue-on-error --skip-preview";
        const project = "urn:pulumi:per-project::unity-kafka::unity-kafka:index:Project";
        assert.deepEqual(asked(), [up, `${up} --exclude ${project}::a --exclude ${project}$**::a-**`]);
    });

    it("name a Project that had to be left out with a broken one, as the names of its resources begin alike (exit 1)", () => {
        others = ["b", "a-eu"];
        const { status, stderr } = unityWithBroken(false, "--yes");
        assert.equal(status, 1);
        assert.match(
            stderr,
            /^unity: Project a failed: .*\nunity: Project a-eu failed: it was left out with Project a, .*; correct a\nunity: 2 Projects of per-project failed; the others are deployed\./,
        );
    });

    it("change nothing after a preview that fails, nor what the user has not chosen (exit 1)", () => {
        const previewed = unityWithBroken(true);
        assert.equal(previewed.status, 1);
        assert.match(
            previewed.stderr,
            /^unity: Project a failed: .*\nunity: The preview of stack per-project failed, so nothing was changed\. /,
        );
        assert.equal(asked().length, 1);
        writeFileSync(join(folder, "asked"), "");
        assert.equal(unityWithBroken(false, "--yes", "--target", "x").status, 1);
        assert.equal(asked().length, 1);
    });

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

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { stackNames } from "../../cli/stackFiles.ts";
import { logDir, root } from "../../common/paths.ts";
import { JOB_MINUTES, STEP_MINUTES } from "../../components/timeouts.ts";
import { build } from "../../local/tools/build.ts";
import { goTools } from "../../local/tools/goTools.ts";
import { versions } from "../../local/versions.ts";

interface Step {
    readonly uses?: string;
    readonly run?: string;
    readonly id?: string;
    readonly if?: string;
    readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
    readonly uses?: string;
    readonly steps?: readonly Step[];
    readonly permissions?: Readonly<Record<string, string>>;
    readonly "timeout-minutes"?: number | string;
    readonly concurrency?: { readonly group: string; readonly "cancel-in-progress"?: unknown };
    readonly if?: string;
    readonly needs?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly strategy?: {
        readonly matrix: {
            readonly include: readonly {
                readonly stack: string;
                readonly account: string;
                readonly module?: string;
                readonly package?: string;
            }[];
            readonly scenario?: readonly string[];
            readonly image?: readonly string[];
        };
    };
}

interface Workflow {
    readonly on: Readonly<Record<string, unknown>>;
    readonly permissions?: unknown;
    readonly jobs: Readonly<Record<string, Job>>;
}

/** An expression as workflows have it. */
const expression = (text: string) => `\${{ ${text} }}`;

const folder = join(root, ".github", "workflows");
const files = readdirSync(folder).sort();
const text = (file: string) => readFileSync(join(folder, file), "utf8");
const workflow = (file: string) => parse(text(file)) as Workflow;
const jobs = files.flatMap((file) =>
    Object.entries(workflow(file).jobs).map(([name, job]) => ({ at: `${file} ${name}`, file, job })),
);
const steps = jobs.flatMap(({ at, job }) => (job.steps ?? []).map((step) => ({ at, step })));

/** The actions in use, each at its commit, and the inputs that its action.yml has there. */
const actions = JSON.parse(readFileSync(join(import.meta.dirname, "actions.json"), "utf8")) as Readonly<
    Record<string, { readonly version: string; readonly inputs: readonly string[] }>
>;

describe("the workflows", () => {
    it("pass actionlint", async function () {
        this.timeout("15m");
        const actionlint = await build(goTools.actionlint, join(logDir, "tools.log"));
        // Without the other linters that it runs where a machine happens to have them.
        const args = ["-no-color", "-shellcheck=", "-pyflakes=", ...files.map((file) => join(folder, file))];
        const said = await promisify(execFile)(actionlint, args, { cwd: root }).then(
            ({ stdout }) => stdout,
            (error: { stdout?: string; stderr?: string }) => `${error.stdout}${error.stderr}`,
        );
        assert.equal(said, "");
    });

    it("run each long scenario at night", () => {
        const scenarios = readdirSync(join(root, "tests/chaos"))
            .filter((file) => file.endsWith(".test.ts"))
            .map((file) => file.replace(".test.ts", ""));
        assert.deepEqual(workflow("chaos.yml").jobs.chaos?.strategy?.matrix.scenario, scenarios.sort());
    });

    it("look for vulnerabilities in every program that is built from Go", () => {
        const { include } = workflow("vulnerabilities.yml").jobs.go!.strategy!.matrix;
        assert.deepEqual(
            include,
            Object.values(goTools).map(({ module, package: path }) => ({
                module: module.folder,
                package: path,
            })),
        );
    });

    it("look for vulnerabilities in the image that dev runs", () => {
        const step = workflow("vulnerabilities.yml").jobs.image?.steps?.find(({ if: when }) =>
            when?.includes("public"),
        );
        const [, script = ""] = /(sed .*)\)" >>/.exec(step?.run ?? "") ?? [];
        const found = execFileSync("sh", ["-c", script], { cwd: root, encoding: "utf8" }).trim();
        const dev = parse(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")) as {
            config: { [key: string]: unknown };
        };
        assert.equal(found, dev.config["unity-kafka:image"]);
        assert.match(found, /@sha256:[0-9a-f]{64}$/);
    });

    it("use actions at a commit whose inputs are known, and name its version", () => {
        const used = files.flatMap((file) =>
            [...text(file).matchAll(/uses: (?!\.\/)(\S+)(.*)$/gm)].map(([, action = "", rest = ""]) => ({
                action,
                rest,
            })),
        );
        for (const { action, rest } of used) {
            assert.match(action, /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
            assert.equal(rest, ` # ${actions[action]?.version}`, action);
        }
        assert.deepEqual([...new Set(used.map(({ action }) => action))].sort(), Object.keys(actions));
    });

    it("give actions only inputs that they have: others would be ignored", () => {
        const unknown = steps.flatMap(({ at, step }) =>
            Object.keys(step.with ?? {})
                .filter((input) => !actions[step.uses ?? ""]?.inputs.includes(input))
                .map((input) => `${at}: ${step.uses} has no input ${input}`),
        );
        assert.deepEqual(unknown, []);
    });

    it("leave no token behind in the checkout", () => {
        const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
        assert(checkouts.length > 0);
        for (const { at, step } of checkouts) {
            assert.equal(step.with?.["persist-credentials"], false, at);
        }
    });

    it("have the least permissions: only what comments on a pull request may write, and only that", () => {
        const least = { contents: "read", "id-token": "write" };
        assert.deepEqual(Object.fromEntries(jobs.map(({ at, job }) => [at, job.permissions])), {
            "chaos.yml chaos": { contents: "read" },
            "deploy.yml dev": least,
            "deploy.yml prod": least,
            "drift.yml drift": least,
            "drift.yml renew": { ...least, deployments: "read" },
            // Called by the others, with their permissions.
            "environment.yml pulumi": undefined,
            // Of these two together.
            "preview.yml preview": { ...least, "pull-requests": "write" },
            "pull-request.yml comment": { "pull-requests": "write" },
            "pull-request.yml preview": least,
            "test.yml test": { contents: "read" },
            "vulnerabilities.yml go": { contents: "read" },
            "vulnerabilities.yml image": { contents: "read" },
            "vulnerabilities.yml npm": { contents: "read" },
        });
        for (const file of files) {
            const { permissions } = workflow(file);
            assert.deepEqual(permissions, file === "environment.yml" ? undefined : {}, file);
        }
    });

    it("run no code of a pull request where they may write to it", () => {
        const writers = jobs.filter(({ job }) => job.steps && job.permissions?.["pull-requests"] === "write");
        assert.deepEqual(
            writers.map(({ at }) => at),
            ["pull-request.yml comment"],
        );
        for (const { job } of writers) {
            assert.deepEqual(
                job.steps?.map(({ uses }) => uses),
                [undefined],
            );
        }
    });

    it("preview with accounts that may only read", () => {
        for (const [file, name] of [
            ["preview.yml", "preview"],
            ["drift.yml", "drift"],
        ] as const) {
            for (const { account } of workflow(file).jobs[name]!.strategy!.matrix.include) {
                assert.match(account, /^\$\{\{ vars\.\w+_PREVIEW_ACCOUNT \}\}$/, file);
            }
        }
    });

    it("replace the comment also where the preview failed, but not that of a newer push", () => {
        const { comment } = workflow("pull-request.yml").jobs;
        assert.deepEqual([comment?.needs, comment?.if], ["preview", expression("!cancelled()")]);
        const step = workflow("environment.yml").jobs.pulumi?.steps?.find(({ id }) => id === "comment");
        assert.equal(step?.if, expression("!cancelled() && inputs.command == 'preview'"));
    });

    for (const [what, comments, method, at] of [
        ["edits the comment that it made before", "7", "PATCH", "issues/comments/7"],
        ["makes a comment where there is none", "", "POST", "issues/12/comments"],
    ] as const) {
        it(`${what}, one for each environment`, async () => {
            const step = workflow("pull-request.yml").jobs.comment?.steps?.[0];
            const bin = mkdtempSync(join(tmpdir(), "unity-comment-"));
            try {
                const asked = `echo "$@" >> asked\ncase "$*" in *--paginate*) echo "${comments}" ;; esac\n`;
                writeFileSync(join(bin, "gh"), `#!/bin/sh\n${asked}`, { mode: 0o755 });
                const env = {
                    PATH: [bin, process.env.PATH].join(delimiter),
                    GITHUB_REPOSITORY: "acme/unity",
                    STACK: "prod",
                    NUMBER: "12",
                    RUN: "https://example.com/run",
                };
                // As GitHub runs a step.
                const run = (text: string) =>
                    promisify(execFile)("bash", ["-e", "-c", step?.run ?? ""], {
                        cwd: bin,
                        env: { ...env, TEXT: text },
                    });
                await run('### Preview of `prod`: $(no) "changes" %s');
                const [list, write] = readFileSync(join(bin, "asked"), "utf8")
                    .trim()
                    .split(/\n(?=api --silent)/);
                assert.match(
                    list ?? "",
                    /^api --paginate repos\/acme\/unity\/issues\/12\/comments .*<!-- unity preview prod -->/s,
                );
                assert.equal(
                    write,
                    `api --silent --method ${method} repos/acme/unity/${at} -F body=@comment.md`,
                );
                const comment = () => readFileSync(join(bin, "comment.md"), "utf8");
                assert.equal(
                    comment(),
                    '<!-- unity preview prod -->\n### Preview of `prod`: $(no) "changes" %s\n\n[The log](https://example.com/run)\n',
                );
                await run("");
                assert.match(comment(), /^### Preview of `prod`: failed before there was anything to show$/m);
            } finally {
                rmSync(bin, { recursive: true });
            }
        });
    }

    it("renew what is due by the commit that was deployed last, with no other change", () => {
        const { pulumi } = workflow("environment.yml").jobs;
        const checkout = pulumi?.steps?.find(({ uses }) => uses?.startsWith("actions/checkout@"));
        assert.equal(checkout?.with?.ref, expression("steps.deployed.outputs.commit"));
        const deployed = pulumi?.steps?.find(({ id }) => id === "deployed");
        assert.equal(deployed?.if, "inputs.command == 'renew'");
        assert.match(deployed?.run ?? "", /if \[ -z "\$commit" \]; then\n.*\n +exit 1\n/);
        const { renew, drift } = workflow("drift.yml").jobs;
        assert.deepEqual([renew?.with?.command, drift?.needs], ["renew", "renew"]);
    });

    it("deploy by unity, which knows the stacks of Projects, and go on after an error", () => {
        const runs = (workflow("environment.yml").jobs.pulumi?.steps ?? []).map(({ run = "" }) => run);
        const up = runs.find((run) => run.startsWith("cli/unity up "));
        assert.match(up ?? "", / --policy-pack policy /);
        assert(runs.filter((run) => run.startsWith("cli/unity preview ")).length === 2);
        for (const run of runs) {
            assert.doesNotMatch(run, /^pulumi (up|preview)\b/);
        }
    });

    it("run the whole of npm test on each pull request, without credentials", () => {
        const { on, jobs: tests } = workflow("test.yml");
        assert.deepEqual(Object.keys(on).sort(), ["pull_request", "push"]);
        assert.equal(tests.test?.if, undefined);
        assert.equal(tests.test?.steps?.at(-1)?.run, 'sudo env "PATH=$PATH" .ci/run');
    });

    it("hold no key: they use workload identity federation and no GitHub secret", () => {
        for (const file of files) {
            assert.doesNotMatch(text(file), /credentials_json|\bsecrets\./, file);
        }
    });

    it("give a fork's pull request no credentials", () => {
        const { on, jobs: previews } = workflow("preview.yml");
        assert.deepEqual(Object.keys(on), ["pull_request"]);
        for (const job of Object.values(previews)) {
            assert.equal(job.if, "github.event.pull_request.head.repo.full_name == github.repository");
        }
        for (const file of files) {
            assert.doesNotMatch(text(file), /pull_request_target|workflow_run/, file);
        }
    });

    it("have a timeout, run one at a time per environment, and are never cancelled during an up", () => {
        for (const { at, job } of jobs.filter(({ job }) => job.steps)) {
            assert(job["timeout-minutes"] !== undefined, `${at} has no timeout`);
        }
        for (const { at, job } of jobs.filter((each) => each.job.steps && each.file === "environment.yml")) {
            assert.match(job.concurrency?.group ?? "", /inputs\.stack/, at);
            const cancel = job.concurrency?.["cancel-in-progress"] as string;
            assert.match(cancel, /^\$\{\{ inputs\.command == 'preview' \}\}$/, at);
        }
    });

    it("give an up the time that its steps may take one after the other, and half an hour more", () => {
        const timeout = workflow("environment.yml").jobs.pulumi?.["timeout-minutes"];
        const isUp = "inputs.command == 'up' || inputs.command == 'renew'";
        assert.equal(timeout, `\${{ (${isUp}) && ${JOB_MINUTES} || 60 }}`);
        const steps = Object.values(STEP_MINUTES).reduce((sum, minutes) => sum + minutes, 0);
        assert(steps + 30 <= JOB_MINUTES, `${steps} minutes of steps in ${JOB_MINUTES}`);
        // GitHub ends a job after six hours.
        assert(JOB_MINUTES <= 360);
    });

    it("preview, deploy and check for drift every environment that has a stack file", () => {
        const environments = stackNames()
            .filter((stack) => stack !== "local")
            .sort();
        for (const [file, name] of [
            ["preview.yml", "preview"],
            ["drift.yml", "renew"],
            ["drift.yml", "drift"],
        ] as const) {
            const matrix = workflow(file).jobs[name]?.strategy?.matrix.include ?? [];
            assert.deepEqual(matrix.map(({ stack }) => stack).sort(), environments, file);
        }
        const deployed = Object.values(workflow("deploy.yml").jobs).map((job) => [
            job.with?.stack,
            job.with?.environment,
            job.with?.command,
        ]);
        assert.deepEqual(
            deployed.sort(),
            environments.map((stack) => [stack, stack, "up"]),
        );
        assert.equal(workflow("deploy.yml").jobs.prod?.needs, "dev");
    });

    it("run the Pulumi that this repository is tested with, and an existing policy pack", () => {
        const pulumi = steps.filter(({ step }) => step.uses?.startsWith("pulumi/actions@"));
        assert(pulumi.length > 0);
        for (const { at, step } of pulumi) {
            assert.equal(step.with?.["pulumi-version"], versions.pulumi, at);
        }
        const runs = steps.flatMap(({ step }) => (step.run?.includes("cli/unity") ? [step.run] : []));
        assert(runs.length > 0);
        for (const run of runs) {
            assert.match(run, /--policy-pack policy\b/);
        }
        assert(existsSync(join(root, "policy", "PulumiPolicy.yaml")), "no policy pack in policy/");
    });
});

describe("the issue form for a Project", () => {
    const form = parse(readFileSync(join(root, ".github", "ISSUE_TEMPLATE", "project.yml"), "utf8")) as {
        readonly body: readonly {
            readonly type: string;
            readonly id?: string;
            readonly attributes: { readonly value?: string; readonly options?: readonly string[] };
        }[];
    };

    it("says how to do it oneself", () => {
        const [text] = form.body;
        assert.match(text?.attributes.value ?? "", /`unity add NAME --stack STACK`/);
    });

    it("offers each environment that has a stack file", () => {
        const stack = form.body.find(({ id }) => id === "stack");
        const environments = stackNames().filter((name) => name !== "local");
        assert.deepEqual([...(stack?.attributes.options ?? [])].sort(), environments.sort());
    });

    it("has the fields that GitHub demands, each with an id of its own", () => {
        const fields = form.body.filter(({ type }) => type !== "markdown").map(({ id }) => id);
        assert.equal(new Set(fields).size, fields.length);
        assert(!fields.includes(undefined));
    });
});

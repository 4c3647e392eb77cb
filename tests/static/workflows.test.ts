import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { stackNames } from "../../cli/stackFiles.ts";
import { logDir, root } from "../../common/paths.ts";
import { JOB_MINUTES, STEP_MINUTES } from "../../components/timeouts.ts";
import { build, goTools } from "../../local/tools/build.ts";
import { versions } from "../../local/versions.ts";

interface Step {
    readonly uses?: string;
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
    readonly strategy?: { readonly matrix: { readonly include: readonly { readonly stack: string }[] } };
}

interface Workflow {
    readonly on: Readonly<Record<string, unknown>>;
    readonly permissions?: unknown;
    readonly jobs: Readonly<Record<string, Job>>;
}

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

    it("have the least permissions: only the preview may write, and only its comment", () => {
        const least = { contents: "read", "id-token": "write" };
        assert.deepEqual(Object.fromEntries(jobs.map(({ at, job }) => [at, job.permissions])), {
            "deploy.yml dev": least,
            "deploy.yml prod": least,
            "drift.yml drift": least,
            // Called by the others, with their permissions.
            "environment.yml pulumi": undefined,
            "preview.yml preview": { ...least, "pull-requests": "write" },
        });
        for (const file of files) {
            const { on, permissions } = workflow(file);
            if (!("workflow_call" in on)) {
                assert.deepEqual(permissions, {}, file);
            }
        }
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
            assert(job["timeout-minutes"], `${at} has no timeout`);
            assert.match(job.concurrency?.group ?? "", /inputs\.stack/, at);
            const cancel = job.concurrency?.["cancel-in-progress"] as string;
            assert.match(cancel, /^\$\{\{ inputs\.command == 'preview' \}\}$/, at);
        }
    });

    it("give an up the time that its steps may take one after the other, and half an hour more", () => {
        const timeout = workflow("environment.yml").jobs.pulumi?.["timeout-minutes"];
        assert.equal(timeout, `\${{ inputs.command == 'up' && ${JOB_MINUTES} || 60 }}`);
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
            if (step.with?.command === undefined) {
                continue;
            }
            assert.equal(step.with.policyPacks, "policy", at);
            assert(
                existsSync(join(root, step.with.policyPacks, "PulumiPolicy.yaml")),
                "no policy pack in policy/",
            );
        }
    });
});

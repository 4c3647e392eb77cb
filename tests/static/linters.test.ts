import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { stacks } from "../golden/golden.ts";
import { openApiDefinitions, writeSchemas } from "./kubernetesSchemas.ts";
import { checkov, type Finding, kubeconform, kubeScore } from "./linters.ts";
import { joinLines, type Manifest, manifests, yamlOf } from "./manifests.ts";
import { waivers } from "./waivers.ts";

const waived = {
    kubeScore: waivers.flatMap(({ kubeScore: checks }) => checks ?? []),
    checkov: waivers.flatMap(({ checkov: checks }) => checks ?? []),
};

/** Findings that no waiver covers, as a person would read them. */
const open = (findings: readonly Finding[], checks: readonly string[]) =>
    findings.filter(({ check }) => !checks.includes(check)).map(({ text }) => text);

describe("the manifests of each environment, to other people's linters", function () {
    // The first time, the linters are built and installed.
    this.timeout("15m");

    const folder = mkdtempSync(join(tmpdir(), "unity-manifests-"));
    const schemas = join(folder, "schemas");
    const found = { kubeScore: new Set<string>(), checkov: new Set<string>() };
    const note = (linter: keyof typeof found, findings: readonly Finding[]) => {
        for (const { check } of findings) {
            found[linter].add(check);
        }
        return open(findings, waived[linter]);
    };
    const fileOf = (name: string, objects: readonly Manifest[]) => {
        const file = join(folder, `${name}.yaml`);
        writeFileSync(file, yamlOf(objects));
        return file;
    };

    before(async () => {
        const definitions = await openApiDefinitions(join(logDir, "tools.log"));
        writeSchemas(schemas, definitions, stacks.flatMap(manifests));
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const stack of stacks) {
        it(`are all known to Kubernetes, field by field, in ${stack} (kubeconform)`, async () => {
            const objects = manifests(stack);
            assert.deepEqual(await kubeconform(fileOf(stack, objects), schemas), {
                valid: objects.length,
                findings: [],
            });
        });

        it(`have nothing critical in ${stack} (kube-score)`, async () => {
            assert.deepEqual(note("kubeScore", await kubeScore(fileOf(stack, manifests(stack)))), []);
        });

        it(`fail no check in ${stack} (checkov)`, async () => {
            assert.deepEqual(note("checkov", await checkov(fileOf(stack, manifests(stack)))), []);
        });
    }

    it("need five waivers at most, and none that waives nothing", () => {
        assert(waivers.length <= 5, `${waivers.length} waivers`);
        assert.deepEqual(
            waived.kubeScore.filter((check) => !found.kubeScore.has(check)),
            [],
        );
        assert.deepEqual(
            waived.checkov.filter((check) => !found.checkov.has(check)),
            [],
        );
    });

    it("would be found at fault by each linter", async () => {
        const [set] = manifests("dev").filter(({ kind }) => kind === "StatefulSet");
        assert(set);
        const text = yamlOf([set]);
        const broken = (name: string, from: string, to: string) => {
            assert(text.includes(from), from);
            const file = join(folder, `${name}.yaml`);
            writeFileSync(file, text.replace(from, to));
            return file;
        };
        const mistyped = broken("mistyped", "serviceName:", "serviceNames:");
        assert.match(
            (await kubeconform(mistyped, schemas)).findings.map(({ text }) => text).join(),
            /serviceNames/,
        );
        const writable = broken("writable", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false");
        assert.match(open(await kubeScore(writable), waived.kubeScore).join(), /writable root filesystem/i);
        assert.match(open(await checkov(writable), waived.checkov).join(), /CKV_K8S_22/);
    });
});

describe("a manifest from a golden file", () => {
    it("has its texts of several lines back, and its lists still", () => {
        assert.deepEqual(
            joinLines({
                metadata: { annotations: { file: ["a", "b", ""], one: "c" } },
                args: ["sh", ["x", "y"]],
                env: [{ name: "N", value: ["1", "2"] }],
                zones: ["z1", "z2"],
            }),
            {
                metadata: { annotations: { file: "a\nb\n", one: "c" } },
                args: ["sh", "x\ny"],
                env: [{ name: "N", value: "1\n2" }],
                zones: ["z1", "z2"],
            },
        );
    });
});

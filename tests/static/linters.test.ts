import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logDir } from "../../common/paths.ts";
import { stacks } from "../golden/golden.ts";
import { openApiDefinitions, writeSchemas } from "./kubernetesSchemas.ts";
import { checkov, type Finding, kubeconform, kubeScore } from "./linters.ts";
import { joinLines, manifests, yamlOf } from "./manifests.ts";
import { waivers } from "./waivers.ts";

const MISTYPED = "mistyped.yaml";
const WRITABLE = "writable.yaml";

const waived = {
    kubeScore: waivers.flatMap(({ kubeScore: checks }) => checks ?? []),
    checkov: waivers.flatMap(({ checkov: checks }) => checks ?? []),
};

/** Kinds of Google's, which tests/chaos/monitoring.test.ts compares with their own schemas. */
const CUSTOM = ["PodMonitoring", "Rules"];

describe("the manifests of all stacks", function () {
    // The linters are built and installed on first use.
    this.timeout("15m");

    const folder = mkdtempSync(join(tmpdir(), "unity-manifests-"));
    const schemas = join(folder, "schemas");
    const files: string[] = [];
    const write = (name: string, text: string) => {
        files.push(join(folder, name));
        writeFileSync(join(folder, name), text);
    };
    /** A StatefulSet with one mistake in each file, which shows that the linters find them. */
    const writeInvalid = (name: string, from: string, to: string) => {
        const text = yamlOf(
            manifests("dev")
                .filter(({ kind }) => kind === "StatefulSet")
                .slice(0, 1),
        );
        assert(text.includes(from), from);
        write(name, text.replace(from, to));
    };
    const textsOf = (findings: readonly Finding[], name: string) =>
        findings.filter(({ file }) => file === name).map(({ text }) => text);
    const inStacks = (findings: readonly Finding[]) =>
        findings.filter(({ file }) => file !== MISTYPED && file !== WRITABLE);
    /** Every finding in a stack has a waiver, and every waived check a finding. */
    const assertWaived = (findings: readonly Finding[], checks: readonly string[]) => {
        const open = inStacks(findings).filter(({ check }) => !checks.includes(check));
        assert.deepEqual(
            open.map(({ file, text }) => `${file} ${text}`),
            [],
        );
        const found = inStacks(findings).map(({ check }) => check);
        assert.deepEqual(
            checks.filter((check) => !found.includes(check)),
            [],
        );
    };

    before(async () => {
        const objects = stacks.flatMap(manifests);
        const namespaces = objects
            .filter(({ kind }) => kind === "Namespace")
            .map(({ metadata }) => metadata.name);
        assert.equal(new Set(namespaces).size, namespaces.length, "two stacks have a namespace of one name");
        writeSchemas(schemas, await openApiDefinitions(join(logDir, "tools.log")), objects);
        for (const stack of stacks) {
            write(`${stack}.yaml`, yamlOf(manifests(stack)));
        }
        writeInvalid(MISTYPED, "serviceName:", "serviceNames:");
        writeInvalid(WRITABLE, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false");
    });
    after(() => rmSync(folder, { recursive: true }));

    it("have only fields that Kubernetes knows (kubeconform)", async () => {
        const { valid, findings } = await kubeconform(files, schemas, CUSTOM);
        assertWaived(findings, []);
        assert.match(textsOf(findings, MISTYPED).join(), /serviceNames/);
        // All objects of the stacks, and the one that is writable but known.
        const known = stacks.flatMap(manifests).filter(({ kind }) => !CUSTOM.includes(kind));
        assert.equal(valid, known.length + 1);
    });

    it("have nothing critical to kube-score, but for the waivers, each of which is needed", async () => {
        const findings = await kubeScore(files);
        assertWaived(findings, waived.kubeScore);
        assert.match(textsOf(findings, WRITABLE).join(), /writable root filesystem/i);
    });

    it("fail no check of checkov, but for the waivers, each of which is needed", async () => {
        const findings = await checkov(files);
        assertWaived(findings, waived.checkov);
        assert.match(textsOf(findings, WRITABLE).join(), /CKV_K8S_22/);
    });

    it("need five waivers at most", () => {
        assert(waivers.length <= 5, `${waivers.length} waivers`);
    });
});

describe("a manifest from a golden file", () => {
    it("has its strings of several lines back, and keeps its lists", () => {
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

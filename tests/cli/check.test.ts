import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackNames } from "../../cli/stackFiles.ts";
import { root } from "../../common/paths.ts";

function check(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(join(root, "cli/unity"), ["check", ...args], {
        cwd: root,
        encoding: "utf8",
    });
    return { status, stdout, stderr };
}

describe("unity check", () => {
    let file: string;
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-check-"));
        file = join(folder, "Pulumi.x.yaml");
        copyFileSync(join(root, "Pulumi.dev.yaml"), file);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("finds every stack file of this checkout valid", () => {
        const { status, stdout, stderr } = check();
        assert.equal(stderr, "");
        assert.equal(status, 0);
        const lines = stdout.split("\n").filter((line) => line.startsWith("Pulumi."));
        assert.equal(lines.length, stackNames().length);
        for (const stack of stackNames()) {
            assert(
                lines.some((line) => line.startsWith(`Pulumi.${stack}.yaml is valid: `)),
                stack,
            );
        }
        assert.match(stdout, /\(\d brokers, [35] ZooKeeper servers\)/);
    });

    it("lists the warnings of a valid file", () => {
        writeFileSync(
            file,
            readFileSync(file, "utf8").replace("gke:", "allowDestroy: [topic/x]\n  unity-kafka:gke:"),
        );
        const { status, stdout, stderr } = check(file);
        assert.deepEqual([status, stderr], [0, ""]);
        const [, warning, ...rest] = stdout.split("\n");
        assert.equal(
            warning,
            "  warning: allowDestroy: topic/x names nothing; it must be a Project, gke/POOL, namespace/NAMESPACE or topic/PROJECT/TOPIC",
        );
        assert.deepEqual(rest, [""]);
    });

    it("lists every error of a file, with a hint (exit 1)", () => {
        writeFileSync(
            file,
            readFileSync(file, "utf8").replace("brokers: 3", "brokers: 0").replace("1Gi", "1gb"),
        );
        const { status, stdout, stderr } = check(file);
        assert.equal(status, 1);
        assert.equal(stdout, "");
        assert.equal(
            stderr,
            `Pulumi.x.yaml has 2 errors:
  zookeeper.memory: "1gb" is not allowed, must be a size with its unit, such as "512Mi" or "10Gi"
  sizes.small.kafka.brokers: 0 is not allowed, must be a whole number from 1 to 99
Correct ${file}, then run: unity check ${file}
`,
        );
    });

    it("prints one JSON document on request: each file with its errors and warnings (exit 1)", () => {
        const valid = check("-o", "json", file);
        assert.deepEqual([valid.status, valid.stderr], [0, ""]);
        assert.deepEqual(
            JSON.parse(valid.stdout).files.map((each: object) => ({ ...each, file: "" })),
            [{ file: "", valid: true, errors: [], warnings: [] }],
        );
        writeFileSync(file, readFileSync(file, "utf8").replace("brokers: 3", "brokers: 0"));
        const { status, stdout, stderr } = check("-o", "json", file);
        assert.deepEqual([status, stderr], [1, ""]);
        assert.deepEqual(JSON.parse(stdout).files[0].errors, [
            {
                path: "sizes.small.kafka.brokers",
                message: "0 is not allowed, must be a whole number from 1 to 99",
            },
        ]);
    });

    it("says which stacks there are when one is not (exit 2)", () => {
        const { status, stderr } = check("--stack", "nope");
        assert.equal(status, 2);
        assert.match(
            stderr,
            /^unity: .*Pulumi\.nope\.yaml cannot be read \(ENOENT\)\. .*dev, local, prod\.\n$/,
        );
    });

    it("takes a file or a stack, not both (exit 2)", () => {
        const { status, stderr } = check("--stack", "dev", file);
        assert.equal(status, 2);
        assert.equal(stderr, "unity: A file and --stack cannot be given together. Give only one of them.\n");
    });
});

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectNames, withProject } from "../../cli/addProject.ts";
import { root } from "../../common/paths.ts";
import { unity } from "./command.ts";

describe("a Project that is added to the text of a stack file", () => {
    const layouts: [title: string, before: string, after: string][] = [
        [
            "a block with comments, as the last entry of it",
            "# top\nconfig:\n  unity-kafka:projects: # all\n    # one\n    - name: a   # beside\n      kafka: { brokers: 3 }  # of a\n    # trailing\n\n  other:key:   1\n",
            "# top\nconfig:\n  unity-kafka:projects: # all\n    # one\n    - name: a   # beside\n      kafka: { brokers: 3 }  # of a\n    - name: b\n    # trailing\n\n  other:key:   1\n",
        ],
        [
            "a block at the end of the file, without a last line break",
            "config:\n  unity-kafka:projects:\n  - name: a",
            "config:\n  unity-kafka:projects:\n  - name: a\n  - name: b\n",
        ],
        [
            "a block whose last entry ends in text of several lines",
            "config:\n    unity-kafka:projects:\n        - name: a\n          note: |\n              one\n              two\n    x: 1\n",
            "config:\n    unity-kafka:projects:\n        - name: a\n          note: |\n              one\n              two\n        - name: b\n    x: 1\n",
        ],
        [
            "a list in one line",
            "config:\n  unity-kafka:projects: [{ name: a }] # all\n  x:  [1,2]\n",
            "config:\n  unity-kafka:projects: [{ name: a }, { name: b }] # all\n  x:  [1,2]\n",
        ],
        [
            "an empty list",
            "config:\n  unity-kafka:projects: []\n",
            "config:\n  unity-kafka:projects: [{ name: b }]\n",
        ],
        [
            "no list",
            "config:\n  x: 1 # one\n",
            "config:\n  x: 1 # one\n  unity-kafka:projects:\n    - name: b\n",
        ],
        [
            "entries with anchors, aliases and merge keys",
            "config:\n  unity-kafka:projects:\n    - &a { name: a }\n    - { <<: *a, name: c }\n",
            "config:\n  unity-kafka:projects:\n    - &a { name: a }\n    - { <<: *a, name: c }\n    - name: b\n",
        ],
    ];
    for (const [title, before, after] of layouts) {
        it(`goes into ${title}`, () => assert.equal(withProject(before, { name: "b" }), after));
    }

    it("is there whatever the layout, with every comment", () => {
        const odd = "config:\n  unity-kafka:projects: [\n    { name: a }, # first\n  ]\n";
        const text = withProject(odd, { name: "b" });
        assert.deepEqual(projectNames(text), ["a", "b"]);
        assert.match(text, /# first/);
    });

    it("has a name that stays text, and its size", () => {
        const text = withProject("config:\n  unity-kafka:projects:\n    - name: a\n", {
            name: "null",
            size: "large",
        });
        assert.match(text, / {4}- name: "null"\n {6}size: large\n$/);
    });

    it("is refused where the Projects are JSON in a text", () => {
        assert.throws(
            () => withProject("config:\n  unity-kafka:projects: '[]'\n", { name: "b" }),
            /not a list/,
        );
    });
});

describe("unity add", () => {
    const STACK = "added";
    const file = join(root, `Pulumi.${STACK}.yaml`);
    const original = readFileSync(join(root, "Pulumi.prod.yaml"), "utf8");
    beforeEach(() => writeFileSync(file, original.replaceAll("maxPerZone: 3", "maxPerZone: 6")));
    afterEach(() => rmSync(file));
    const text = () => readFileSync(file, "utf8");

    it("adds a line to the file, and says what follows", () => {
        const before = text();
        const { status, stdout, stderr } = unity("add", "billing", "--stack", STACK, "--size", "small");
        assert.deepEqual([status, stderr], [0, ""]);
        assert.equal(text(), `${before}    - name: billing\n      size: small\n`);
        assert.equal(
            stdout,
            `Pulumi.added.yaml has the Project billing (namespace billing, 3 brokers, 5 ZooKeeper servers)
Next: unity plan --stack added --base HEAD, then commit it and open a pull request
`,
        );
    });

    for (const [title, name, more, status, expected] of [
        [
            "a name that exists (exit 2)",
            "pipelines",
            [],
            2,
            /^unity: Pulumi\.added\.yaml has a Project pipelines already\. /,
        ],
        [
            "an invalid name (exit 1)",
            "Not_A_Name",
            [],
            1,
            /projects\[1\]\.name: "?Not_A_Name"? is not allowed[^\n]*\n[^\n]*left as it is\nunity: Not_A_Name was not added\./,
        ],
        ["a namespace of Kubernetes' own (exit 1)", "kube-system", [], 1, /projects\[1\]\.name: /],
        [
            "a size that does not exist (exit 1)",
            "billing",
            ["--size", "none"],
            1,
            /"none" is not among sizes/,
        ],
    ] as const) {
        it(`refuses ${title}, and leaves the file as it is`, () => {
            const before = text();
            const { status: code, stdout, stderr } = unity("add", name, "--stack", STACK, ...more);
            assert.deepEqual([code, stdout], [status, ""]);
            assert.match(stderr, expected);
            assert.equal(text(), before);
        });
    }

    it("refuses a Project that the node pools have no room for, and says what would do (exit 1)", () => {
        writeFileSync(file, original);
        const { status, stderr } = unity("add", "billing", "--stack", STACK);
        assert.equal(status, 1);
        assert.match(stderr, /gke\.nodePools\[0\]\.maxPerZone: 3 is too few: .* set it to \d+ or more/);
        assert.equal(text(), original);
    });

    it("says which errors a file has already, and needs a stack that exists (exit 2)", () => {
        writeFileSync(file, original.replace("size: medium", "size: none"));
        const invalid = unity("add", "billing", "--stack", STACK);
        assert.equal(invalid.status, 1);
        assert.match(invalid.stderr, /^Pulumi\.added\.yaml has \d errors:\n/);
        assert.equal(unity("add", "billing", "--stack", "nope").status, 2);
    });
});

import assert from "node:assert/strict";
import type { StackReport } from "../../cli/eventLog.ts";
import { previewComment } from "../../cli/previewComment.ts";

const urn = (type: string, name: string) =>
    `urn:pulumi:prod::unity-kafka::unity-kafka:index:Project$${type}::${name}`;
const SET = urn("kubernetes:apps/v1:StatefulSet", "billing-kafka-servers-statefulset");
const ROLL = urn("unity:kubernetes:RollingUpdate", "billing-kafka-servers-rolling-update");

const report = (over: Partial<StackReport> = {}): StackReport => ({
    stack: "prod",
    command: "preview",
    result: "succeeded",
    seconds: 3,
    changes: { same: 50 },
    resources: [],
    diagnostics: [],
    failures: [],
    ...over,
});
const comment = (stacks: readonly StackReport[], plan?: string, messages: readonly string[] = []) =>
    previewComment({ stack: "prod", stacks, messages, plan });

describe("the comment of a pull request", () => {
    it("shows what restarts and how long, cost before and after, and what changes", () => {
        const changed = report({
            resources: [
                { operation: "update", urn: SET },
                { operation: "create", urn: urn("unity:kafka:Topic", "billing-topic-orders") },
                { operation: "replace", urn: ROLL },
                { operation: "create-replacement", urn: ROLL },
            ],
            diagnostics: [
                { severity: "info", message: "POOL MACHINE" },
                { severity: "info", message: "5 brokers restart, about 10 min", urn: ROLL },
            ],
        });
        assert.equal(
            comment([changed], "total 1 → 2"),
            `### Preview of \`prod\`: 3 changes

**Restarts**

- 5 brokers restart, about 10 min
- StatefulSet \`billing-kafka-servers-statefulset\` changes: its pods restart one at a time

<details><summary>Nodes, Projects and cost, before and after</summary>

\`\`\`
total 1 → 2
\`\`\`

</details>

<details><summary><code>prod</code>: 1 to update, 1 to create, 1 to replace</summary>

| | type | name |
| --- | --- | --- |
| update | kubernetes:apps/v1:StatefulSet | billing-kafka-servers-statefulset |
| create | unity:kafka:Topic | billing-topic-orders |
| replace | unity:kubernetes:RollingUpdate | billing-kafka-servers-rolling-update |

</details>`,
        );
    });

    it("shows which partitions move where the number of brokers changes", () => {
        const told = (type: string, message: string) => ({
            ...{ severity: "info" as const, message },
            urn: urn(type, "billing"),
        });
        const changed = report({
            diagnostics: [
                told("unity:kafka:BrokerDecommission", "the replicas of brokers that leave move"),
                told("unity:kafka:PartitionReassignment", "replicas move onto the new brokers"),
            ],
        });
        assert.equal(
            comment([changed]),
            `### Preview of \`prod\`: no changes

**Partitions that move**

- the replicas of brokers that leave move
- replicas move onto the new brokers`,
        );
    });

    it("says which stacks failed, and why, each problem once", () => {
        const refused = {
            severity: "mandatory",
            message: "Every StatefulSet has a budget.\nAdd one.",
            urn: SET,
        } as const;
        const failed = report({
            stack: "prod.billing",
            result: "failed",
            diagnostics: [refused, refused, { severity: "error", message: "preview failed" }],
        });
        assert.equal(
            comment([report(), failed], undefined, ["stack prod.old is kept", "unity: pulumi failed."]),
            `### Preview of \`prod\`: failed: \`prod.billing\`

> stack prod.old is kept

> unity: pulumi failed.

**Diagnostics** of \`prod.billing\`

- **mandatory** billing-kafka-servers-statefulset: Every StatefulSet has a budget.<br>Add one.
- **error** preview failed`,
        );
    });

    it("says that a preview without any stack failed, and that one without changes has none", () => {
        assert.equal(comment([], undefined, ["a\nb"]), "### Preview of `prod`: failed\n\n```\na\nb\n```");
        assert.equal(comment([report()]), "### Preview of `prod`: no changes");
    });

    it("cannot be ended by what it quotes, and is never too long for GitHub", () => {
        assert.match(comment([report()], "```\n# heading"), /\n````\n```\n# heading\n````\n/);
        const resources = Array.from({ length: 2000 }, (_, i) => ({
            operation: "create",
            urn: urn("kubernetes:core/v1:Secret", `secret-${i}`),
        }));
        const long = comment([report({ resources })], "total");
        assert(long.length < 65_536);
        assert.match(long, /\n\nThe rest is too long for a comment: see the log of the preview\.$/);
        assert.match(long, /```\ntotal\n```/);
    });
});

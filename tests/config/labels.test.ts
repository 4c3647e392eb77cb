import assert from "node:assert/strict";
import { googleLabels } from "../../common/google/labels.ts";
import { withGke } from "./gkeConfig.ts";
import { environment, issuesOf, rawConfigWith } from "./matchers.ts";

const VALUE =
    "must be text of up to 63 letters, digits, dashes, dots or underscores, beginning and ending with a letter or digit; write a number in quotes";
const KEY =
    "must be a label of Kubernetes: up to 63 letters, digits, dashes, dots or underscores, optionally after a domain and a slash";
const RESERVED = "is reserved for Kubernetes and this program; choose another label";

describe("the labels of config", () => {
    it("are the environment's, with a Project's own over them", () => {
        const { labels, projects } = environment(
            rawConfigWith({
                labels: { owner: "platform", "acme.example/Cost-Centre": "4711", empty: "" },
                projects: [{ name: "one" }, { name: "two", labels: { owner: "payments", tier: "gold" } }],
            }),
        );
        const common = { owner: "platform", "acme.example/Cost-Centre": "4711", empty: "" };
        assert.deepEqual(labels, common);
        assert.deepEqual(
            projects.map((project) => project.labels),
            [common, { ...common, owner: "payments", tier: "gold" }],
        );
    });

    it("are refused where Kubernetes would, and where something finds objects by them", () => {
        const long = "a".repeat(64);
        const raw = rawConfigWith({
            labels: {
                "no spaces": "a",
                "/a": "a",
                [long]: "a",
                cost: 4711,
                a: "b c",
                b: long,
                c: "-a",
                d: null,
            },
            projects: [
                {
                    name: "one",
                    labels: {
                        "app.kubernetes.io/name": "kafka",
                        "k8s.io/a": "a",
                        "unity-kafka/client": "true",
                        "pod-template-hash": "a",
                    },
                },
                { name: "two", labels: ["owner"] },
            ],
        });
        const found = (key: string, value: string) => `labels.${key}: ${value} is not allowed, ${VALUE}`;
        assert.deepEqual(issuesOf(raw), [
            ...["no spaces", "/a", long].map((key) => `labels.${key}: ${KEY}`),
            found("cost", "4711"),
            found("a", '"b c"'),
            found("b", `"${"a".repeat(56)}...`),
            found("c", '"-a"'),
            found("d", "null"),
            ...["app.kubernetes.io/name", "k8s.io/a", "unity-kafka/client", "pod-template-hash"].map(
                (key) => `projects[0].labels.${key}: ${RESERVED}`,
            ),
            'projects[1].labels: ["owner"] is not allowed, must be a block of labels, such as {owner: payments}',
        ]);
    });

    it("are Google's as far as Google accepts them, and a warning names the others", () => {
        const labels = {
            owner: "payments",
            "cost-centre_2": "4711",
            Team: "a",
            "goog-x": "a",
            env: "Dev",
            a: "",
        };
        assert.deepEqual(googleLabels(labels), { owner: "payments", "cost-centre_2": "4711", a: "" });
        assert.equal(googleLabels({ Team: "a" }), undefined);
        const warnings = environment(withGke({}, { labels })).warnings.filter((line) =>
            line.startsWith("labels"),
        );
        assert.deepEqual(
            warnings,
            ["Team", "goog-x", "env"].map(
                (key) =>
                    `labels.${key}: cluster, node pools and disks do not get it, as Google's labels have lower-case letters, digits, dashes and underscores only`,
            ),
        );
        assert.deepEqual(environment(rawConfigWith({ labels })).warnings, []);
    });
});

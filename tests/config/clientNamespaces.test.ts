import assert from "node:assert/strict";
import { environment, issuesOf, rawConfigWith } from "./matchers.ts";

const LONG = "a".repeat(56);
const NAME =
    "must be 1 to 63 lower-case letters, digits or dashes, beginning and ending with a letter or digit";
const LIST = "must be the name of a namespace, or a list of such names";

/** An environment of these Projects, each with components by their names, or by name and namespace. */
function projects(...list: readonly [name: string, ...components: (string | [string, unknown])[]][]) {
    return rawConfigWith({
        namespacePrefix: "team-",
        projects: list.map(([name, ...components]) => ({
            name,
            components: components.map((component) =>
                typeof component === "string"
                    ? { name: component }
                    : { name: component[0], namespace: component[1] },
            ),
        })),
    });
}

describe("the namespaces of components", () => {
    it("are by default one for each Project, beside that of its servers", () => {
        const raw = projects(
            ["red", "loader", ["reader", "shop"], ["mover", ["team-red", "shop"]]],
            ["blue", "loader", ["writer", "shop"]],
        );
        assert.deepEqual(
            environment(raw).projects.map(({ components }) => components.map(({ namespaces }) => namespaces)),
            [
                [["team-red-clients"], ["shop"], ["team-red", "shop"]],
                [["team-blue-clients"], ["shop"]],
            ],
        );
    });

    const cases: [title: string, raw: Record<string, unknown>, expected: string[]][] = [
        [
            "that are no names, or none at all",
            projects(["red", ["a", "My_Shop"], ["b", []], ["c", ["shop", ""]], ["d", 5]]),
            [
                `projects[0].components[0].namespace: "My_Shop" is not allowed, ${NAME}`,
                `projects[0].components[1].namespace: [] is not allowed, ${LIST}`,
                `projects[0].components[2].namespace[1]: "" is not allowed, ${NAME}`,
                `projects[0].components[3].namespace: 5 is not allowed, ${LIST}`,
            ],
        ],
        [
            "of Kubernetes and Google, in any place of a list",
            projects(["red", ["a", "kube-system"], ["b", ["shop", "gmp-system"]], ["c", "default"]]),
            [
                "projects[0].components[0].namespace: kube-system belongs to Kubernetes or Google; name another",
                "projects[0].components[1].namespace[1]: gmp-system belongs to Kubernetes or Google; name another",
                "projects[0].components[2].namespace: default belongs to Kubernetes or Google; name another",
            ],
        ],
        [
            "of another Project, be it that of its servers or the one that is created",
            projects(["red", ["a", "team-blue"], ["b", "team-blue-clients"]], ["blue"]),
            [
                "projects[0].components[0].namespace: team-blue is the namespace of the servers of Project blue; name another",
                "projects[0].components[1].namespace: team-blue-clients is created for the components of Project blue, and deleted with it; name one that belongs to neither",
            ],
        ],
        [
            "whose default is that of another Project, or too long",
            projects(["red", "a"], ["red-clients"], [LONG, "a"]),
            [
                "projects[0].components[0].namespace: its default team-red-clients is the namespace of the servers of Project red-clients; name another",
                `projects[2].components[0].namespace: its default team-${LONG}-clients is longer than 63 characters; name a namespace`,
            ],
        ],
        [
            "that are repeated",
            projects(["red", ["a", ["shop", "shop"]]]),
            ['projects[0].components[0].namespace[1]: "shop" is duplicated'],
        ],
        [
            "where two Projects' components would have one Secret",
            projects(["red", ["a", "shop"], ["b", "shop"]], ["blue", ["a", ["team-blue", "shop"]]]),
            [
                "projects[1].components[0].namespace[1]: Secret kafka-client-a in shop is already that of projects[0].components[0] (Project red); rename one of the components, or name another namespace",
            ],
        ],
    ];
    for (const [title, raw, expected] of cases) {
        it(`are refused ${title}`, () => assert.deepEqual(issuesOf(raw), expected));
    }

    it("have limits where config gives them, and only where they are created", () => {
        const limits = {
            resourceQuota: { pods: 20, cpu: 2, memory: "4Gi", storage: "10Gi" },
            limitRange: { cpu: "50m" },
        };
        const of = (...list: object[]) => rawConfigWith({ projects: list });
        const [one] = environment(of({ name: "one", components: [{ name: "a" }], ...limits })).projects;
        assert.deepEqual(one!.resourceQuota, { pods: 20, cpu: "2", memory: "4Gi", storage: "10Gi" });
        assert.deepEqual(one!.limitRange, { cpu: "50m" });
        const unused = (path: string, namespace: string) =>
            `${path}: is for ${namespace}, which is created for components that name no other namespace, and there are none; remove it`;
        const raw = of(
            { name: "one", components: [{ name: "a", namespace: "shop" }], ...limits },
            { name: "two", components: [{ name: "b" }], resourceQuota: {}, limitRange: { cpu: "0.5x" } },
            { name: "three", resourceQuota: { pods: 0, cpus: 1 }, components: [{ name: "c" }] },
        );
        assert.deepEqual(issuesOf(raw), [
            "projects[1].resourceQuota: {} is not allowed, must be a block with pods, cpu, memory or storage",
            'projects[1].limitRange.cpu: "0.5x" is not allowed, must be cores or thousandths of a core, such as 2 or "500m"',
            "projects[2].resourceQuota.pods: 0 is not allowed, must be a whole number from 1 to 100000",
            "projects[2].resourceQuota.cpus: is not a known key; there are cpu, memory, pods, storage",
            unused("projects[0].resourceQuota", "one-clients"),
            unused("projects[0].limitRange", "one-clients"),
        ]);
    });

    it("are checked although names around them are invalid", () => {
        const raw = projects(
            ["red", ["A", "kube-system"], ["b", "kube-system"]],
            ["B!", ["a", "kube-system"]],
        );
        const issues = issuesOf(raw).filter((issue) => issue.includes("namespace"));
        assert.deepEqual(issues, [
            "projects[0].components[1].namespace: kube-system belongs to Kubernetes or Google; name another",
        ]);
    });
});

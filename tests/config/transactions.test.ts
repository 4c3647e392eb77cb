import assert from "node:assert/strict";
import { environment, issuesOf, rawConfigWith } from "./matchers.ts";

const components = (...list: object[]) =>
    rawConfigWith({
        projects: [
            { name: "one", topics: [{ name: "orders" }, { name: "enricher-out" }], components: list },
            // Another Project's Kafka knows nothing of these.
            { name: "two", components: [{ name: "booking", transactionalIds: ["booking-*"] }] },
        ],
    });
const ID = "must be a transactional.id, or the prefix of some with a * at its end";
const at = (i: number, key = "transactionalIds", j = 0) => `projects[0].components[${i}].${key}[${j}]`;
const reserved = (i: number, id: string, owner: string) =>
    `${at(i, "applicationIds")}: "${id}" is not allowed, must be another, as its internal topics would have names that are reserved for ${owner}`;
const FENCE = "so each could fence the producers of the other; use another one";

describe("the transactional ids and Kafka Streams applications of components", () => {
    it("are as config lists them, and none where it lists none", () => {
        const ids = { transactionalIds: ["booking-*", "nightly"], applicationIds: ["enrich", "rate.v2"] };
        const [one] = environment(components({ name: "booking", ...ids }, { name: "loader" })).projects;
        const found = one!.components.map(({ transactionalIds, applicationIds }) => ({
            transactionalIds,
            applicationIds,
        }));
        assert.deepEqual(found, [ids, { transactionalIds: [], applicationIds: [] }]);
    });

    const cases: [title: string, components: object[], expected: string[]][] = [
        [
            "an empty prefix, and what is no id",
            [
                { name: "a", transactionalIds: ["*", "", "a b"], applicationIds: ["", "*"] },
                { name: "b", transactionalIds: "b", applicationIds: { b: 1 } },
            ],
            [
                `${at(0)}: "*" is not allowed, ${ID}`,
                `${at(0, undefined, 1)}: "" is not allowed, ${ID}`,
                `${at(0, undefined, 2)}: "a b" is not allowed, ${ID}`,
                ...["", "*"].map(
                    (id, j) =>
                        `${at(0, "applicationIds", j)}: "${id}" is not allowed, must be an application.id of letters, digits, dots, dashes or underscores`,
                ),
                'projects[0].components[1].transactionalIds: "b" is not allowed, must be a list of transactional ids',
                'projects[0].components[1].applicationIds: {"b":1} is not allowed, must be a list of application ids',
            ],
        ],
        [
            "duplicates",
            [{ name: "a", transactionalIds: ["a", "b", "a"], applicationIds: ["c", "c"] }],
            [`${at(0, undefined, 2)}: "a" is duplicated`, `${at(0, "applicationIds", 1)}: "c" is duplicated`],
        ],
        [
            "ids that two components could have",
            [
                { name: "a", transactionalIds: ["pay-*", "x"] },
                { name: "b", transactionalIds: ["pay-eu*", "x"] },
                { name: "c", transactionalIds: ["pa*"] },
                { name: "d", transactionalIds: ["y", "ya*"], applicationIds: ["rates"] },
                { name: "e", transactionalIds: ["y*"], applicationIds: ["rates-eu"] },
                { name: "f", transactionalIds: ["rates-eu-1"] },
            ],
            [
                `${at(1)}: "pay-eu*" overlaps with "pay-*" of component a, ${FENCE}`,
                `${at(1, undefined, 1)}: "x" overlaps with "x" of component a, ${FENCE}`,
                `${at(2)}: "pa*" overlaps with "pay-*" of component a, ${FENCE}`,
                `${at(4)}: "y*" overlaps with "y" of component d, ${FENCE}`,
                `${at(4, "applicationIds")}: "rates-eu" overlaps with "rates" of component d, ${FENCE}`,
                `${at(5)}: "rates-eu-1" overlaps with "rates" of component d, ${FENCE}`,
            ],
        ],
        [
            "internal topics that would include one of the Project, of Kafka or of this program",
            ["enricher", "__x", "unity", "unity-file", "mm2"].map((id, i) => ({
                name: `a${i}`,
                applicationIds: [id],
            })),
            [
                reserved(1, "__x", "Kafka itself"),
                reserved(2, "unity", "the command unity and the smoke test"),
                reserved(3, "unity-file", "the command unity and the smoke test"),
                reserved(4, "mm2", "MirrorMaker"),
                `${at(0, "applicationIds")}: "enricher" may delete topics that begin with enricher-, such as enricher-out of the Project; use another application.id`,
            ],
        ],
    ];
    for (const [title, list, expected] of cases) {
        it(`refuse ${title}`, () => {
            assert.deepEqual(issuesOf(components(...list)), expected);
        });
    }

    it("may be like each other without meaning the same", () => {
        const list = [
            { name: "a", transactionalIds: ["pay", "pay-1", "pay-1-*"] },
            { name: "b", transactionalIds: ["pay-2", "pays*"], applicationIds: ["pa", "enricher2"] },
        ];
        assert.deepEqual(issuesOf(components(...list)), []);
    });
});

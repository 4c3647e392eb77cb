import assert from "node:assert/strict";
import { render, stacks } from "../golden/golden.ts";

interface Registration {
    type: string;
    name: string;
    parent: string;
    hooks: string[];
    dependsOn: string[];
    inputs: {
        metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
        spec?: Record<string, unknown>;
    };
}

interface PodSpec {
    automountServiceAccountToken: boolean;
    securityContext: Record<string, unknown>;
    containers: {
        image: string;
        securityContext: Record<string, unknown>;
        resources: { requests: Record<string, string>; limits: Record<string, string> };
        volumeMounts: { name: string }[];
        env: { name: string; value?: string }[];
    }[];
    volumes: Record<string, unknown>[];
}

/** What must hold for every environment, whatever its stack file says. */
for (const stack of stacks) {
    describe(`the program for ${stack}`, () => {
        let resources: Registration[];
        before(async () => {
            resources = (JSON.parse(await render(stack)) as { resources: Registration[] }).resources;
        });

        const ofType = (type: string) => resources.filter((resource) => resource.type === type);
        const sets = () => ofType("kubernetes:apps/v1:StatefulSet");
        const podOf = (set: Registration) => (set.inputs.spec!.template as { spec: PodSpec }).spec;

        it("puts all of a Project into its namespace", () => {
            const namespaces = ofType("kubernetes:core/v1:Namespace").map(
                ({ inputs }) => inputs.metadata!.name,
            );
            assert(namespaces.length > 0);
            for (const { type, name, inputs } of resources) {
                if (!type.startsWith("kubernetes:") || /Namespace|StorageClass/.test(type)) {
                    continue;
                }
                assert(namespaces.includes(inputs.metadata?.namespace), `${type} ${name}`);
            }
        });

        it("makes every resource a child of a component", () => {
            for (const { type, name, parent } of resources) {
                const root = [
                    "pulumi:providers:kubernetes",
                    "pulumi:providers:gcp",
                    "unity-kafka:index:NodeAccount",
                    "unity-kafka:index:GkeCluster",
                    "unity-kafka:index:NodePools",
                    "unity-kafka:index:StorageClasses",
                    "unity-kafka:index:Project",
                ];
                assert.equal(parent === "the stack", root.includes(type), `${type} ${name} under ${parent}`);
            }
        });

        it("enforces the restricted Pod Security standard, of a pinned version", () => {
            for (const { inputs } of ofType("kubernetes:core/v1:Namespace")) {
                assert.equal(inputs.metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
                assert.match(
                    inputs.metadata.labels["pod-security.kubernetes.io/enforce-version"] ?? "",
                    /^v1\.\d+$/,
                );
            }
        });

        it("keeps to that standard, with a read-only image and no token", () => {
            assert(sets().length >= 2);
            for (const pod of sets().map(podOf)) {
                assert.equal(pod.automountServiceAccountToken, false);
                assert.equal(pod.securityContext.runAsNonRoot, true);
                assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });
                for (const { securityContext } of pod.containers) {
                    assert.deepEqual(securityContext, {
                        allowPrivilegeEscalation: false,
                        readOnlyRootFilesystem: true,
                        capabilities: { drop: ["ALL"] },
                    });
                }
            }
        });

        it("keeps data on claims that outlive their set, never on the node", () => {
            for (const { inputs } of sets()) {
                assert.deepEqual(inputs.spec?.persistentVolumeClaimRetentionPolicy, {
                    whenDeleted: "Retain",
                    whenScaled: "Retain",
                });
                assert.equal((inputs.spec.volumeClaimTemplates as unknown[]).length, 1);
            }
        });

        it("requests as much memory as it is limited to, and puts no limit on CPU", () => {
            for (const { resources: sized } of sets().flatMap((set) => podOf(set).containers)) {
                assert.equal(sized.requests.memory, sized.limits.memory);
                assert.deepEqual(Object.keys(sized.limits), ["memory"]);
                assert(sized.requests.cpu);
            }
        });

        it("has a disruption budget of one for each set, which selects the set's pods alone", () => {
            const budgets = ofType("kubernetes:policy/v1:PodDisruptionBudget").map(({ inputs }) => inputs);
            assert.equal(budgets.length, sets().length);
            for (const { inputs } of sets()) {
                const budget = budgets.find(
                    ({ metadata }) =>
                        metadata?.name === inputs.metadata?.name &&
                        metadata?.namespace === inputs.metadata?.namespace,
                );
                assert.deepEqual(budget?.spec, { maxUnavailable: 1, selector: inputs.spec?.selector });
            }
        });

        it("selects by labels that no version or config can change", () => {
            for (const { inputs } of sets()) {
                assert.deepEqual(inputs.spec?.selector, {
                    matchLabels: { "app.kubernetes.io/name": inputs.metadata?.name },
                });
            }
        });

        it("lets nothing go that holds data, and no disk shrink, without a word from config", () => {
            const hooksOf = (type: string) => {
                if (type === "kubernetes:core/v1:PersistentVolumeClaimPatch") {
                    return ["keep-size"];
                }
                if (type === "gcp:container/nodePool:NodePool") {
                    return ["keep-node-pool"];
                }
                if (type === "unity:kafka:Topic") {
                    return ["keep-topic"];
                }
                // Unmade first, it keeps all the rest.
                if (type === "unity:kafka:SmokeTest") {
                    return ["keep-project"];
                }
                // A Secret goes with its certificate; the order of things keeps it as long as the servers.
                return type.startsWith("kubernetes:") && !/:(StorageClass|Secret)$/.test(type)
                    ? ["keep-project"]
                    : [];
            };
            for (const { type, name, hooks } of resources) {
                assert.deepEqual(hooks, hooksOf(type), `${type} ${name}`);
            }
        });

        it("would unmake the check of a Project first, so that where that is kept nothing else has gone", () => {
            for (const check of ofType("unity:kafka:SmokeTest")) {
                const project = check.name.replace(/-check$/, "");
                const before = resources.filter(
                    ({ type, name }) =>
                        name.startsWith(`${project}-`) &&
                        /^unity:kafka:(Topic|User)$|:StatefulSet$/.test(type),
                );
                assert(before.length >= 2);
                for (const { type, name } of before) {
                    assert(check.dependsOn.includes(`${type} ${name}`), `${check.name} after ${name}`);
                }
            }
        });

        it("rolls brokers only when ZooKeeper's servers are through", () => {
            const clusters = ofType("unity-kafka:index:KafkaCluster");
            assert(clusters.length > 0);
            for (const { name, dependsOn } of clusters) {
                const rollout = `${name.replace(/-kafka$/, "-zookeeper")}-rollout`;
                assert(dependsOn.includes(`unity:kubernetes:RollingUpdate ${rollout}`), name);
            }
        });

        it("tells the Project on every object of its own, but not on pods, which that would roll", () => {
            for (const { type, name, inputs } of resources) {
                if (!inputs.metadata || type.endsWith(":StorageClass")) {
                    continue;
                }
                assert(inputs.metadata.labels?.["unity-kafka/project"], `${type} ${name}`);
            }
            for (const { inputs } of sets()) {
                const { metadata } = inputs.spec!.template as { metadata: { labels: object } };
                assert(!("unity-kafka/project" in metadata.labels));
            }
        });

        it("has a claim of the right size for each server", () => {
            const claims = ofType("kubernetes:core/v1:PersistentVolumeClaimPatch").map(({ inputs }) =>
                JSON.stringify([inputs.metadata?.namespace, inputs.metadata?.name, inputs.spec?.resources]),
            );
            const wanted = sets().flatMap(({ inputs }) => {
                const [template] = inputs.spec!.volumeClaimTemplates as { spec: { resources: unknown } }[];
                return Array.from({ length: Number(inputs.spec!.replicas) }, (_, i) =>
                    JSON.stringify([
                        inputs.metadata?.namespace,
                        `data-${inputs.metadata?.name}-${i}`,
                        template!.spec.resources,
                    ]),
                );
            });
            assert.deepEqual(claims.sort(), wanted.sort());
        });
    });
}

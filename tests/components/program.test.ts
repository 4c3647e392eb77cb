import assert from "node:assert/strict";
import { readStackFile } from "../../config/stackFile.ts";
import { render, stackFile, stacks } from "../golden/golden.ts";

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
    }[];
}

const SMOKE_TEST = "unity:kafka:SmokeTest";
const REASSIGNMENT = "unity:kafka:PartitionReassignment";
const ROLLING_UPDATE = "unity:kubernetes:RollingUpdate";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const POLICY_SPECS = "unity:kubernetes:NetworkPolicySpecs";
const TOPIC = "unity:kafka:Topic";
const USER = "unity:kafka:User";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const USERS = "unity:kafka:Users";
const CLIENTS = "unity:kafka:ClientKeys";
const SECRET = "kubernetes:core/v1:Secret";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

/** Types of the resources that are no component's child. */
const TOP_LEVEL = [
    "pulumi:providers:kubernetes",
    "pulumi:providers:gcp",
    "unity-kafka:index:NodeServiceAccount",
    "unity-kafka:index:GkeCluster",
    "unity-kafka:index:NodePools",
    "unity-kafka:index:RemoteRepository",
    "unity-kafka:index:Nat",
    "unity-kafka:index:StorageClasses",
    "unity-kafka:index:Project",
];

/** Whether a component is the namespace that is created for a Project's components. */
const isClientNamespace = (component: string) => component.startsWith("unity-kafka:index:ClientNamespace ");

/** MirrorMaker keeps its data in the Project's Kafka, and the exporter of lags has none. */
const holdsNoData = (component: string) => /:(MirrorMaker|LagExporter) /.test(component);

/** Hooks that a resource must have, by what would be lost with it. */
function hooksOf({ type, parent }: Registration): string[] {
    switch (type) {
        case "gcp:container/nodePool:NodePool":
            return ["protect-node-pool"];
        case TOPIC:
            return ["protect-topic"];
        case STATEFUL_SET:
            return ["protect-project", "prevent-data-loss"];
        // Config has these, and takes them away.
        case "kubernetes:monitoring.googleapis.com/v1:PodMonitoring":
        case "kubernetes:monitoring.googleapis.com/v1:Rules":
        case "kubernetes:core/v1:ResourceQuota":
        case "kubernetes:core/v1:LimitRange":
            return [];
        case NAMESPACE:
            return [isClientNamespace(parent) ? "protect-client-namespace" : "protect-project"];
        case NETWORK_POLICY:
            return holdsNoData(parent)
                ? []
                : isClientNamespace(parent)
                  ? ["protect-client-namespace"]
                  : ["protect-project", "prevent-lost-clients"];
        // Deleted first, they protect all the rest.
        case SMOKE_TEST:
        case REASSIGNMENT:
            return ["protect-project"];
        // A Secret is deleted with its certificate; the order of deletion keeps it as long as the servers, and the rules of
        // their metrics as well.
        case SECRET:
        case "kubernetes:core/v1:ConfigMap":
        case "kubernetes:storage.k8s.io/v1:StorageClass":
            return [];
        default: {
            const holdsData = type.startsWith("kubernetes:") && !holdsNoData(parent);
            return holdsData ? ["protect-project"] : [];
        }
    }
}

/** What must hold for every environment, whatever its stack file says. */
for (const stack of stacks) {
    describe(`the program for ${stack}`, () => {
        let resources: Registration[];
        before(async () => {
            resources = (JSON.parse(await render(stack)) as { resources: Registration[] }).resources;
        });

        /** The resources of some types, at least one. */
        const ofType = (...types: string[]) => {
            const found = resources.filter(({ type }) => types.includes(type));
            assert(found.length > 0, `there is no ${types.join(" or ")}`);
            return found;
        };
        const statefulSets = () => ofType(STATEFUL_SET);
        const workloads = () => ofType(STATEFUL_SET, DEPLOYMENT);
        const podOf = ({ inputs }: Registration) => (inputs.spec!.template as { spec: PodSpec }).spec;

        /** Names of the namespaces of servers. */
        const serverNamespaces = () =>
            ofType(NAMESPACE)
                .filter(({ parent }) => !isClientNamespace(parent))
                .map(({ inputs }) => inputs.metadata!.name);
        const isComponentSecret = ({ type, inputs }: Registration) =>
            type === SECRET && inputs.metadata!.name?.startsWith("kafka-client-") === true;

        it("every object is in its Project's namespace, but for what components get", () => {
            const own = serverNamespaces();
            for (const resource of resources) {
                const { type, name, parent, inputs } = resource;
                if (!type.startsWith("kubernetes:") || /Namespace|StorageClass/.test(type)) {
                    continue;
                }
                assert(
                    own.includes(inputs.metadata?.namespace) ||
                        isClientNamespace(parent) ||
                        isComponentSecret(resource),
                    `${type} ${name}`,
                );
            }
        });

        it("brokers allow pods by label and namespace, and only where a component has its Secret", () => {
            const brokers = ofType(NETWORK_POLICY).filter(({ inputs }) => inputs.metadata!.name === "kafka");
            assert(brokers.length > 0);
            for (const { parent, inputs } of brokers) {
                const { ingress } = inputs.spec as { ingress: { from: Record<string, unknown>[] }[] };
                const clients = ingress
                    .flatMap(({ from }) => from)
                    .filter((peer) => JSON.stringify(peer).includes("unity-kafka/client"));
                const namespaces = resources
                    .filter((resource) => isComponentSecret(resource) && resource.parent === parent)
                    .map((resource) => resource.inputs.metadata!.namespace!);
                assert.deepEqual(
                    clients,
                    [...new Set(namespaces)].sort().map((namespace) => ({
                        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
                        podSelector: { matchLabels: { "unity-kafka/client": "true" } },
                    })),
                    parent,
                );
            }
        });

        it("a secret of the stack is in one Secret of its own Project's namespace, and nowhere else", () => {
            const holders = resources.flatMap(({ type, inputs }) =>
                [...JSON.stringify(inputs).matchAll(/v1:(\w+)-password\b/g)].map(([secret, project]) => ({
                    secret,
                    holder: `${type} in ${inputs.metadata?.namespace}`,
                    own: `kubernetes:core/v1:Secret in unity-${project}`,
                })),
            );
            assert.equal(holders.length, stack === "everything" ? 1 : 0);
            for (const { secret, holder, own } of holders) {
                assert.equal(holder, own, secret);
            }
        });

        it("every resource is a child of a component", () => {
            for (const { type, name, parent } of resources) {
                assert.equal(
                    parent === "the stack",
                    TOP_LEVEL.includes(type),
                    `${type} ${name} under ${parent}`,
                );
            }
        });

        it("every child's name begins with that of its component", () => {
            for (const { type, name, parent } of resources) {
                if (parent !== "the stack") {
                    assert(name.startsWith(`${parent.split(" ")[1]}-`), `${type} ${name} under ${parent}`);
                }
            }
        });

        it("every namespace enforces the restricted Pod Security standard of a pinned version", () => {
            for (const { inputs } of ofType(NAMESPACE)) {
                assert.equal(inputs.metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
                assert.match(
                    inputs.metadata.labels["pod-security.kubernetes.io/enforce-version"] ?? "",
                    /^v1\.\d+$/,
                );
            }
        });

        it("every pod keeps to that standard, with a read-only image and no API token", () => {
            for (const pod of workloads().map(podOf)) {
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

        it("files and command of a pod leave the room that config is allowed to take", () => {
            for (const { inputs } of workloads()) {
                const { metadata, spec } = inputs.spec!.template as {
                    metadata: { annotations: Record<string, string | string[]> };
                    spec: { containers: { command: (string | string[])[] }[] };
                };
                const size = (lines: string | string[]) => Buffer.byteLength([lines].flat().join("\n"));
                const annotations = Object.entries(metadata.annotations)
                    .map(([name, lines]) => size(name) + size(lines))
                    .reduce((all, one) => all + one);
                assert(annotations < 32 * 1024, `annotations of ${annotations} bytes`);
                const script = size(spec.containers[0]!.command.at(-1)!);
                assert(script < 8 * 1024, `a start script of ${script} bytes`);
            }
        });

        it("no two CAs have the same subject", () => {
            const subjects = ofType("unity:tls:RootCertificate").map(({ inputs }) => {
                const { commonName, organization } = inputs as Record<string, unknown>;
                return JSON.stringify([commonName, organization]);
            });
            assert.equal(new Set(subjects).size, subjects.length, subjects.join());
        });

        it("no server is restarted only because the cluster autoscaler would save its node", () => {
            for (const { inputs } of statefulSets()) {
                const { metadata } = inputs.spec!.template as {
                    metadata: { annotations: Record<string, string> };
                };
                assert.equal(metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"], "false");
            }
        });

        it("brokers have racks all or none: one that does not know its zone does not start", () => {
            for (const workload of statefulSets().filter(({ inputs }) => inputs.metadata?.name === "kafka")) {
                const [container] = podOf(workload).containers as unknown as { command: unknown[] }[];
                const script = [container!.command.at(-1)].flat() as string[];
                const racks = script.filter((line) => line.includes("broker.rack"));
                // Every stack here names zones.
                assert.deepEqual(racks, ['  --override broker.rack="$ZONE"']);
                assert.match(script[0]!, /^\[ -n "\$ZONE" \] \|\| \{ echo ".*"; exit 1; \}$/);
            }
        });

        it("data are on PVCs that outlive their StatefulSet", () => {
            for (const { inputs } of statefulSets()) {
                assert.deepEqual(inputs.spec?.persistentVolumeClaimRetentionPolicy, {
                    whenDeleted: "Retain",
                    whenScaled: "Retain",
                });
                assert.equal((inputs.spec.volumeClaimTemplates as unknown[]).length, 1);
            }
        });

        it("every container requests as much memory as its limit and has no limit of CPU", () => {
            for (const { resources: sized } of workloads().flatMap(
                (workload) => podOf(workload).containers,
            )) {
                assert.equal(sized.requests.memory, sized.limits.memory);
                assert.deepEqual(Object.keys(sized.limits), ["memory"]);
                assert(sized.requests.cpu);
            }
        });

        it("every workload but the exporter of lags has a disruption budget of one that selects its pods alone", () => {
            const budgets = ofType("kubernetes:policy/v1:PodDisruptionBudget").map(({ inputs }) => inputs);
            const disrupted = workloads().filter(({ parent }) => !parent.includes(":LagExporter "));
            assert.equal(budgets.length, disrupted.length);
            for (const { inputs } of disrupted) {
                const budget = budgets.find(
                    ({ metadata }) =>
                        metadata?.name === inputs.metadata?.name &&
                        metadata?.namespace === inputs.metadata?.namespace,
                );
                assert.deepEqual(budget?.spec, { maxUnavailable: 1, selector: inputs.spec?.selector });
            }
        });

        it("every selector has a label only that no version or config can change", () => {
            for (const { inputs } of workloads()) {
                assert.deepEqual(inputs.spec?.selector, {
                    matchLabels: { "app.kubernetes.io/name": inputs.metadata?.name },
                });
            }
        });

        it("every resource whose data would be lost with it has the hook of the deletion guard", () => {
            for (const resource of resources) {
                assert.deepEqual(resource.hooks, hooksOf(resource), `${resource.type} ${resource.name}`);
            }
        });

        it("the smoke test of a Project is deleted first, so where it is protected nothing else was deleted", () => {
            for (const test of ofType(SMOKE_TEST)) {
                const project = test.name.replace(/-smoke-test$/, "");
                const before = ofType(TOPIC, USER, STATEFUL_SET, DEPLOYMENT, SECRET).filter(
                    ({ type, name, parent }) =>
                        name.startsWith(`${project}-`) &&
                        // Servers' Secrets are deleted after them.
                        (type !== SECRET || parent === `unity-kafka:index:Project ${project}`),
                );
                assert(before.length >= 2);
                for (const { type, name } of before) {
                    assert(test.dependsOn.includes(`${type} ${name}`), `${test.name} after ${name}`);
                }
            }
        });

        it("the whole spec of every network policy of servers is verified, whatever kubectl has added to it", () => {
            const verified = ofType(POLICY_SPECS).flatMap(({ inputs }) => {
                const { namespace, policies } = inputs as { namespace?: string; policies?: object };
                return Object.entries(policies!).map(([name, spec]) => ({ namespace, name, spec }));
            });
            const registered = ofType(NETWORK_POLICY)
                .filter(({ parent }) => !isClientNamespace(parent))
                .map(({ inputs }) => ({
                    namespace: inputs.metadata?.namespace,
                    name: inputs.metadata?.name,
                    spec: inputs.spec,
                }));
            const sorted = (specs: readonly object[]) => specs.map((spec) => JSON.stringify(spec)).sort();
            assert.deepEqual(sorted(verified), sorted(registered));
        });

        it("the policies of a namespace are verified after they were changed, and wait for no server", () => {
            for (const { name, dependsOn } of ofType(POLICY_SPECS)) {
                const waitsFor = new Set(dependsOn.map((before) => before.split(" ")[0]!));
                // A GKE cluster of this program is one of its inputs.
                waitsFor.delete("gcp:container/cluster:Cluster");
                assert.deepEqual([...waitsFor], [NETWORK_POLICY], name);
            }
        });

        it("no pod is created in a namespace before each network policy that is about it, and none before they are verified", () => {
            const nameOf = ({ type, name }: Registration) => `${type} ${name}`;
            const byName = new Map(resources.map((resource) => [nameOf(resource), resource]));
            /** Adds what a resource waits for: what it depends on, and its parent with the same. */
            const waitsFor = (resource: string, seen = new Set<string>()): Set<string> => {
                for (const before of [byName.get(resource)!.parent, ...byName.get(resource)!.dependsOn]) {
                    if (byName.has(before) && !seen.has(before)) {
                        seen.add(before);
                        waitsFor(before, seen);
                    }
                }
                return seen;
            };
            for (const workload of workloads()) {
                const before = waitsFor(nameOf(workload));
                const { name, namespace } = workload.inputs.metadata!;
                const policies = ofType(NETWORK_POLICY).filter(({ inputs }) => {
                    const { podSelector } = inputs.spec as { podSelector: { matchLabels?: object } };
                    const labels: Record<string, string> = { ...podSelector.matchLabels };
                    return (
                        inputs.metadata?.namespace === namespace &&
                        [undefined, name].includes(labels["app.kubernetes.io/name"])
                    );
                });
                assert(policies.length >= 3);
                for (const needed of [
                    ...policies,
                    ...ofType(POLICY_SPECS).filter(({ inputs }) => Object(inputs).namespace === namespace),
                ]) {
                    assert(before.has(nameOf(needed)), `${nameOf(workload)} waits for ${nameOf(needed)}`);
                }
            }
        });

        it("a client's next key is allowed before its Secret has it, and before the former one is not any more", () => {
            for (const { name, dependsOn, inputs } of ofType(USERS)) {
                const project = name.replace(/-users$/, "");
                const users = resources.filter(
                    (each) => each.type === USER && each.name.startsWith(`${project}-user-`),
                );
                for (const user of users) {
                    const client = user.name.slice(`${project}-user-`.length).replace(/\.unity-kafka$/, "");
                    const of = [`${project}-kafka-client-${client}`, `${project}-kafka-${client}`];
                    const secrets = resources.filter(
                        (each) => each.type === SECRET && of.includes(each.name.split(".")[0]!),
                    );
                    assert(secrets.length > 0, user.name);
                    for (const secret of secrets) {
                        assert(secret.dependsOn.includes(`${USER} ${user.name}`), secret.name);
                    }
                    assert(dependsOn.includes(`${USER} ${user.name}`), `${name} after ${user.name}`);
                }
                const principals = users.map((user) => (user.inputs as { principal?: string }).principal);
                assert.deepEqual((inputs as { users?: string[] }).users!.toSorted(), principals.sort());
            }
        });

        it("the operator's next key is allowed everything before its Secret has it, and no broker restarts until then", () => {
            for (const { name, dependsOn } of ofType("unity:kafka:OperatorKey")) {
                assert(!dependsOn.some((before) => before.startsWith(ROLLING_UPDATE)), name);
                const project = name.replace(/-operator-key$/, "");
                const secret = resources.find(
                    (each) => each.type === SECRET && each.name === `${project}-kafka-operator`,
                )!;
                assert(secret.dependsOn.includes(`unity:kafka:OperatorKey ${name}`), name);
                const brokers = ofType("unity-kafka:index:KafkaCluster").find(
                    (each) => each.name === `${project}-kafka`,
                )!;
                assert(brokers.dependsOn.includes(`${SECRET} ${secret.name}`), name);
            }
            for (const { name, dependsOn } of ofType(USERS)) {
                const update = `${name.replace(/-users$/, "")}-kafka-servers-rolling-update`;
                assert(dependsOn.includes(`${ROLLING_UPDATE} ${update}`), name);
            }
        });

        it("clients that have left config wait for no server", () => {
            for (const { name, dependsOn } of ofType(CLIENTS)) {
                const types = new Set(dependsOn.map((before) => before.split(" ")[0]!));
                types.delete("gcp:container/cluster:Cluster");
                assert.deepEqual([...types], ["kubernetes:core/v1:Namespace"], name);
            }
        });

        it("brokers are rolled only after the rolling update of ZooKeeper's servers", () => {
            for (const { name, dependsOn } of ofType("unity-kafka:index:KafkaCluster")) {
                const before = `${name.replace(/-kafka$/, "-zookeeper")}-servers-rolling-update`;
                assert(dependsOn.includes(`${ROLLING_UPDATE} ${before}`), name);
            }
        });

        it("every object has the label of its Project, but no pod, which a new label would roll", () => {
            for (const { type, name, inputs } of resources) {
                if (inputs.metadata && !type.endsWith(":StorageClass")) {
                    assert(inputs.metadata.labels?.["unity-kafka/project"], `${type} ${name}`);
                }
            }
            for (const { inputs } of workloads()) {
                const { metadata } = inputs.spec!.template as { metadata: { labels: object } };
                assert(!("unity-kafka/project" in metadata.labels));
            }
        });

        it("every object, every pod and, by the rolling updates, every PVC has the labels of config", async () => {
            const { labels, projects } = readStackFile(stackFile(stack));
            const labelsOf = (name: string) =>
                projects.find((project) => name.startsWith(`${project.name}-`))?.labels ?? labels;
            for (const { type, name, inputs } of resources) {
                const wanted = Object.entries(labelsOf(name));
                const template = inputs.spec?.template as { metadata: typeof inputs.metadata } | undefined;
                const labelled = [inputs.metadata, template?.metadata]
                    .filter(Boolean)
                    .map((each) => each!.labels);
                if (type === ROLLING_UPDATE) {
                    labelled.push((inputs as { labels?: Record<string, string> }).labels ?? {});
                }
                for (const found of labelled) {
                    const own = Object.entries(found!).filter(([key]) =>
                        wanted.some(([name]) => name === key),
                    );
                    assert.deepEqual(own.sort(), wanted.sort(), `${type} ${name}`);
                }
            }
        });

        it("every StatefulSet restarts its servers, and sizes their PVCs, by a rolling update of its own", () => {
            const updates = ofType(ROLLING_UPDATE).map(({ inputs }) => {
                const { namespace, statefulSet, replicas, diskSize } = inputs as Record<string, unknown>;
                return JSON.stringify([namespace, statefulSet, replicas, diskSize]);
            });
            const wanted = statefulSets().map(({ inputs }) => {
                const [pvc] = inputs.spec!.volumeClaimTemplates as {
                    spec: { resources: { requests: { storage: string } } };
                }[];
                assert.deepEqual(inputs.spec!.updateStrategy, { type: "OnDelete" });
                return JSON.stringify([
                    inputs.metadata?.namespace,
                    inputs.metadata?.name,
                    inputs.spec!.replicas,
                    pvc!.spec.resources.requests.storage,
                ]);
            });
            assert.deepEqual(updates.sort(), wanted.sort());
        });
    });
}

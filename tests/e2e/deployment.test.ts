import assert from "node:assert/strict";
import { withClientPods } from "./clientPods.ts";
import { inPod, type Kubernetes, pods } from "./cluster.ts";
import {
    BLUE,
    BLUE_CLIENTS,
    BRING_UP_TIMEOUT,
    GREEN,
    type SharedEnvironment,
    sharedEnvironment,
} from "./environment.ts";
import { adminTool, VERSIONS } from "./kafkaTools.ts";
import { assertRefused } from "./refused.ts";
import { changed, expectNoChanges, outputs, pulumi, stackFile } from "./stack.ts";

describe("deployment", function () {
    this.timeout("2m");
    let environment: SharedEnvironment;
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        environment = await sharedEnvironment();
        k = environment.k;
    });

    it("one `pulumi up` deploys two Projects, and no server restarts on the way", () => {
        const found = Object.entries(environment.restartsDuringUp);
        assert.equal(found.length, 12, JSON.stringify(found));
        assert.deepEqual(
            found.filter(([, restarts]) => restarts !== 0),
            [],
        );
    });

    it("a preview right after `up` has nothing to change", () => expectNoChanges());

    it("a preview of invalid config shows its errors, a line each, and no stack trace", async () => {
        const invalid = changed(({ projects }) => {
            Object.assign(projects[0]!, { kafka: { brokers: 0, heap: "9Gi" } });
        });
        await assertRefused(
            /^(?!(.|\n)*\n\s+at )(.|\n)*projects\[0\]\.kafka\.brokers: 0 is not allowed, .*\n +projects\[0\]\.kafka\.heap: 9Gi is more/,
            pulumi(["preview"], stackFile(invalid)),
        );
    });

    it("outputs tell an operator each Project's namespace, address and way in from outside", async () => {
        const { projects } = (await outputs()) as { projects: Record<string, { latency?: number }> };
        for (const project of Object.values(projects)) {
            // What the check of the `up` has measured differs from time to time.
            assert(project.latency! > 0 && project.latency! < 60_000, String(project.latency));
            delete project.latency;
        }
        const expected = (namespace: string) => ({
            namespace,
            bootstrap: `kafka-bootstrap.${namespace}.svc.cluster.local:9092`,
            fromOutside: `unity --local --namespace ${namespace} FILENAME`,
        });
        assert.deepEqual(projects, { blue: expected(BLUE), green: expected(GREEN) });
    });

    it("pods, their PVCs and what is beside them have the labels of config", async () => {
        const at = { namespace: BLUE, labelSelector: "owner=tests,acme.example/Cost-Centre=4711" };
        const found = await Promise.all([
            k.core.listNamespacedPod(at),
            k.core.listNamespacedPersistentVolumeClaim(at),
            k.apps.listNamespacedStatefulSet(at),
            k.core.listNamespacedService(at),
        ]);
        assert.deepEqual(
            found.map(({ items }) => items.length),
            [6, 6, 2, 4],
        );
        const [blue, clients] = await Promise.all(
            [BLUE, BLUE_CLIENTS].map((name) => k.core.readNamespace({ name })),
        );
        assert.deepEqual(
            [blue, clients].map((each) => each!.metadata!.labels!.owner),
            ["tests", "tests"],
        );
    });

    it("what applications take of the cluster is limited as config says", async () => {
        const of = { namespace: BLUE_CLIENTS, name: "components" };
        const { status } = await k.core.readNamespacedResourceQuota(of);
        assert.deepEqual(status?.hard, { pods: "30", "requests.cpu": "2", "requests.memory": "4Gi" });
        // Without a limit range a pod that names no requests would be refused.
        await withClientPods(k, [{ namespace: BLUE_CLIENTS, name: "modest" }], async () => {
            const pod = await k.core.readNamespacedPod({ namespace: BLUE_CLIENTS, name: "modest" });
            const { resources } = pod.spec!.containers[0]!;
            assert.deepEqual(resources?.requests, { cpu: "10m", memory: "32Mi" });
        });
    });

    it("each server of a StatefulSet runs on a host and in a zone of its own", async () => {
        const { items } = await k.core.listNode();
        const zoneOf = new Map(
            items.map(({ metadata }) => [metadata?.name, metadata?.labels?.["topology.kubernetes.io/zone"]]),
        );
        for (const namespace of [BLUE, GREEN]) {
            for (const set of ["zookeeper", "kafka"]) {
                const hosts = (await pods(k, namespace, set)).map(({ spec }) => spec?.nodeName);
                assert.equal(new Set(hosts).size, 3, `${set} of ${namespace} on ${hosts.join()}`);
                const zones = hosts.map((host) => zoneOf.get(host));
                assert.deepEqual(zones.sort(), ["zone-a", "zone-b", "zone-c"], `${set} of ${namespace}`);
            }
        }
    });

    it("each broker has the id of its pod and the rack of its node", async () => {
        const described = await adminTool(k, BLUE, VERSIONS);
        for (const pod of await pods(k, BLUE, "kafka")) {
            const ordinal = Number(pod.metadata!.name!.split("-")[1]);
            const node = await k.core.readNode({ name: pod.spec!.nodeName! });
            const zone = node.metadata!.labels!["topology.kubernetes.io/zone"]!;
            const host = `kafka-${ordinal}.kafka-brokers.${BLUE}.svc.cluster.local:9092`;
            assert(described.includes(`${host} (id: ${ordinal} rack: ${zone})`), described.split("\n")[0]);
        }
    });

    it("no server runs as root, has capabilities, or can write to its own image", async () => {
        for (const pod of ["zookeeper-0", "kafka-0"]) {
            const status = await inPod(k, BLUE, pod, ["cat", "/proc/1/status"]);
            assert.match(status, /^Uid:\s+10001\s+10001\s+10001\s+10001$/m);
            assert.match(status, /^CapEff:\s+0+$/m);
            assert.match(status, /^NoNewPrivs:\s+1$/m);
            assert.match(status, /^Seccomp:\s+2$/m);
            await assert.rejects(
                inPod(k, BLUE, pod, ["sh", "-c", ": > /opt/kafka/x"]),
                /Read-only file system/,
            );
        }
    });
});

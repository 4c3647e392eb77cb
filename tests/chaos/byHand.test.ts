import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1StatefulSetSpec } from "@kubernetes/client-node";
import { run } from "../../local/exec.ts";
import { kubectlEnv, kubectlPath } from "../../local/platform/kubectl.ts";
import type { Kubernetes } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, GREEN, sharedEnvironment, untilAllReady } from "../e2e/environment.ts";
import { allArrived, SAMPLE, SAMPLE_LINES, send } from "../e2e/unity.ts";
import { expectNoDrift, unityUp } from "../e2e/unityUp.ts";

/** What kubectl adds to the template of pods without replacing anything: it stays until the template changes. */
const RESTARTED = "kubectl.kubernetes.io/restartedAt";
const ADDED = "ADDED_BY_HAND";

/** What `kubectl edit` opens: it changes a disruption budget. */
const EDITOR = "sed -i 's/maxUnavailable: .*/maxUnavailable: 3/'";

const json = (...patch: object[]) => ["--type=json", "-p", JSON.stringify(patch)];
const replace = (path: string, value: unknown) => json({ op: "replace", path, value });

/** The pods of all namespaces. */
const ANYBODY = { namespaceSelector: {} };

/** Each way in which kubectl changes an object, on each kind of object that a Project has. */
const COMMANDS: readonly (readonly string[])[] = [
    ["scale", "statefulset/kafka", "--replicas=2"],
    ["set", "image", "statefulset/zookeeper", "zookeeper=example.invalid/none:1"],
    ["set", "resources", "statefulset/kafka", "--requests=cpu=51m"],
    ["set", "env", "statefulset/kafka", `${ADDED}=1`],
    ["set", "serviceaccount", "statefulset/kafka", "zookeeper"],
    ["set", "selector", "service/zookeeper-client", "app.kubernetes.io/name=nobody"],
    ["rollout", "undo", "statefulset/kafka"],
    ["rollout", "restart", "statefulset/kafka"],
    ["autoscale", "statefulset", "kafka", "--min=3", "--max=4"],
    ["annotate", "--overwrite", "statefulset/kafka", "pulumi.com/patchForce=false"],
    ["annotate", "--overwrite", "service/kafka-bootstrap", "by-hand=yes"],
    ["label", "--overwrite", "service/kafka-bootstrap", "unity-kafka/project=nobody"],
    ["label", "namespace", GREEN, "--overwrite", "pod-security.kubernetes.io/enforce=privileged"],
    ["label", "networkpolicy/kafka", "unity-kafka/project-"],
    ["patch", "service/kafka-bootstrap", ...replace("/spec/ports/0/port", 9999)],
    ["patch", "serviceaccount/kafka", "-p", '{"automountServiceAccountToken":true}'],
    ["patch", "poddisruptionbudget/kafka", "--field-manager=somebody", ...replace("/spec/maxUnavailable", 3)],
    ["patch", "networkpolicy/zookeeper", ...replace("/spec/ingress", [{}])],
    ["patch", "networkpolicy/kafka", ...json({ op: "add", path: "/spec/ingress/-", value: {} })],
    ["patch", "networkpolicy/kafka", ...json({ op: "add", path: "/spec/egress/0/to/-", value: ANYBODY })],
    ["patch", "networkpolicy/dns", ...json({ op: "add", path: "/spec/ingress", value: [{}] })],
    ["patch", "networkpolicy/dns", ...json({ op: "add", path: "/spec/policyTypes/-", value: "Ingress" })],
    [
        "patch",
        "networkpolicy/dns",
        ...json({ op: "add", path: "/spec/egress/0/ports/-", value: { port: 1 } }),
    ],
    ["patch", "networkpolicy/dns", "-p", '{"spec":{"podSelector":{"matchLabels":{"app":"none"}}}}'],
    ["patch", "secret/kafka-operator", "-p", '{"stringData":{"client.properties":"by hand"}}'],
    ["patch", "statefulset/zookeeper", ...replace("/spec/template/spec/terminationGracePeriodSeconds", 1)],
    ["delete", "networkpolicy/default-deny", "--wait"],
    ["delete", "service/kafka-brokers", "--wait"],
];

describe("what was changed by kubectl", function () {
    this.timeout("10m");
    let k: Kubernetes;
    let folder: string;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        folder = mkdtempSync(join(tmpdir(), "unity-by-hand-"));
    });
    after(async () => {
        rmSync(folder, { recursive: true });
        // It belongs to nobody, and would go on scaling.
        await kubectl("delete", "hpa", "kafka", "--ignore-not-found");
    });

    const kubectl = (...args: string[]) =>
        run([kubectlPath, "--namespace", GREEN, ...args], {
            env: { ...kubectlEnv(), KUBE_EDITOR: EDITOR },
        });

    /** Writes an object as it is, with a change, to a file. */
    async function file(object: string, change: (text: string) => string): Promise<string> {
        const path = join(folder, `${object.replace("/", "-")}.json`);
        const fields = ["metadata", "spec", "apiVersion", "kind"];
        const live = JSON.parse(await kubectl("get", object, "-o", "json")) as Record<string, object>;
        const body = Object.fromEntries(fields.map((field) => [field, live[field]]));
        delete (body.metadata as { managedFields?: unknown }).managedFields;
        writeFileSync(path, change(JSON.stringify(body)));
        return path;
    }

    /** What config says of the namespace's objects, by kind and name; without what Kubernetes adds. */
    async function objects(): Promise<Record<string, unknown>> {
        const kinds = "statefulset,service,networkpolicy,poddisruptionbudget,serviceaccount,secret";
        const { items } = JSON.parse(await kubectl("get", kinds, "-o", "json")) as {
            items: {
                kind: string;
                metadata: { name: string; labels?: object };
                spec?: Record<string, unknown>;
                data?: object;
                automountServiceAccountToken?: boolean;
            }[];
        };
        const namespace = await k.core.readNamespace({ name: GREEN });
        return {
            namespace: namespace.metadata!.labels,
            ...Object.fromEntries(
                items.map(({ kind, metadata, spec, data, automountServiceAccountToken }) => [
                    `${kind} ${metadata.name}`,
                    {
                        labels: metadata.labels,
                        spec:
                            kind === "StatefulSet"
                                ? withoutAdded(spec as unknown as V1StatefulSetSpec)
                                : spec,
                        data,
                        automountServiceAccountToken,
                    },
                ]),
            ),
        };
    }

    /** What no config names and nothing replaces stays: it is harmless. */
    const withoutAdded = (spec: V1StatefulSetSpec): V1StatefulSetSpec => {
        delete spec.template.metadata?.annotations?.[RESTARTED];
        for (const container of spec.template.spec!.containers) {
            container.env = (container.env ?? []).filter(({ name }) => name !== ADDED);
        }
        return spec;
    };

    it("is put back by one up, and never a conflict", async () => {
        const before = await objects();
        for (const command of COMMANDS) {
            await kubectl(...command);
        }
        const apply = ["apply", "--server-side", "--force-conflicts", "-f"];
        await kubectl(...apply, await budget("zookeeper", 2));
        await kubectl("edit", "poddisruptionbudget/zookeeper");
        const service = await file("service/zookeeper-nodes", (text) =>
            text.replace('"publishNotReadyAddresses":true', '"publishNotReadyAddresses":false'),
        );
        await kubectl("replace", "-f", service);
        const [immutable] = (await k.core.listNamespacedSecret({ namespace: GREEN })).items.filter(
            (secret) => secret.immutable,
        );
        await kubectl("delete", "secret", immutable!.metadata!.name!);
        assert.notDeepEqual(await objects(), before);

        await unityUp();

        await expectNoDrift();
        await untilAllReady(k);
        assert.deepEqual(await objects(), before);
        assert.deepEqual(await send(GREEN, SAMPLE), allArrived(SAMPLE_LINES));
    });

    async function budget(name: string, maxUnavailable: number): Promise<string> {
        const path = join(folder, "budget.json");
        const manifest = {
            apiVersion: "policy/v1",
            kind: "PodDisruptionBudget",
            metadata: { name },
            spec: { maxUnavailable },
        };
        writeFileSync(path, JSON.stringify(manifest));
        return path;
    }
});

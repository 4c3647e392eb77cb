import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { COMPONENT_LABEL, INSTANCE_LABELS, KAFKA, LAG_EXPORTER } from "../../common/names.ts";
import type { LagExporterConfig } from "../../config/schema/monitoring.ts";
import type { AclRule } from "../../kafka/admin/acls.ts";
import { CLIENT_FOLDER } from "../../kafka/client/clientFiles.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import { metricsIngress, podsOf, tcp } from "../kubernetes/networkPolicy.ts";
import type { ClientSecret } from "../project/clientSecret.ts";
import { java, javaFiles } from "../servers/java.ts";
import { podTemplate } from "../servers/pod.ts";
import { schedulingConstraints, type Topology } from "../servers/scheduling.ts";

const FILES = "/etc/lag-exporter";
/** Java runs a program of one file from its source, so the image of the brokers is enough. */
const SOURCE = "LagExporter.java";

const PORT = "metrics";

const PROBES = {
    // Java compiles the program first.
    startup: { tcpSocket: { port: PORT }, periodSeconds: 5, failureThreshold: 36 },
    liveness: { tcpSocket: { port: PORT }, periodSeconds: 30, failureThreshold: 4 },
    // It has no metrics while Kafka does not answer.
    readiness: { httpGet: { path: "/metrics", port: PORT }, periodSeconds: 10, failureThreshold: 3 },
} as const;

export interface LagExporterArgs {
    /** Name of the Project. */
    readonly project: string;
    /** Labels of its pod. */
    readonly labels: Readonly<Record<string, string>>;
    readonly namespace: string;
    /** Image with Kafka in /opt/kafka/libs and, on PATH, a java that has the module jdk.compiler. */
    readonly image: string;
    readonly topology: Topology;
    /** Its Secret for the Project's Kafka. */
    readonly client: ClientSecret;
    readonly config: LagExporterConfig;
    /** Namespaces whose pods may read its metrics. */
    readonly metricsFrom: readonly string[];
}

/** Exports how far the consumer groups of a Project are behind, which no broker does: a pod of its own. */
export class LagExporter extends pulumi.ComponentResource {
    constructor(name: string, args: LagExporterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:LagExporter", name, {}, opts);
        const { project, namespace, client, config } = args;
        const selector = { [COMPONENT_LABEL]: LAG_EXPORTER.name };
        const metadata = {
            name: LAG_EXPORTER.name,
            namespace,
            labels: projectLabels(project, LAG_EXPORTER.name),
        };
        // Nothing here holds data, so none of it has a deletion guard.
        const child = { parent: this };
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata, automountServiceAccountToken: false },
            child,
        );
        const policy = new NetworkPolicy(
            `${name}-policy`,
            { metadata, spec: lagExporterPolicy(args.metricsFrom) },
            child,
        );
        const { metrics } = LAG_EXPORTER.ports;
        const template = podTemplate({
            name: LAG_EXPORTER.name,
            image: args.image,
            start: java({
                mainClass: `${FILES}/${SOURCE} ${CLIENT_FOLDER}/client.properties ${metrics} ${config.interval}`,
                heap: config.heap,
                files: FILES,
                options: [],
            }),
            serviceAccountName: account.metadata.name,
            labels: { ...args.labels, ...INSTANCE_LABELS, ...selector },
            // The pod reads its certificate once, so it is replaced with it.
            annotations: { "unity-kafka/client-revision": client.revision },
            scheduling: schedulingConstraints(KAFKA.name, selector, args.topology),
            terminationGracePeriodSeconds: 10,
            env: [],
            ports: { [PORT]: metrics },
            probes: PROBES,
            cpu: config.cpu,
            memory: config.memory,
            files: {
                ...javaFiles("WARN"),
                [SOURCE]: readFileSync(join(import.meta.dirname, SOURCE), "utf8"),
            },
            filesPath: FILES,
            secrets: { client: { mountPath: CLIENT_FOLDER, secretName: client.secretName } },
        });
        new Deployment(
            `${name}-pods`,
            {
                // It only tells of Kafka: no `up` waits for it, or fails with it. `unity status` says whether it is Ready.
                metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
                spec: {
                    replicas: 1,
                    selector: { matchLabels: selector },
                    // Two at once would export each group twice.
                    strategy: { type: "Recreate" },
                    template,
                },
            },
            { ...child, dependsOn: policy },
        );
        this.registerOutputs({});
    }
}

/** Traffic of its pod, besides that to DNS. */
export function lagExporterPolicy(metricsFrom: readonly string[]): k8s.networking.v1.NetworkPolicySpec {
    return {
        podSelector: podsOf(LAG_EXPORTER.name).podSelector,
        policyTypes: ["Ingress", "Egress"],
        ingress: metricsIngress(metricsFrom, LAG_EXPORTER.ports.metrics),
        egress: [{ to: [podsOf(KAFKA.name)], ports: [tcp(KAFKA.ports.client)] }],
    };
}

/** The least by which it sees topics, groups and their offsets; it reads no record. */
export const LAG_EXPORTER_ACLS: readonly AclRule[] = (["topic", "group"] as const).map((resource) => ({
    resource,
    name: "*",
    pattern: "literal",
    operations: ["describe"],
}));

import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { CLIENT_LABEL, COMPONENT_LABEL, KAFKA, ZOOKEEPER } from "../../common/names.ts";
import type { ZookeeperConfig } from "../../config/schema/zookeeper.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import { metricsIngress, tcp } from "../kubernetes/networkPolicy.ts";

/** The specs of network policies, by name. */
type NetworkPolicySpecsByName = Record<string, k8s.networking.v1.NetworkPolicySpec>;

const zookeeper = { podSelector: { matchLabels: { [COMPONENT_LABEL]: ZOOKEEPER.name } } };
const kafka = { podSelector: { matchLabels: { [COMPONENT_LABEL]: KAFKA.name } } };
const clients = { podSelector: { matchLabels: { [CLIENT_LABEL]: "true" } } };

/**
 * The policies of a namespace: all traffic is denied but what is listed here.
 *
 * @param metricsFrom namespaces whose pods may read the servers' metrics
 */
export function networkPolicies(
    zookeeperPorts: ZookeeperConfig["ports"],
    metricsFrom: readonly string[],
): NetworkPolicySpecsByName {
    const { client, server, election, metrics } = zookeeperPorts;
    const peers = [tcp(server), tcp(election)];
    return {
        "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        // To any address: clusters differ in where their DNS servers are.
        dns: {
            podSelector: {},
            policyTypes: ["Egress"],
            egress: [{ ports: [{ protocol: "UDP", port: 53 }, tcp(53)] }],
        },
        zookeeper: {
            podSelector: zookeeper.podSelector,
            policyTypes: ["Ingress", "Egress"],
            ingress: [
                { from: [kafka], ports: [tcp(client)] },
                { from: [zookeeper], ports: peers },
                ...metricsIngress(metricsFrom, metrics),
            ],
            egress: [{ to: [zookeeper], ports: peers }],
        },
        kafka: {
            podSelector: kafka.podSelector,
            policyTypes: ["Ingress", "Egress"],
            ingress: [
                { from: [kafka], ports: [tcp(KAFKA.ports.brokers)] },
                { from: [kafka, clients], ports: [tcp(KAFKA.ports.client)] },
                ...metricsIngress(metricsFrom, KAFKA.ports.metrics),
            ],
            egress: [
                { to: [zookeeper], ports: [tcp(client)] },
                { to: [kafka], ports: [tcp(KAFKA.ports.brokers), tcp(KAFKA.ports.client)] },
            ],
        },
        "kafka-clients": {
            podSelector: clients.podSelector,
            policyTypes: ["Egress"],
            egress: [{ to: [kafka], ports: [tcp(KAFKA.ports.client)] }],
        },
    };
}

export interface NetworkPoliciesArgs {
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    readonly specs: NetworkPolicySpecsByName;
}

/** Registers the policies of a Project's namespace. */
export function registerNetworkPolicies(
    name: string,
    { project, namespace, specs }: NetworkPoliciesArgs,
    opts: pulumi.CustomResourceOptions,
): NetworkPolicy[] {
    const labels = projectLabels(project);
    return Object.entries(specs).map(
        ([policy, spec]) =>
            new NetworkPolicy(
                `${name}-policy-${policy}`,
                { metadata: { name: policy, namespace, labels }, spec },
                opts,
            ),
    );
}

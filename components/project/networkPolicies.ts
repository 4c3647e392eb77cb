import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { BRIDGE, CLIENT_EGRESS, CLIENT_LABEL, KAFKA, LAG_EXPORTER, ZOOKEEPER } from "../../common/names.ts";
import type { DnsConfig } from "../../config/schema/environment.ts";
import type { ZookeeperConfig } from "../../config/schema/zookeeper.ts";
import { projectLabels } from "../kubernetes/labels.ts";
import { addressesIn, egressTo, metricsIngress, podsIn, podsOf, tcp } from "../kubernetes/networkPolicy.ts";

/** The specs of network policies, by name. */
type NetworkPolicySpecsByName = Record<string, k8s.networking.v1.NetworkPolicySpec>;

const zookeeper = podsOf(ZOOKEEPER.name);
const kafka = podsOf(KAFKA.name);
const clientLabels = { [CLIENT_LABEL]: "true" };

/** What all pods of a namespace have: no traffic at all but to DNS servers. */
function closed({ namespaces, ranges }: DnsConfig): NetworkPolicySpecsByName {
    const servers = [...namespaces.map((namespace) => podsIn(namespace)), ...ranges.map(addressesIn)];
    return {
        "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        dns: {
            podSelector: {},
            policyTypes: ["Egress"],
            egress: [egressTo(servers, [{ protocol: "UDP", port: 53 }, tcp(53)])],
        },
    };
}

/** Egress of the pods with the label of a client to brokers, and to nothing else. */
function clientEgress(brokers: k8s.networking.v1.NetworkPolicyPeer): k8s.networking.v1.NetworkPolicySpec {
    return {
        podSelector: { matchLabels: clientLabels },
        policyTypes: ["Egress"],
        egress: [{ to: [brokers], ports: [tcp(KAFKA.ports.client)] }],
    };
}

export interface NetworkPolicyRules {
    /** Namespace of the servers. */
    readonly namespace: string;
    readonly zookeeperPorts: ZookeeperConfig["ports"];
    readonly dns: DnsConfig;
    /** Namespaces whose pods may read the servers' metrics. */
    readonly metricsFrom: readonly string[];
    /** Namespaces whose pods, with the label of a client, may reach the brokers. */
    readonly clientNamespaces: readonly string[];
    /** Whether there is a bridge, a client within the namespace. */
    readonly bridge: boolean;
    /** Whether there is a pod that exports how far consumer groups are behind. */
    readonly lagExporter: boolean;
}

/** The policies of the servers' namespace: all traffic is denied but what is listed here. */
export function networkPolicies(rules: NetworkPolicyRules): NetworkPolicySpecsByName {
    const { namespace, zookeeperPorts, dns, metricsFrom, clientNamespaces, bridge, lagExporter } = rules;
    const { client, server, election, metrics } = zookeeperPorts;
    const peers = [tcp(server), tcp(election)];
    // A label alone would do for any namespace: only both together tell a client.
    const clients = clientNamespaces.map((from) => podsIn(from, clientLabels));
    const own = [...(bridge ? [BRIDGE.name] : []), ...(lagExporter ? [LAG_EXPORTER.name] : [])];
    return {
        ...closed(dns),
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
                {
                    from: [kafka, ...own.map(podsOf), ...clients],
                    ports: [tcp(KAFKA.ports.client)],
                },
                ...metricsIngress(metricsFrom, KAFKA.ports.metrics),
            ],
            egress: [
                { to: [zookeeper], ports: [tcp(client)] },
                { to: [kafka], ports: [tcp(KAFKA.ports.brokers), tcp(KAFKA.ports.client)] },
            ],
        },
        ...(clientNamespaces.includes(namespace) && { [CLIENT_EGRESS]: clientEgress(kafka) }),
    };
}

/**
 * The policies of the namespace that is created for components: closed as that of the servers, but for the way to the
 * brokers. What else its applications need, their own policies allow.
 *
 * @param namespace that of the servers
 */
export function clientNetworkPolicies(namespace: string, dns: DnsConfig): NetworkPolicySpecsByName {
    return {
        ...closed(dns),
        [CLIENT_EGRESS]: clientEgress(podsIn(namespace, kafka.podSelector.matchLabels)),
    };
}

export interface NetworkPoliciesArgs {
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    readonly specs: NetworkPolicySpecsByName;
}

/** Registers the policies of a namespace. */
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

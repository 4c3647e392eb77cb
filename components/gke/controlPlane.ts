/** By which endpoint the Kubernetes API of a cluster that exists is reached. */
import type { ControlPlane } from "./kubeconfig.ts";

/** The part of Google's description of a cluster that says where its API answers. */
export interface EndpointsDescription {
    /** Address of the IP endpoint, without a scheme. */
    readonly endpoint: string;
    readonly masterAuths: readonly { readonly clusterCaCertificate: string }[];
    readonly controlPlaneEndpointsConfigs: readonly {
        readonly dnsEndpointConfigs: readonly {
            readonly allowExternalTraffic: boolean;
            readonly endpoint: string;
        }[];
        readonly ipEndpointsConfigs: readonly { readonly enabled: boolean }[];
    }[];
}

function dnsEndpointOf({ controlPlaneEndpointsConfigs }: EndpointsDescription): string | undefined {
    const dns = controlPlaneEndpointsConfigs[0]?.dnsEndpointConfigs[0];
    return dns?.allowExternalTraffic && dns.endpoint ? dns.endpoint : undefined;
}

/** Whether the API answers at a DNS name to whom IAM allows it. */
export function hasOpenDns(cluster: EndpointsDescription): boolean {
    return dnsEndpointOf(cluster) !== undefined;
}

/** Whether the API answers at an IP address; clusters older than that setting do. */
export function hasOpenIp({ endpoint, controlPlaneEndpointsConfigs }: EndpointsDescription): boolean {
    return endpoint !== "" && controlPlaneEndpointsConfigs[0]?.ipEndpointsConfigs[0]?.enabled !== false;
}

/** The DNS endpoint where it is open, as it is reachable from everywhere; otherwise the IP endpoint. */
export function controlPlaneOf(cluster: EndpointsDescription): ControlPlane {
    const dns = dnsEndpointOf(cluster);
    return dns === undefined
        ? { endpoint: cluster.endpoint, caCertificate: cluster.masterAuths[0]?.clusterCaCertificate }
        : { endpoint: dns };
}

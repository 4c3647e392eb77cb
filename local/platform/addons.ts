import {
    CoreV1Api,
    DiscoveryV1Api,
    RbacAuthorizationV1Api,
    type V1ClusterRole,
    type V1EndpointSlice,
    type V1Service,
} from "@kubernetes/client-node";
import { embeddedConfig, statusOf } from "./client.ts";
import { network } from "./layout.ts";

const dnsName = "kube-dns";

const dnsPorts = [
    { name: "dns", port: 53, protocol: "UDP" },
    { name: "dns-tcp", port: 53, protocol: "TCP" },
];

/** The name server's fixed address inside the cluster. Its pods are none, so the slice below stands for them. */
const dnsService: V1Service = {
    metadata: { name: dnsName, labels: { "k8s-app": dnsName } },
    spec: { clusterIP: network.dnsServiceAddress, ports: dnsPorts },
};

const dnsEndpoints: V1EndpointSlice = {
    metadata: { name: `${dnsName}-control`, labels: { "kubernetes.io/service-name": dnsName } },
    addressType: "IPv4",
    endpoints: [{ addresses: [network.controlAddress], conditions: { ready: true } }],
    ports: dnsPorts,
};

const dnsRole: V1ClusterRole = {
    metadata: { name: "unity:coredns" },
    rules: [
        { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"] },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ],
};

const routerRole: V1ClusterRole = {
    metadata: { name: "unity:kube-router" },
    rules: [
        {
            apiGroups: [""],
            resources: ["nodes", "pods", "namespaces", "services", "endpoints"],
            verbs: ["get", "list", "watch"],
        },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
        { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["get", "list", "watch"] },
    ],
};

/** Kubernetes' own role for provisioners lets them make volumes, not change them. */
const resizerRole: V1ClusterRole = {
    metadata: { name: "unity:resizer" },
    rules: [{ apiGroups: [""], resources: ["persistentvolumes"], verbs: ["patch"] }],
};

/** Creates what CoreDNS, kube-router and the provisioner of volumes need inside the cluster. */
export async function ensureAddons(): Promise<void> {
    const config = embeddedConfig();
    const core = config.makeApiClient(CoreV1Api);
    const discovery = config.makeApiClient(DiscoveryV1Api);
    const rbac = config.makeApiClient(RbacAuthorizationV1Api);
    const bind = (user: string, role: string, name = user) =>
        rbac.createClusterRoleBinding({
            body: {
                metadata: { name },
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
                subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
            },
        });
    await Promise.all([
        unlessThere(rbac.createClusterRole({ body: dnsRole })),
        unlessThere(bind("unity:coredns", "unity:coredns")),
        unlessThere(rbac.createClusterRole({ body: routerRole })),
        unlessThere(bind("unity:kube-router", "unity:kube-router")),
        unlessThere(bind("unity:provisioner", "system:persistent-volume-provisioner")),
        unlessThere(rbac.createClusterRole({ body: resizerRole })),
        unlessThere(bind("unity:provisioner", "unity:resizer", "unity:resizer")),
        unlessThere(core.createNamespacedService({ namespace: "kube-system", body: dnsService })),
        unlessThere(
            discovery.createNamespacedEndpointSlice({ namespace: "kube-system", body: dnsEndpoints }),
        ),
    ]);
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
    try {
        await creation;
    } catch (error) {
        // A Service whose address is taken, by itself, is refused as invalid rather than as existing.
        if (statusOf(error) !== 409 && !/already allocated/.test(String(error))) {
            throw error;
        }
    }
}

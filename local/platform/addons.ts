import {
    CoreV1Api,
    DiscoveryV1Api,
    RbacAuthorizationV1Api,
    type V1ClusterRole,
    type V1EndpointSlice,
    type V1Service,
} from "@kubernetes/client-node";
import { httpStatus } from "../../kafka/kubernetes/cluster.ts";
import { embeddedConfig } from "./client.ts";
import { network } from "./layout.ts";

const dnsName = "kube-dns";

const dnsPorts = [
    { name: "dns", port: 53, protocol: "UDP" },
    { name: "dns-tcp", port: 53, protocol: "TCP" },
];

/** The name server's fixed address inside the cluster. It runs outside of pods, so its endpoints are set below. */
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
        { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
        { apiGroups: [""], resources: ["pods", "namespaces"], verbs: ["list", "watch"] },
        { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
    ],
};

/** Kubernetes' own role for provisioners allows to create volumes, not to change them. */
const resizerRole: V1ClusterRole = {
    metadata: { name: "unity:resizer" },
    rules: [{ apiGroups: [""], resources: ["persistentvolumes"], verbs: ["patch"] }],
};

/** Creates the permissions and Services that CoreDNS, kube-router and the provisioner of volumes require. */
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
        unlessExists(rbac.createClusterRole({ body: dnsRole })),
        unlessExists(bind("unity:coredns", "unity:coredns")),
        unlessExists(rbac.createClusterRole({ body: routerRole })),
        unlessExists(bind("unity:kube-router", "unity:kube-router")),
        unlessExists(bind("unity:provisioner", "system:persistent-volume-provisioner")),
        unlessExists(rbac.createClusterRole({ body: resizerRole })),
        unlessExists(bind("unity:provisioner", "unity:resizer", "unity:resizer")),
        unlessExists(core.createNamespacedService({ namespace: "kube-system", body: dnsService })),
        unlessExists(
            discovery.createNamespacedEndpointSlice({ namespace: "kube-system", body: dnsEndpoints }),
        ),
    ]);
}

async function unlessExists(creation: Promise<unknown>): Promise<void> {
    try {
        await creation;
    } catch (error) {
        // An existing Service keeps its address from being given again: that error is reported, not 409.
        if (httpStatus(error) !== 409 && !/already allocated/.test(String(error))) {
            throw error;
        }
    }
}

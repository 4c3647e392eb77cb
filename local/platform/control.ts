import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { allNodes, apiUrl, binDir, componentKubeconfig, groups, network, runDir } from "./layout.ts";
import type { Daemon } from "./process.ts";
import { ensureStarted, untilReady } from "./process.ts";
import { secret } from "./secrets.ts";

/** Where CoreDNS reads what to serve. */
export const corefilePath = join(runDir, "Corefile");

const etcdUrl = "http://127.0.0.1:2379";

/** Directories of the volumes, one folder per node. */
const volumesDir = join(runDir, "volumes");

/** Daemons of the control plane. Flags other than addresses and credentials have their reason beside them. */
export const controlPlane = {
    etcd: daemon("etcd", {
        "data-dir": join(runDir, "etcd"),
        "listen-client-urls": etcdUrl,
        "advertise-client-urls": etcdUrl,
        "listen-peer-urls": "http://127.0.0.1:2380",
        // Faster, but a power cut of the whole machine may lose data: then the platform has to be re-created.
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }),
    apiserver: daemon("kube-apiserver", {
        "etcd-servers": etcdUrl,
        "advertise-address": network.controlAddress,
        "secure-port": String(network.apiPort),
        "tls-cert-file": secret("apiserver.crt"),
        "tls-private-key-file": secret("apiserver.key"),
        "client-ca-file": secret("ca.crt"),
        "token-auth-file": secret("tokens.csv"),
        "kubelet-certificate-authority": secret("ca.crt"),
        "kubelet-client-certificate": secret("apiserver-client.crt"),
        "kubelet-client-key": secret("apiserver-client.key"),
        // The names of nodes mean nothing to a resolver.
        "kubelet-preferred-address-types": "InternalIP",
        "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
        "service-account-key-file": secret("service-accounts.key"),
        "service-account-signing-key-file": secret("service-accounts.key"),
        "service-cluster-ip-range": network.serviceRange,
        "authorization-mode": "Node,RBAC",
        "enable-admission-plugins": "NodeRestriction",
        // Gives a pod its node's zone as a label, and so the broker its rack, as GKE's newer versions do.
        "feature-gates": "PodTopologyLabelsAdmission=true",
    }),
    controllerManager: daemon("kube-controller-manager", {
        kubeconfig: componentKubeconfig("kube-controller-manager"),
        "service-account-private-key-file": secret("service-accounts.key"),
        "root-ca-file": secret("ca.crt"),
        "use-service-account-credentials": "true",
        "leader-elect": "false",
    }),
    scheduler: daemon("kube-scheduler", {
        kubeconfig: componentKubeconfig("kube-scheduler"),
        "leader-elect": "false",
    }),
    dns: daemon("coredns", { conf: corefilePath }),
    provisioner: daemon("provisioner", { kubeconfig: componentKubeconfig("provisioner"), root: volumesDir }),
} as const satisfies Record<string, Daemon>;

function daemon(name: string, flags: Readonly<Record<string, string>>): Daemon {
    return {
        name,
        group: `${groups.control}/${name}`,
        namespace: network.controlNamespace,
        // Kubernetes' own programs require two dashes; the others accept them.
        command: [join(binDir, name), ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
    };
}

/** What CoreDNS serves: the cluster's names, from the node network's first address. */
export const corefile = `.:53 {
    bind ${network.controlAddress}
    errors
    kubernetes cluster.local in-addr.arpa {
        kubeconfig ${componentKubeconfig("coredns")}
        ttl 5
    }
}
`;

/** Starts etcd and the API server unless they run. */
export function startApi(): void {
    ensureStarted(controlPlane.etcd);
    ensureStarted(controlPlane.apiserver);
}

/** Waits until the API server is ready, its default roles included. */
export async function untilApiReady(): Promise<void> {
    await untilReady(controlPlane.apiserver, () => apiReady());
}

/** Starts the daemons whose permissions are built into the API server. */
export function startControllers(): void {
    ensureStarted(controlPlane.controllerManager);
    ensureStarted(controlPlane.scheduler);
}

/** Starts the daemons whose permissions `ensureAddons` has created. */
export function startAddons(): void {
    ensureStarted(controlPlane.dns);
    ensureStarted(controlPlane.provisioner);
}

/**
 * Whether the API server says that it is ready.
 *
 * @param patience how long a busy server may take to answer, in milliseconds
 */
export function apiReady(patience = 1_000): Promise<boolean> {
    return new Promise((resolve) => {
        const probe = request(
            `${apiUrl}/readyz`,
            { ca: readFileSync(secret("ca.crt")), timeout: patience },
            (response) => {
                response.resume();
                resolve(response.statusCode === 200);
            },
        );
        probe.on("timeout", () => probe.destroy());
        probe.on("error", () => resolve(false));
        probe.end();
    });
}

/** Folders that the control plane expects, each node's volumes among them. */
export const controlFolders = [binDir, ...allNodes.map(({ name }) => join(volumesDir, name))];

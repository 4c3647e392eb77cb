import { join } from "node:path";
import { pauseImage } from "../versions.ts";
import { componentKubeconfig, containerdFolder, network, type PlatformNode } from "./layout.ts";
import { nodeCertificate, secret } from "./secrets.ts";

/** Configuration of a node's containerd; everything it keeps is below the node's own folder. */
export function containerdConfig(node: PlatformNode, snapshotter: string): string {
    const unused = ["aufs", "btrfs", "devmapper", "zfs"].map(
        (name) => `"io.containerd.snapshotter.v1.${name}"`,
    );
    return `version = 2
root = "${containerdFolder(node)}"
state = "${join(node.dir, "state")}"
disabled_plugins = [${unused.join(", ")}]

[grpc]
  address = "${node.socket}"

[plugins."io.containerd.internal.v1.opt"]
  path = "${join(node.dir, "opt")}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Pods' namespaces are mounted below the state folder too, where they are found again when cleaning up.
  netns_mounts_under_state_dir = true
  # Without CAP_SYS_RESOURCE, as on many rented machines, every pod would fail to start otherwise.
  restrict_oom_score_adj = true

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${join(node.dir, "cni/net.d")}"

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "${snapshotter}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  Root = "${join(node.dir, "runc")}"
`;
}

/**
 * How pods are wired: each by a link of its own to its node, routed. A bridge would carry traffic between pods
 * of one node past the packet filter unless br_netfilter is loaded, which changes the whole machine.
 */
export function cniConfig(node: PlatformNode): object {
    return {
        cniVersion: "0.4.0",
        name: "pods",
        plugins: [
            {
                type: "ptp",
                ipMasq: false,
                ipam: {
                    type: "host-local",
                    ranges: [[{ subnet: node.podRange }]],
                    routes: [{ dst: "0.0.0.0/0" }],
                    dataDir: join(node.dir, "cni/addresses"),
                },
            },
        ],
    };
}

/** Configuration of a node's kubelet. */
export function kubeletConfig(node: PlatformNode): object {
    const { certificate, key } = nodeCertificate(node.name);
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        authentication: {
            anonymous: { enabled: false },
            webhook: { enabled: true },
            x509: { clientCAFile: secret("ca.crt") },
        },
        authorization: { mode: "Webhook" },
        tlsCertFile: certificate,
        tlsPrivateKeyFile: key,
        containerRuntimeEndpoint: `unix://${node.socket}`,
        cgroupDriver: "cgroupfs",
        cgroupRoot: `/${node.group}`,
        failCgroupV1: false,
        failSwapOn: false,
        clusterDNS: [network.dnsServiceAddress],
        clusterDomain: "cluster.local",
        // The host's resolver is out of reach from here.
        resolvConf: join(node.dir, "resolv.conf"),
        podLogsDir: join(node.dir, "pod-logs"),
        // Images come from files and could not be fetched again: never collect them, however full the disk.
        imageGCHighThresholdPercent: 100,
        evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
        // A kubelet looks at a pod's volumes as often as it syncs the pod: a disk that grows is seen at once.
        syncFrequency: "10s",
        // Measuring emptyDirs needs more of the file system than every machine offers.
        localStorageCapacityIsolation: false,
    };
}

/** Configuration of every node's kube-proxy. */
export function proxyConfig(): object {
    return {
        apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
        kind: "KubeProxyConfiguration",
        mode: "iptables",
        clusterCIDR: network.podRange,
        clientConnection: { kubeconfig: componentKubeconfig("kube-proxy") },
        // The size of the connection table belongs to the host; a namespace may not set it.
        conntrack: { maxPerCore: 0, min: 0 },
    };
}

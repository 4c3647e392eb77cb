/** Namespaces that GKE and Google's add-ons create or keep for themselves. */

/**
 * By their names. Source: the documentation of each, as of 2025-08-01: Managed Prometheus, Config Sync and Policy
 * Controller, Config Connector, Cloud Service Mesh and its predecessors, Connect, Knative serving,
 * Cloud Composer, Backup for GKE.
 */
const RESERVED: readonly string[] = [
    "gmp-public",
    "gmp-system",
    "config-management-monitoring",
    "config-management-system",
    "config-control",
    "gatekeeper-system",
    "resource-group-system",
    "cnrm-system",
    "configconnector-operator-system",
    "asm-system",
    "istio-gateway",
    "istio-system",
    "krmapihosting-system",
    "krmapihosting-monitoring",
    "anthos-identity-service",
    "cloud-run-system",
    "cloud-run-events",
    "events-system",
    "knative-eventing",
    "knative-serving",
    "composer-system",
    "binauthz-system",
    "mesh-system",
];

/** Of Kubernetes' own namespaces, and of GKE's such as gke-managed-system and gke-gmp-system. */
const PREFIXES: readonly string[] = ["kube-", "gke-"];

/** Whether a namespace belongs to Kubernetes, GKE or an add-on of Google's. */
export function isReservedNamespace(namespace: string): boolean {
    return (
        namespace === "default" ||
        RESERVED.includes(namespace) ||
        PREFIXES.some((prefix) => namespace.startsWith(prefix))
    );
}

import { CLUSTER_DOMAIN } from "../../common/names.ts";
import type { GkeConfig } from "../../config/schema/gke.ts";
import type { Collector } from "../../config/schema/monitoring.ts";
import { type EndpointsDescription, hasOpenDns, hasOpenIp } from "./controlPlane.ts";

type Enabled = readonly { readonly enabled: boolean }[];
type Present = readonly object[];

/** The checked part of Google's description of a cluster; blocks come as lists of one or none. */
export interface ClusterDescription extends EndpointsDescription {
    readonly enableAutopilot: boolean;
    readonly ipAllocationPolicies: Present;
    readonly addonsConfigs: readonly { readonly gcePersistentDiskCsiDriverConfigs: Enabled }[];
    readonly workloadIdentityConfigs: readonly { readonly workloadPool: string }[];
    readonly dnsConfigs: readonly { readonly clusterDnsDomain: string }[];
    readonly datapathProvider: string;
    readonly networkPolicies: Enabled;
    readonly releaseChannels: readonly { readonly channel: string }[];
    readonly maintenancePolicies: readonly {
        readonly dailyMaintenanceWindows: Present;
        readonly recurringWindows: Present;
        readonly recurringMaintenanceWindows: Present;
    }[];
    readonly enableShieldedNodes: boolean;
    readonly privateClusterConfigs: readonly {
        readonly enablePrivateNodes: boolean;
        readonly enablePrivateEndpoint: boolean;
    }[];
    readonly masterAuthorizedNetworksConfigs: readonly {
        readonly cidrBlocks: readonly { readonly cidrBlock: string }[];
    }[];
    readonly databaseEncryptions: readonly { readonly state: string }[];
    readonly securityPostureConfigs: readonly { readonly mode: string }[];
    readonly costManagementConfigs: Enabled;
    readonly loggingConfigs: readonly { readonly enableComponents: readonly string[] }[];
    readonly monitoringConfigs: readonly { readonly managedPrometheuses: Enabled }[];
    readonly masterVersion: string;
    readonly nodePools: readonly PoolDescription[];
    /** Node auto-provisioning, among others. */
    readonly clusterAutoscalings: Enabled;
}

/** The checked part of Google's description of a node pool. */
interface PoolDescription {
    readonly nodeCount: number;
    readonly autoscalings: Present;
    readonly nodeConfigs: readonly { readonly taints: Taints; readonly effectiveTaints: Taints }[];
}

type Taints = readonly { readonly key: string; readonly effect: string }[];

export interface PreflightResult {
    /** Why Kafka would not run there: one line each, with what to do. */
    readonly errors: string[];
    /** What works and yet is less than in a cluster that this program would create: one line each. */
    readonly warnings: string[];
}

/** States of a database whose Secrets are encrypted by a key of the customer's; newer versions encrypt all else too. */
const ENCRYPTED: readonly string[] = ["ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED"];

/** Taint of pools for GKE's own components, which all of those tolerate (GKE, "Isolate workloads on dedicated nodes"). */
const GKE_COMPONENTS = "components.gke.io/gke-managed-components";

/** First version whose API server copies a node's zone to its pods (Kubernetes, KEP-4742, on from 1.35). */
const ZONE_LABELS_SINCE = [1, 35] as const;

/**
 * Whether a cluster that exists is suitable for Kafka, and as safe as one that this program would create.
 * Its deletion protection is not checked: it is kept by the tool that created the cluster, and Google does not know it.
 * Nor are the zones of the pools, which config has checked against the cluster's region.
 */
export function runPreflightChecks(
    cluster: ClusterDescription,
    gke: GkeConfig,
    collector: Collector,
): PreflightResult {
    const errors: string[] = [];
    const warnings: string[] = [];
    const gcloud = (command: string, flags: string) =>
        `gcloud container clusters ${command} ${gke.cluster} --project ${gke.project} --location ${gke.location} ${flags}`;
    const gcloudPools = (command: string, flags: string) =>
        `gcloud container node-pools ${command} --project ${gke.project} --location ${gke.location} ${flags}`;
    const update = (flags: string) => `Next: ${gcloud("update", flags)}`;
    const require = (holds: boolean, error: string) => holds || errors.push(error);
    const recommend = (holds: boolean, warning: string) => holds || warnings.push(warning);

    require(!cluster.enableAutopilot, "It is an Autopilot cluster, which allows no node pools of ours. Next: name a Standard cluster in gke.cluster");
    require(cluster.ipAllocationPolicies.length >
        0, "It is not VPC-native, and cannot become so. Next: name another cluster in gke.cluster, or add gke.create");
    require(enabled(
        cluster.addonsConfigs[0]?.gcePersistentDiskCsiDriverConfigs,
    ), `The driver of Google's disks is off, so no server would get its disk. ${update("--update-addons=GcePersistentDiskCsiDriver=ENABLED")}`);
    require(Boolean(
        cluster.workloadIdentityConfigs[0]?.workloadPool,
    ), `Workload Identity is off, and the node pools need it. ${update(`--workload-pool=${gke.project}.svc.id.goog`)}`);
    const domain = cluster.dnsConfigs[0]?.clusterDnsDomain || CLUSTER_DOMAIN;
    require(domain.replace(/\.$/, "") ===
        CLUSTER_DOMAIN, `Its DNS domain is ${domain}, and servers find each other under ${CLUSTER_DOMAIN}. Next: name another cluster in gke.cluster`);

    require(hasOpenDns(cluster) ||
        hasOpenIp(cluster), `Its Kubernetes API has no open endpoint. ${update("--enable-dns-access")}`);
    require(enabled(cluster.clusterAutoscalings) ||
        cluster.nodePools.some(
            takesSystemPods,
        ), `Every node pool is tainted or empty, so its DNS, konnectivity-agent and metrics-server run nowhere, and no server finds another. Next: ${gcloudPools(`create system --cluster ${gke.cluster}`, "--machine-type e2-standard-2 --num-nodes 1")}`);

    recommend(
        cluster.datapathProvider === "ADVANCED_DATAPATH" || enabled(cluster.networkPolicies),
        `It has neither Dataplane V2 nor network policies, so any pod reaches the servers. ${update("--update-addons=NetworkPolicy=ENABLED")}, then the same with --enable-network-policy`,
    );
    recommend(
        !["", "UNSPECIFIED"].includes(cluster.releaseChannels[0]?.channel ?? ""),
        `It is in no release channel. ${update("--release-channel=regular")}`,
    );
    const windows = cluster.maintenancePolicies.flatMap((policy) => [
        ...policy.dailyMaintenanceWindows,
        ...policy.recurringWindows,
        ...policy.recurringMaintenanceWindows,
    ]);
    recommend(
        windows.length > 0,
        `It has no maintenance window, so Google upgrades it at any time. ${update("--maintenance-window-start=2026-01-03T02:00:00Z --maintenance-window-end=2026-01-03T08:00:00Z --maintenance-window-recurrence='FREQ=WEEKLY;BYDAY=SA,SU'")}`,
    );
    recommend(
        cluster.enableShieldedNodes,
        `Its nodes are not shielded. ${update("--enable-shielded-nodes")}`,
    );
    const access = cluster.privateClusterConfigs[0];
    recommend(
        access?.enablePrivateNodes === true,
        `Its nodes get public addresses. Those of the pools created here get none, and reach registries by Private Google Access or Cloud NAT only. ${update("--enable-private-nodes")}`,
    );
    recommend(
        hasOpenDns(cluster),
        `Its Kubernetes API has no DNS endpoint, so machines outside of its networks, such as GitHub's runners, do not reach it. ${update("--enable-dns-access")}`,
    );
    const networks = cluster.masterAuthorizedNetworksConfigs;
    recommend(
        !hasOpenIp(cluster) ||
            access?.enablePrivateEndpoint === true ||
            (networks.length > 0 &&
                !networks.some(({ cidrBlocks }) =>
                    cidrBlocks.some(({ cidrBlock }) => cidrBlock.endsWith("/0")),
                )),
        `Its Kubernetes API answers the whole internet. ${update("--enable-master-authorized-networks --master-authorized-networks=RANGE,RANGE")}`,
    );
    recommend(
        ENCRYPTED.includes(cluster.databaseEncryptions[0]?.state ?? ""),
        `Its Secrets are not encrypted by a key of yours. ${update("--database-encryption-key=KEY")}`,
    );
    recommend(
        !["", "DISABLED"].includes(cluster.securityPostureConfigs[0]?.mode ?? ""),
        `Its security posture is not watched. ${update("--security-posture=standard")}`,
    );
    recommend(
        enabled(cluster.costManagementConfigs),
        `Its costs are not told apart by namespace. ${update("--enable-cost-allocation")}`,
    );
    recommend(
        cluster.loggingConfigs[0]?.enableComponents.includes("WORKLOADS") === true,
        `It keeps no logs of servers. ${update("--logging=SYSTEM,WORKLOAD")}`,
    );
    const collects = enabled(cluster.monitoringConfigs[0]?.managedPrometheuses);
    const collecting = update("--enable-managed-prometheus");
    if (collector === "google") {
        require(collects, `It has no managed Prometheus, which monitoring.collector names. ${collecting}, or set that to none`);
    }
    recommend(
        collects || collector !== "none",
        `It has no managed Prometheus, so nobody collects the brokers' metrics. ${collecting}`,
    );
    recommend(
        tellsZones(cluster.masterVersion),
        `It runs Kubernetes ${cluster.masterVersion}; before ${ZONE_LABELS_SINCE.join(".")} pods do not learn their zones, so no broker gets a rack, and the first up after an upgrade restarts all of them with one. Next: ${gcloud("upgrade", "--master")}`,
    );
    return { errors, warnings };
}

/** The error of a cluster that Google does not know. */
export function missingCluster({ project, location, cluster, create }: GkeConfig): string {
    const next = create
        ? "run the base stack of the environment, which creates it"
        : `correct gke.project, gke.location or gke.cluster (gcloud container clusters list --project ${project} lists them), or add gke.create to have ${cluster} created in ${location}`;
    return `There is no such cluster. Next: ${next}`;
}

/** All errors of a cluster, for a person to read. */
export function errorText({ project, location, cluster }: GkeConfig, errors: readonly string[]): string {
    const subject = `The GKE cluster ${cluster} in ${location} of project ${project}`;
    return errors.length === 1
        ? `${subject} cannot be used. ${errors[0]}`
        : [`${subject} has ${errors.length} errors:`, ...errors.map((error) => `  ${error}`)].join("\n");
}

/** Whether pods that tolerate no taint of a pool's own, such as those of DNS, may run on its nodes. */
function takesSystemPods({ nodeConfigs, nodeCount, autoscalings }: PoolDescription): boolean {
    const taints = nodeConfigs.flatMap((config) => [...config.taints, ...config.effectiveTaints]);
    const keepsOff = taints.some(
        ({ key, effect }) => key !== GKE_COMPONENTS && !/^PREFER_?NO_?SCHEDULE$/i.test(effect),
    );
    return !keepsOff && (nodeCount > 0 || autoscalings.length > 0);
}

function enabled(block: Enabled | undefined): boolean {
    return block?.[0]?.enabled === true;
}

/** Whether the API server of a version such as `1.35.2-gke.1000` copies a node's zone to its pods. */
export function tellsZones(version: string): boolean {
    const [sinceMajor, sinceMinor] = ZONE_LABELS_SINCE;
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

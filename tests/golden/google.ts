/** Answers of Google, or none, for runs of the program under mocks. */
import type { ClusterDescription } from "../../components/gke/preflightChecks.ts";

/** An input that is not known before `up`, in what is registered in a first preview. */
export const UNKNOWN = "<not known before up>";

type Values = Record<string, unknown>;

// Where nothing answers, at once: a preview asks whether something does.
export const ENDPOINT = "127.0.0.1:1";
const CA_CERTIFICATE = Buffer.from("certificate of a cluster's CA").toString("base64");

export const DNS_ENDPOINT = "gke-0123456789abcdef.europe-west1.gke.goog";

/** A cluster that passes every pre-flight check. */
export const GOOD_CLUSTER: ClusterDescription = {
    enableAutopilot: false,
    ipAllocationPolicies: [{ stackType: "IPV4" }],
    addonsConfigs: [{ gcePersistentDiskCsiDriverConfigs: [{ enabled: true }] }],
    workloadIdentityConfigs: [{ workloadPool: "unity-test.svc.id.goog" }],
    dnsConfigs: [],
    datapathProvider: "ADVANCED_DATAPATH",
    networkPolicies: [],
    releaseChannels: [{ channel: "REGULAR" }],
    maintenancePolicies: [
        {
            dailyMaintenanceWindows: [],
            recurringWindows: [{ recurrence: "FREQ=DAILY" }],
            recurringMaintenanceWindows: [],
        },
    ],
    enableShieldedNodes: true,
    privateClusterConfigs: [{ enablePrivateNodes: true, enablePrivateEndpoint: false }],
    masterAuthorizedNetworksConfigs: [{ cidrBlocks: [{ cidrBlock: "10.0.0.0/8" }] }],
    databaseEncryptions: [{ state: "ENCRYPTED" }],
    securityPostureConfigs: [{ mode: "BASIC" }],
    costManagementConfigs: [{ enabled: true }],
    loggingConfigs: [{ enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] }],
    monitoringConfigs: [{ managedPrometheuses: [{ enabled: true }] }],
    endpoint: ENDPOINT,
    masterAuths: [{ clusterCaCertificate: CA_CERTIFICATE }],
    controlPlaneEndpointsConfigs: [
        {
            dnsEndpointConfigs: [{ allowExternalTraffic: true, endpoint: DNS_ENDPOINT }],
            ipEndpointsConfigs: [{ enabled: true }],
        },
    ],
    masterVersion: "1.35.2-gke.1000",
    nodePools: [{ nodeCount: 1, autoscalings: [], nodeConfigs: [{ taints: [], effectiveTaints: [] }] }],
    clusterAutoscalings: [],
};

/** The answer to a call of Google's provider. Throws for a call that no program here makes. */
export function googleCall(token: string, inputs: Values): Values {
    const { project, location, name, region, filter } = inputs;
    switch (token) {
        case "gcp:container/getCluster:getCluster":
            return {
                ...GOOD_CLUSTER,
                project,
                location,
                name,
                network: `projects/${String(project)}/global/networks/unity`,
            };
        // Every zone has every machine type.
        case "gcp:compute/getMachineTypes:getMachineTypes":
            return {
                machineTypes: [...String(filter).matchAll(/"([^"]+)"/g)].map(([, type]) => ({ name: type })),
            };
        case "gcp:compute/getRouters:getRouters":
            return { routers: [routerWithNat(String(project), String(region))] };
        case "gcp:artifactregistry/getRepository:getRepository":
            return { ...inputs };
        default:
            throw new Error(`the program called ${token}, which no test answers`);
    }
}

function routerWithNat(project: string, region: string): Values {
    return {
        name: "nat",
        region,
        network: `https://www.googleapis.com/compute/v1/projects/${project}/global/networks/unity`,
        nats: [{ name: "nat" }],
    };
}

/** The state of a created resource: its inputs, and the fields of Google's that the program reads. */
export function googleState(type: string, inputs: Values): Values {
    switch (type) {
        case "gcp:container/cluster:Cluster":
            return {
                ...inputs,
                endpoint: ENDPOINT,
                masterAuth: { clusterCaCertificate: CA_CERTIFICATE },
                masterVersion: GOOD_CLUSTER.masterVersion,
                controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: DNS_ENDPOINT } },
            };
        case "gcp:serviceaccount/account:Account":
            return {
                ...inputs,
                email: `${String(inputs.accountId)}@${String(inputs.project)}.iam.gserviceaccount.com`,
            };
        default:
            return inputs;
    }
}

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stateDir } from "../../common/paths.ts";
import { connectToGke } from "../../components/gke/gke.ts";
import { inspectCluster } from "../../components/gke/gkeCluster.ts";
import { renderKubeconfig } from "../../components/gke/kubeconfig.ts";
import { errorText, missingCluster } from "../../components/gke/preflightChecks.ts";
import { StorageClasses } from "../../components/kubernetes/storageClasses.ts";
import { DeletionGuard } from "../../components/project/deletionGuard.ts";
import { contextName, type GkeConfig, gkeSchema, resolveGke } from "../../config/schema/gke.ts";
import { ENDPOINT, googleCall, googleState } from "../golden/google.ts";

type Values = Record<string, unknown>;

interface Registration {
    type: string;
    name: string;
    parent: string | undefined;
    ignoreChanges: string[];
    inputs: Values;
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
    getIgnorechangesList(): string[];
    getObject(): { toJavaScript(): Values } | undefined;
}

interface Monitor {
    registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
    registerResourceHook(request: unknown, callback: (error: null, response: object) => void): void;
}

const KEY = "projects/keys/locations/europe-west1/keyRings/ring/cryptoKeys/secrets";
const CREATE = {
    network: "vpc",
    subnetwork: "nodes",
    podRange: "pods",
    serviceRange: "services",
    controlPlaneRange: "172.16.0.0/28",
    authorizedNetworks: [{ name: "office", range: "198.51.100.0/24" }],
    secretsKey: KEY,
    maintenance: { start: "22:30", hours: 5, recurrence: "FREQ=DAILY" },
};
const POOLS = [
    {
        name: "brokers",
        servers: ["kafka", "zookeeper"],
        machineType: "n2-standard-8",
        bootDisk: { type: "pd-ssd", size: "100Gi" },
        minPerZone: 1,
        maxPerZone: 4,
    },
    {
        name: "rest",
        servers: ["zookeeper"],
        machineType: "e2-highmem-4",
        spot: true,
        zones: ["europe-west1-c"],
        maxPerZone: 2,
    },
];
const config = (cluster: string, create?: object) =>
    resolveGke(
        gkeSchema.parse({
            project: "unity-test",
            location: "europe-west1",
            cluster,
            nodePools: POOLS,
            ...(create && { create }),
        }),
        ["europe-west1-b", "europe-west1-c"],
    );

const CREATED = config("test-new", CREATE);
const FOUND = config("test-found");
const CREATED_EMAIL = "test-new-nodes-f68196@unity-test.iam.gserviceaccount.com";
const FOUND_EMAIL = "test-found-nodes-771f0d@unity-test.iam.gserviceaccount.com";

const secureNode = (serviceAccount: string) => ({
    serviceAccount,
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    metadata: { "disable-legacy-endpoints": "true" },
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    workloadMetadataConfig: { mode: "GKE_METADATA" },
});

const poolNode = (serviceAccount: string) => ({
    ...secureNode(serviceAccount),
    imageType: "COS_CONTAINERD",
    loggingVariant: "DEFAULT",
    taints: [{ key: "unity-kafka/servers", value: "true", effect: "NO_SCHEDULE" }],
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
    linuxNodeConfig: { sysctls: { "vm.max_map_count": "262144" } },
});

/** What every pool of a cluster has. */
const pool = (cluster: string) => ({
    project: "unity-test",
    location: "europe-west1",
    cluster,
    management: { autoRepair: true, autoUpgrade: true },
    upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
    nodeDrainConfigs: [{ respectPdbDuringNodePoolDeletion: true }],
    networkConfig: { enablePrivateNodes: true },
});

const registeredPools = (cluster: string, email: string): Registration[] => [
    {
        type: "gcp:container/nodePool:NodePool",
        name: "gke-pools-brokers",
        parent: "gke-pools",
        ignoreChanges: ["initialNodeCount"],
        inputs: {
            ...pool(cluster),
            name: "brokers",
            nodeLocations: ["europe-west1-b", "europe-west1-c"],
            initialNodeCount: 1,
            autoscaling: { minNodeCount: 1, maxNodeCount: 4, locationPolicy: "BALANCED" },
            nodeConfig: {
                ...poolNode(email),
                machineType: "n2-standard-8",
                diskType: "pd-ssd",
                diskSizeGb: 100,
                spot: false,
                labels: { "unity-kafka/kafka": "true", "unity-kafka/zookeeper": "true" },
            },
        },
    },
    {
        type: "gcp:container/nodePool:NodePool",
        name: "gke-pools-rest",
        parent: "gke-pools",
        ignoreChanges: ["initialNodeCount"],
        inputs: {
            ...pool(cluster),
            name: "rest",
            nodeLocations: ["europe-west1-c"],
            initialNodeCount: 0,
            autoscaling: { minNodeCount: 0, maxNodeCount: 2, locationPolicy: "BALANCED" },
            nodeConfig: {
                ...poolNode(email),
                machineType: "e2-highmem-4",
                diskType: "pd-balanced",
                diskSizeGb: 50,
                spot: true,
                labels: { "unity-kafka/zookeeper": "true" },
            },
        },
    },
];

const registeredAccount = (cluster: string, email: string): Registration[] => [
    {
        type: "gcp:projects/iAMMember:IAMMember",
        name: "gke-nodes-role",
        parent: "gke-nodes",
        ignoreChanges: [],
        inputs: {
            project: "unity-test",
            role: "roles/container.defaultNodeServiceAccount",
            member: `serviceAccount:${email}`,
        },
    },
    {
        type: "gcp:serviceaccount/account:Account",
        name: "gke-nodes-account",
        parent: "gke-nodes",
        ignoreChanges: [],
        inputs: {
            project: "unity-test",
            accountId: email.split("@")[0],
            displayName: `Nodes for Kafka in europe-west1/${cluster}`,
        },
    },
];

const CLUSTER: Registration = {
    type: "gcp:container/cluster:Cluster",
    name: "gke-cluster",
    parent: "gke",
    ignoreChanges: ["initialNodeCount", "nodeConfig"],
    inputs: {
        name: "test-new",
        project: "unity-test",
        location: "europe-west1",
        deletionProtection: true,
        networkingMode: "VPC_NATIVE",
        network: "vpc",
        subnetwork: "nodes",
        ipAllocationPolicy: {
            clusterSecondaryRangeName: "pods",
            servicesSecondaryRangeName: "services",
        },
        datapathProvider: "ADVANCED_DATAPATH",
        enableIntranodeVisibility: true,
        privateClusterConfig: {
            enablePrivateNodes: true,
            enablePrivateEndpoint: false,
            masterIpv4CidrBlock: "172.16.0.0/28",
        },
        masterAuthorizedNetworksConfig: {
            cidrBlocks: [{ displayName: "office", cidrBlock: "198.51.100.0/24" }],
            gcpPublicCidrsAccessEnabled: false,
        },
        workloadIdentityConfig: { workloadPool: "unity-test.svc.id.goog" },
        databaseEncryption: { state: "ENCRYPTED", keyName: KEY },
        enableShieldedNodes: true,
        masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
        securityPostureConfig: { mode: "BASIC" },
        releaseChannel: { channel: "REGULAR" },
        maintenancePolicy: {
            recurringWindow: {
                startTime: "2026-01-03T22:30:00Z",
                endTime: "2026-01-04T03:30:00Z",
                recurrence: "FREQ=DAILY",
            },
        },
        addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: true } },
        costManagementConfig: { enabled: true },
        loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
        monitoringConfig: {
            enableComponents: ["SYSTEM_COMPONENTS"],
            managedPrometheus: { enabled: true },
        },
        removeDefaultNodePool: true,
        initialNodeCount: 1,
        nodeConfig: secureNode(CREATED_EMAIL),
    },
};

const providers = (cluster: string): Registration[] => [
    {
        type: "pulumi:providers:gcp",
        name: "google",
        parent: undefined,
        ignoreChanges: [],
        inputs: { project: "unity-test", region: "europe-west1" },
    },
    {
        type: "pulumi:providers:kubernetes",
        name: "kubernetes",
        parent: undefined,
        ignoreChanges: [],
        inputs: {
            kubeconfig: `./.unity/kubeconfig/gke_unity-test_europe-west1_${cluster}.json`,
            context: `gke_unity-test_europe-west1_${cluster}`,
            clusterIdentifier: `unity-test/europe-west1/${cluster}`,
            kubeClientSettings: JSON.stringify({ qps: 200, burst: 400 }),
            enableSecretMutable: "true",
        },
    },
];

describe("an environment on GKE", () => {
    let found: Registration[];
    let answer: (token: string, inputs: Values) => Values;
    const kubeconfig = (gke: GkeConfig) => join(stateDir, "kubeconfig", `${contextName(gke)}.json`);

    beforeEach(async () => {
        found = [];
        answer = googleCall;
        await pulumi.runtime.setMocks(
            {
                newResource: ({ name, type, inputs }) => ({
                    id: `${name}-id`,
                    state: googleState(type, inputs as Values),
                }),
                call: ({ token, inputs }) => answer(token, inputs as Values),
            },
            "unity-kafka",
            "test",
            false,
        );
        const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
        monitor.registerResourceHook = (_request, done) => done(null, {});
        const register = monitor.registerResource.bind(monitor);
        monitor.registerResource = (request, callback) => {
            found.push({
                type: request.getType(),
                name: request.getName(),
                parent: request.getParent().split("::")[3],
                ignoreChanges: request.getIgnorechangesList(),
                inputs: request.getObject()?.toJavaScript() ?? {},
            });
            return register(request, callback);
        };
    });
    after(() => {
        for (const gke of [CREATED, FOUND]) {
            rmSync(kubeconfig(gke), { force: true });
        }
    });

    /** What is registered of Google's and of providers, by type and name; components are seen as parents. */
    async function registered(gke: GkeConfig, base: boolean): Promise<Registration[]> {
        connectToGke(gke, { base, deletionGuard: new DeletionGuard([], "") });
        await pulumi.runtime.disconnect();
        return found
            .filter(({ type }) => !type.startsWith("unity-kafka:"))
            .sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
    }

    it("gets a new cluster where config has gke.create, with its node pools and a connection to it", async () => {
        assert.deepEqual(await registered(CREATED, true), [
            CLUSTER,
            ...registeredPools("test-new", CREATED_EMAIL),
            ...registeredAccount("test-new", CREATED_EMAIL),
            ...providers("test-new"),
        ]);
    });

    it("gets its node pools in a cluster that exists", async () => {
        assert.deepEqual(await registered(FOUND, true), [
            ...registeredPools("test-found", FOUND_EMAIL),
            ...registeredAccount("test-found", FOUND_EMAIL),
            ...providers("test-found"),
        ]);
    });

    it("gives the stack of a Project a connection only", async () => {
        assert.deepEqual(await registered(CREATED, false), providers("test-new"));
    });

    it("has its kubeconfig written before anything can ask for it", async () => {
        rmSync(kubeconfig(FOUND), { force: true });
        await registered(FOUND, false);
        const caCertificate = Buffer.from("certificate of a cluster's CA").toString("base64");
        assert.equal(
            readFileSync(kubeconfig(FOUND), "utf8"),
            renderKubeconfig(FOUND, { endpoint: ENDPOINT, caCertificate }),
        );
    });

    it("has storage classes of Google's disks, with speed and key where config gives them", async () => {
        const storageClasses = [
            { name: "plain", disk: "pd-ssd", reclaimPolicy: "Retain" } as const,
            {
                name: "fast",
                disk: "hyperdisk-balanced",
                iops: 6000,
                throughput: 250,
                encryptionKey: KEY,
                reclaimPolicy: "Delete",
            } as const,
            { name: "theirs", existing: true } as const,
        ];
        new StorageClasses("storage", { storageClasses });
        await pulumi.runtime.disconnect();
        const common = {
            apiVersion: "storage.k8s.io/v1",
            kind: "StorageClass",
            provisioner: "pd.csi.storage.gke.io",
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
        };
        const labels = { "app.kubernetes.io/part-of": "unity-kafka" };
        assert.deepEqual(
            found.filter(({ parent }) => parent === "storage").map(({ inputs }) => inputs),
            [
                {
                    ...common,
                    metadata: { name: "plain", labels },
                    parameters: { type: "pd-ssd" },
                    reclaimPolicy: "Retain",
                },
                {
                    ...common,
                    metadata: { name: "fast", labels },
                    parameters: {
                        type: "hyperdisk-balanced",
                        "provisioned-iops-on-create": "6000",
                        "provisioned-throughput-on-create": "250Mi",
                        "disk-encryption-kms-key": KEY,
                    },
                    reclaimPolicy: "Delete",
                },
            ],
        );
    });

    describe("on an existing cluster", () => {
        const component = () => new pulumi.ComponentResource("unity-kafka:index:Test", "test");
        /** Fails as Pulumi's engine does, which puts the message into a field of its own. */
        const refuse = (details: string): never => {
            throw Object.assign(new Error(details), { details });
        };
        const inspect = () => inspectCluster(FOUND, component());

        it("logs a warning for what a new cluster would have, and goes on", async () => {
            answer = (token, inputs) => ({ ...googleCall(token, inputs), enableShieldedNodes: false });
            const warnings: unknown[] = [];
            const { warn } = console;
            console.warn = (text: unknown) => warnings.push(text);
            try {
                assert.equal((await inspect()).name, "test-found");
            } finally {
                console.warn = warn;
            }
            assert.deepEqual(warnings, [
                "warning: [runtime] Its nodes are not shielded. Next: gcloud container clusters update test-found --project unity-test --location europe-west1 --enable-shielded-nodes",
            ]);
        });

        it("fails with every error at once", async () => {
            answer = (token, inputs) => ({
                ...googleCall(token, inputs),
                ipAllocationPolicies: [],
                dnsConfigs: [{ clusterDnsDomain: "other" }],
            });
            await assert.rejects(inspect(), (error: Error) => {
                assert(pulumi.RunError.isInstance(error));
                assert.equal(
                    error.message,
                    `The GKE cluster test-found in europe-west1 of project unity-test has 2 errors:
  It is not VPC-native, and cannot become so. Next: name another cluster in gke.cluster, or add gke.create
  Its DNS domain is other, and servers find each other under cluster.local. Next: name another cluster in gke.cluster`,
                );
                return true;
            });
        });

        it("fails where there is no such cluster", async () => {
            answer = () => refuse("projects/unity-test/locations/europe-west1/clusters/test-found not found");
            await assert.rejects(inspect(), (error: Error) => {
                assert(pulumi.RunError.isInstance(error));
                assert.equal(error.message, errorText(FOUND, [missingCluster(FOUND)]));
                return true;
            });
        });

        it("passes on any other error of Google's API", async () => {
            answer = () => refuse("permission denied");
            await assert.rejects(inspect(), /^Error: permission denied$/);
        });
    });
});

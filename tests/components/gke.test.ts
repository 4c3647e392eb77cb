import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { stateDir } from "../../common/paths.ts";
import { connectToGke } from "../../components/gke/gke.ts";
import { renderKubeconfig } from "../../components/gke/kubeconfig.ts";
import { errorText, missingCluster } from "../../components/gke/preflightChecks.ts";
import { StorageClasses } from "../../components/kubernetes/storageClasses.ts";
import { DeletionGuard } from "../../components/project/deletionGuard.ts";
import { contextName, type GkeConfig, gkeSchema, resolveGke } from "../../config/schema/gke.ts";
import { DNS_ENDPOINT, ENDPOINT, googleCall, googleState } from "../golden/google.ts";

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
    systemPool: { machineType: "n4-standard-2", minPerZone: 1, maxPerZone: 2 },
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

/** Labels of config's; Google takes no domain and no capital letter. */
const LABELS = { owner: "platform", "acme.example/team": "a", Env: "Test", cost: "4711" };
const RESOURCE_LABELS = { owner: "platform", cost: "4711" };
const IMAGE = "europe-west1-docker.pkg.dev/images/quay/strimzi/kafka:0.45.2-kafka-3.9.2";

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
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
});

const serversNode = (serviceAccount: string) => ({
    ...poolNode(serviceAccount),
    taints: [{ key: "unity-kafka/servers", value: "true", effect: "NO_SCHEDULE" }],
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
                ...serversNode(email),
                machineType: "n2-standard-8",
                diskType: "pd-ssd",
                diskSizeGb: 100,
                spot: false,
                labels: { "unity-kafka/kafka": "true", "unity-kafka/zookeeper": "true" },
                resourceLabels: RESOURCE_LABELS,
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
                ...serversNode(email),
                machineType: "e2-highmem-4",
                diskType: "pd-balanced",
                diskSizeGb: 50,
                spot: true,
                labels: { "unity-kafka/zookeeper": "true" },
                resourceLabels: RESOURCE_LABELS,
            },
        },
    },
];

/** Every zone has a node, and none has a taint, which DNS would not tolerate. */
const SYSTEM_POOL: Registration = {
    type: "gcp:container/nodePool:NodePool",
    name: "gke-pools-system",
    parent: "gke-pools",
    ignoreChanges: ["initialNodeCount"],
    inputs: {
        ...pool("test-new"),
        name: "system",
        nodeLocations: ["europe-west1-b", "europe-west1-c"],
        initialNodeCount: 1,
        autoscaling: { minNodeCount: 1, maxNodeCount: 2, locationPolicy: "BALANCED" },
        nodeConfig: {
            ...poolNode(CREATED_EMAIL),
            machineType: "n4-standard-2",
            diskType: "hyperdisk-balanced",
            diskSizeGb: 50,
            spot: false,
            labels: { "unity-kafka/system": "true" },
            resourceLabels: RESOURCE_LABELS,
        },
    },
};

const registeredAccount = (cluster: string, email: string): Registration[] => [
    {
        type: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
        name: "gke-nodes-reader",
        parent: "gke-nodes",
        ignoreChanges: [],
        inputs: {
            project: "images",
            location: "europe-west1",
            repository: "quay",
            role: "roles/artifactregistry.reader",
            member: `serviceAccount:${email}`,
        },
    },
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
        controlPlaneEndpointsConfig: {
            dnsEndpointConfig: { allowExternalTraffic: true },
            ipEndpointsConfig: { enabled: true },
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
            enableComponents: [
                "SYSTEM_COMPONENTS",
                "STORAGE",
                "HPA",
                "POD",
                "DAEMONSET",
                "DEPLOYMENT",
                "STATEFULSET",
                "JOBSET",
                "CADVISOR",
                "KUBELET",
                "DCGM",
            ],
            managedPrometheus: { enabled: true },
        },
        removeDefaultNodePool: true,
        initialNodeCount: 1,
        nodeConfig: secureNode(CREATED_EMAIL),
        resourceLabels: RESOURCE_LABELS,
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
            enableConfigMapMutable: "true",
            enableSecretMutable: "true",
        },
    },
];

const sorted = (registrations: readonly Registration[]) =>
    registrations.toSorted((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));

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

    const connect = (gke: GkeConfig, base = true, image = IMAGE) =>
        connectToGke(gke, {
            base,
            image,
            collector: "google",
            labels: LABELS,
            deletionGuard: new DeletionGuard({ allowDestroy: [], namespacePrefix: "", projects: [] }),
        });

    async function warningsOf(run: () => Promise<unknown>): Promise<unknown[]> {
        const warnings: unknown[] = [];
        const { warn } = console;
        console.warn = (text: unknown) => warnings.push(text);
        try {
            await run();
            await pulumi.runtime.disconnect();
        } finally {
            console.warn = warn;
        }
        return warnings;
    }

    /** What is registered of Google's and of providers, by type and name; components are seen as parents. */
    async function registered(gke: GkeConfig, base: boolean): Promise<Registration[]> {
        await connect(gke, base);
        await pulumi.runtime.disconnect();
        return sorted(found.filter(({ type }) => !type.startsWith("unity-kafka:")));
    }

    it("gets a new cluster where config has gke.create, with its node pools and a connection to it", async () => {
        assert.deepEqual(
            await registered(CREATED, true),
            sorted([
                CLUSTER,
                ...registeredPools("test-new", CREATED_EMAIL),
                SYSTEM_POOL,
                ...registeredAccount("test-new", CREATED_EMAIL),
                ...providers("test-new"),
            ]),
        );
    });

    it("gets its node pools in a cluster that exists", async () => {
        assert.deepEqual(
            await registered(FOUND, true),
            sorted([
                ...registeredPools("test-found", FOUND_EMAIL),
                ...registeredAccount("test-found", FOUND_EMAIL),
                ...providers("test-found"),
            ]),
        );
    });

    it("gives the stack of a Project a connection only", async () => {
        assert.deepEqual(await registered(CREATED, false), providers("test-new"));
    });

    it("has its kubeconfig written before anything can ask for it", async () => {
        rmSync(kubeconfig(FOUND), { force: true });
        await registered(FOUND, false);
        assert.equal(
            readFileSync(kubeconfig(FOUND), "utf8"),
            renderKubeconfig(FOUND, { endpoint: DNS_ENDPOINT }),
        );
    });

    it("is reached by the IP endpoint where the cluster has no open DNS endpoint", async () => {
        answer = (token, inputs) => ({ ...googleCall(token, inputs), controlPlaneEndpointsConfigs: [] });
        await warningsOf(() => connect(FOUND, false));
        const caCertificate = Buffer.from("certificate of a cluster's CA").toString("base64");
        assert.equal(
            readFileSync(kubeconfig(FOUND), "utf8"),
            renderKubeconfig(FOUND, { endpoint: ENDPOINT, caCertificate }),
        );
    });

    it("has racks as soon as the control plane tells pods their zones, whatever the state remembers", async () => {
        const tellsZones = async (masterVersion: string) => {
            answer = (token, inputs) => ({ ...googleCall(token, inputs), masterVersion });
            let told: boolean | undefined;
            await warningsOf(async () => {
                pulumi.output((await connect(CREATED)).tellsZones).apply((value) => {
                    told = value;
                });
            });
            return told;
        };
        assert.equal(await tellsZones("1.34.9-gke.2000"), false);
        assert.equal(await tellsZones("1.35.0-gke.1"), true);
    });

    it("creates a cluster without an IP endpoint where config names no networks for it", async () => {
        const { authorizedNetworks: _, ...create } = CREATE;
        const cluster = (await registered(config("test-new", create), true)).find(
            ({ name }) => name === "gke-cluster",
        );
        assert.deepEqual(cluster?.inputs.controlPlaneEndpointsConfig, {
            dnsEndpointConfig: { allowExternalTraffic: true },
            ipEndpointsConfig: { enabled: false },
        });
        assert(!("masterAuthorizedNetworksConfig" in cluster.inputs));
        assert.equal(
            readFileSync(kubeconfig(CREATED), "utf8"),
            renderKubeconfig(CREATED, { endpoint: DNS_ENDPOINT }),
        );
    });

    it("creates a cluster without a DNS endpoint where config says so, and reaches it by its address", async () => {
        await registered(config("test-new", { ...CREATE, dnsEndpoint: false }), true);
        const caCertificate = Buffer.from("certificate of a cluster's CA").toString("base64");
        assert.equal(
            readFileSync(kubeconfig(CREATED), "utf8"),
            renderKubeconfig(CREATED, { endpoint: ENDPOINT, caCertificate }),
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
        new StorageClasses("storage", { storageClasses, labels: LABELS });
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
                    parameters: { type: "pd-ssd", labels: "owner=platform,cost=4711" },
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
                        labels: "owner=platform,cost=4711",
                    },
                    reclaimPolicy: "Delete",
                },
            ],
        );
    });

    /** Fails as Pulumi's engine does, which puts the message into a field of its own. */
    const refuse = (details: string): never => {
        throw Object.assign(new Error(details), { details });
    };

    it("gets a new cluster where Google does not know it yet", async () => {
        answer = (token, inputs) =>
            token.includes("getCluster")
                ? refuse("projects/unity-test/locations/europe-west1/clusters/test-new not found")
                : googleCall(token, inputs);
        const types = (await registered(CREATED, true)).map(({ type }) => type);
        assert(types.includes("gcp:container/cluster:Cluster"));
    });

    describe("on an existing cluster", () => {
        /** The error of a run, which must come as one that Pulumi shows without a stack trace, before any registration. */
        const errorOf = async (gke: GkeConfig, base = true, image = IMAGE): Promise<string> => {
            const error: unknown = await connect(gke, base, image).then(
                () => undefined,
                (failure: unknown) => failure,
            );
            assert(pulumi.RunError.isInstance(error), String(error));
            await pulumi.runtime.disconnect();
            assert.deepEqual(
                found.map(({ type }) => type),
                ["pulumi:providers:gcp"],
            );
            return error.message;
        };

        it("logs a warning for what a new cluster would have, and goes on", async () => {
            answer = (token, inputs) => ({ ...googleCall(token, inputs), enableShieldedNodes: false });
            const warnings = await warningsOf(() => connect(FOUND));
            assert.deepEqual(warnings, [
                "warning: [runtime] Its nodes are not shielded. Next: gcloud container clusters update test-found --project unity-test --location europe-west1 --enable-shielded-nodes",
            ]);
        });

        it("fails with one line for one error", async () => {
            answer = (token, inputs) => ({ ...googleCall(token, inputs), ipAllocationPolicies: [] });
            assert.equal(
                await errorOf(FOUND),
                "The GKE cluster test-found in europe-west1 of project unity-test cannot be used. It is not VPC-native, and cannot become so. Next: name another cluster in gke.cluster, or add gke.create",
            );
        });

        it("fails with every error at once", async () => {
            answer = (token, inputs) => ({
                ...googleCall(token, inputs),
                ipAllocationPolicies: [],
                dnsConfigs: [{ clusterDnsDomain: "other" }],
            });
            assert.equal(
                await errorOf(FOUND),
                `The GKE cluster test-found in europe-west1 of project unity-test has 2 errors:
  It is not VPC-native, and cannot become so. Next: name another cluster in gke.cluster, or add gke.create
  Its DNS domain is other, and servers find each other under cluster.local. Next: name another cluster in gke.cluster`,
            );
        });

        it("fails where there is no such cluster", async () => {
            answer = () => refuse("projects/unity-test/locations/europe-west1/clusters/test-found not found");
            assert.equal(await errorOf(FOUND), errorText(FOUND, [missingCluster(FOUND)]));
        });

        it("fails in the stack of a Project where the base stack has not created the cluster yet", async () => {
            answer = () => refuse("googleapi: Error 404: Not found: projects/unity-test/...");
            assert.equal(await errorOf(CREATED, false), errorText(CREATED, [missingCluster(CREATED)]));
        });

        const CANNOT = "The GKE cluster test-found in europe-west1 of project unity-test cannot be used.";
        const QUAY = "quay.io/strimzi/kafka:0.45.2-kafka-3.9.2";

        it("fails where a zone has not the machine type of a pool", async () => {
            answer = (token, inputs) =>
                inputs.zone === "europe-west1-c"
                    ? { machineTypes: [{ name: "e2-highmem-4" }] }
                    : googleCall(token, inputs);
            assert.equal(
                await errorOf(FOUND),
                `${CANNOT} Pool brokers: europe-west1-c has no n2-standard-8. Next: choose another machine type or other zones (gcloud compute machine-types list --project unity-test --zones europe-west1-c lists those that exist)`,
            );
        });

        it("fails where the image is in no repository that exists", async () => {
            answer = (token, inputs) =>
                token.includes("getRepository") ? refuse("Error 404: not found") : googleCall(token, inputs);
            assert.equal(
                await errorOf(FOUND),
                `${CANNOT} There is no repository quay in europe-west1 of project images, where the image should be. Next: correct image (gcloud artifacts repositories list --project images lists them), or add gke.remoteRepository`,
            );
        });

        it("takes an image of another registry where its network has Cloud NAT", async () => {
            await connect(FOUND, true, QUAY);
        });

        it("fails for an image of another registry without Cloud NAT in its network", async () => {
            answer = (token, inputs) => {
                const answered = googleCall(token, inputs);
                return token.includes("getCluster")
                    ? { ...answered, network: "projects/unity-test/global/networks/other" }
                    : answered;
            };
            assert.equal(
                await errorOf(FOUND, true, QUAY),
                `${CANNOT} The image is on quay.io, which the nodes do not reach: they have no public addresses, and network other has no Cloud NAT in europe-west1. Next: add gke.remoteRepository (docs/gke.md), or a Cloud NAT, or set gke.otherEgress: true if there is another way out`,
            );
        });

        it("believes that there is another way out where config says so", async () => {
            answer = (token, inputs) =>
                token.includes("getRouters") ? { routers: [] } : googleCall(token, inputs);
            await connect({ ...FOUND, otherEgress: true }, true, QUAY);
        });

        it("goes on with a warning where the account may not see the routers", async () => {
            answer = (token, inputs) =>
                token.includes("getRouters")
                    ? refuse("googleapi: Error 403: Required 'compute.routers.list' permission")
                    : googleCall(token, inputs);
            const warnings = await warningsOf(() => connect(FOUND, true, QUAY));
            assert.deepEqual(warnings, [
                "warning: [runtime] Google's API did not show whether nodes reach the image: googleapi: Error 403: Required 'compute.routers.list' permission. Next: grant the account that runs this the missing permission in project unity-test; roles/viewer has all that a preview reads",
            ]);
        });

        const SUBJECT =
            "Google's API did not show the GKE cluster test-found in europe-west1 of project unity-test";
        const invoke = (said: string) =>
            `invocation of gcp:container/getCluster:getCluster returned an error: invoking gcp:container/getCluster:getCluster: 1 error occurred:\n\t* ${said}\n\n`;
        const FAILURES: [what: string, details: string, message: string][] = [
            [
                "a missing permission",
                invoke(
                    'googleapi: Error 403: Required "container.clusters.get" permission(s) for "projects/unity-test".\nDetails:\n[\n  {\n    "@type": "x"\n  }\n]\n, forbidden',
                ),
                `${SUBJECT}: googleapi: Error 403: Required "container.clusters.get" permission(s) for "projects/unity-test". Next: grant the account that runs this the missing permission in project unity-test; roles/viewer has all that a preview reads`,
            ],
            [
                "an API that is not enabled",
                invoke(
                    "googleapi: Error 403: Kubernetes Engine API has not been used in project 12 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/container.googleapis.com/overview?project=12 then retry., accessNotConfigured",
                ),
                `${SUBJECT}: googleapi: Error 403: Kubernetes Engine API has not been used in project 12 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/container.googleapis.com/overview?project=12 then retry., accessNotConfigured. Next: gcloud services enable container.googleapis.com --project unity-test`,
            ],
            [
                "no credentials",
                "google: could not find default credentials. See https://example.test for more information",
                `${SUBJECT}: google: could not find default credentials. See https://example.test for more information. Next: log in with gcloud auth application-default login`,
            ],
            [
                "Google being down",
                invoke(
                    "Get https://container.googleapis.com/v1: dial tcp: lookup container.googleapis.com: no such host",
                ),
                `${SUBJECT}: Get https://container.googleapis.com/v1: dial tcp: lookup container.googleapis.com: no such host. Next: run it again; if that does not help, check Google's status page`,
            ],
        ];
        for (const [what, details, message] of FAILURES) {
            it(`says in one line what is wrong with ${what}`, async () => {
                answer = () => refuse(details);
                assert.equal(await errorOf(FOUND), message);
            });
        }
    });
});

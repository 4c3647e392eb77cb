import assert from "node:assert/strict";
import {
    type ClusterDescription,
    errorText,
    missingCluster,
    runPreflightChecks,
} from "../../components/gke/preflightChecks.ts";
import { gkeSchema, resolveGke } from "../../config/schema/gke.ts";
import type { Collector } from "../../config/schema/monitoring.ts";
import { GOOD_CLUSTER } from "../golden/google.ts";

const gke = resolveGke(
    gkeSchema.parse({
        project: "unity-test",
        location: "europe-west1",
        cluster: "shared",
        nodePools: [
            { name: "all", servers: ["kafka", "zookeeper"], machineType: "n2-standard-8", maxPerZone: 3 },
        ],
    }),
    ["europe-west1-b"],
);
const UPDATE = "Next: gcloud container clusters update shared --project unity-test --location europe-west1";

/** What a cluster lacks, and the one line that says so. */
type Case = [what: string, lack: Partial<ClusterDescription>, line: string];

/** A pool with a taint, by Google's word for its effect. */
function tainted(key: string, field = "taints", effect = "NO_SCHEDULE"): Pool {
    const config = { taints: [], effectiveTaints: [], [field]: [{ key, effect }] };
    return { nodeCount: 1, autoscalings: [], nodeConfigs: [config] };
}

const endpoints = (dns: boolean, ip: boolean): ClusterDescription["controlPlaneEndpointsConfigs"] => [
    {
        dnsEndpointConfigs: [{ allowExternalTraffic: dns, endpoint: "gke-1.europe-west1.gke.goog" }],
        ipEndpointsConfigs: [{ enabled: ip }],
    },
];

type Pool = ClusterDescription["nodePools"][number];

const UNTAINTED: Pool = {
    nodeCount: 1,
    autoscalings: [],
    nodeConfigs: [{ taints: [], effectiveTaints: [] }],
};

const ERRORS: Case[] = [
    [
        "an Autopilot cluster",
        { enableAutopilot: true },
        "It is an Autopilot cluster, which allows no node pools of ours. Next: name a Standard cluster in gke.cluster",
    ],
    [
        "a cluster that routes",
        { ipAllocationPolicies: [] },
        "It is not VPC-native, and cannot become so. Next: name another cluster in gke.cluster, or add gke.create",
    ],
    [
        "a cluster without the driver of disks",
        { addonsConfigs: [{ gcePersistentDiskCsiDriverConfigs: [{ enabled: false }] }] },
        `The driver of Google's disks is off, so no server would get its disk. ${UPDATE} --update-addons=GcePersistentDiskCsiDriver=ENABLED`,
    ],
    [
        "a cluster without Workload Identity",
        { workloadIdentityConfigs: [] },
        `Workload Identity is off, and the node pools need it. ${UPDATE} --workload-pool=unity-test.svc.id.goog`,
    ],
    [
        "a cluster with a DNS domain of its own",
        { dnsConfigs: [{ clusterDnsDomain: "shared.example" }] },
        "Its DNS domain is shared.example, and servers find each other under cluster.local. Next: name another cluster in gke.cluster",
    ],
    [
        "a cluster whose every pool is tainted",
        { nodePools: [tainted("unity-kafka/servers"), tainted("nvidia.com/gpu", "effectiveTaints")] },
        "Every node pool is tainted or empty, so its DNS, konnectivity-agent and metrics-server run nowhere, and no server finds another. Next: gcloud container node-pools create system --cluster shared --project unity-test --location europe-west1 --machine-type e2-standard-2 --num-nodes 1",
    ],
];

const WARNINGS: Case[] = [
    [
        "a cluster without network policies",
        { datapathProvider: "LEGACY_DATAPATH" },
        `It has neither Dataplane V2 nor network policies, so any pod reaches the servers. ${UPDATE} --update-addons=NetworkPolicy=ENABLED, then the same with --enable-network-policy`,
    ],
    [
        "a cluster in no release channel",
        { releaseChannels: [{ channel: "UNSPECIFIED" }] },
        `It is in no release channel. ${UPDATE} --release-channel=regular`,
    ],
    [
        "a cluster that is upgraded at any time",
        {
            maintenancePolicies: [
                { dailyMaintenanceWindows: [], recurringWindows: [], recurringMaintenanceWindows: [] },
            ],
        },
        `It has no maintenance window, so Google upgrades it at any time. ${UPDATE} --maintenance-window-start=2026-01-03T02:00:00Z --maintenance-window-end=2026-01-03T08:00:00Z --maintenance-window-recurrence='FREQ=WEEKLY;BYDAY=SA,SU'`,
    ],
    [
        "nodes that are not shielded",
        { enableShieldedNodes: false },
        `Its nodes are not shielded. ${UPDATE} --enable-shielded-nodes`,
    ],
    [
        "nodes with public addresses",
        { privateClusterConfigs: [{ enablePrivateNodes: false, enablePrivateEndpoint: false }] },
        `Its nodes get public addresses. Those of the pools created here get none, and reach registries by Private Google Access or Cloud NAT only. ${UPDATE} --enable-private-nodes`,
    ],
    [
        "an API at an address only",
        { controlPlaneEndpointsConfigs: endpoints(false, true) },
        `Its Kubernetes API has no DNS endpoint, so machines outside of its networks, such as GitHub's runners, do not reach it. ${UPDATE} --enable-dns-access`,
    ],
    [
        "an API whose networks are the whole internet",
        { masterAuthorizedNetworksConfigs: [{ cidrBlocks: [{ cidrBlock: "0.0.0.0/0" }] }] },
        `Its Kubernetes API answers the whole internet. ${UPDATE} --enable-master-authorized-networks --master-authorized-networks=RANGE,RANGE`,
    ],
    [
        "an API for everybody",
        { masterAuthorizedNetworksConfigs: [] },
        `Its Kubernetes API answers the whole internet. ${UPDATE} --enable-master-authorized-networks --master-authorized-networks=RANGE,RANGE`,
    ],
    [
        "Secrets under Google's key only",
        { databaseEncryptions: [{ state: "DECRYPTED" }] },
        `Its Secrets are not encrypted by a key of yours. ${UPDATE} --database-encryption-key=KEY`,
    ],
    [
        "a security posture that nobody watches",
        { securityPostureConfigs: [{ mode: "DISABLED" }] },
        `Its security posture is not watched. ${UPDATE} --security-posture=standard`,
    ],
    [
        "costs in one heap",
        { costManagementConfigs: [{ enabled: false }] },
        `Its costs are not told apart by namespace. ${UPDATE} --enable-cost-allocation`,
    ],
    [
        "logs of the system only",
        { loggingConfigs: [{ enableComponents: ["SYSTEM_COMPONENTS"] }] },
        `It keeps no logs of servers. ${UPDATE} --logging=SYSTEM,WORKLOAD`,
    ],
    [
        "metrics that nobody collects",
        { monitoringConfigs: [{ managedPrometheuses: [{ enabled: false }] }] },
        `It has no managed Prometheus, so nobody collects the brokers' metrics. ${UPDATE} --enable-managed-prometheus`,
    ],
    [
        "a Kubernetes that tells pods no zones",
        { masterVersion: "1.34.9-gke.2000" },
        "It runs Kubernetes 1.34.9-gke.2000; before 1.35 pods do not learn their zones, so no broker gets a rack, and the first up after an upgrade restarts all of them with one. Next: gcloud container clusters upgrade shared --project unity-test --location europe-west1 --master",
    ],
];

describe("the pre-flight checks of an existing GKE cluster", () => {
    const check = (lack: Partial<ClusterDescription>, collector: Collector = "none") =>
        runPreflightChecks({ ...GOOD_CLUSTER, ...lack }, gke, collector);

    it("find nothing in a cluster that has everything", () => {
        assert.deepEqual(check({}), { errors: [], warnings: [] });
    });

    for (const [what, lack, line] of ERRORS) {
        it(`refuse ${what}, and find no other error`, () =>
            assert.deepEqual(check(lack), { errors: [line], warnings: [] }));
    }

    for (const [what, lack, line] of WARNINGS) {
        it(`warn of ${what}, and of nothing else`, () =>
            assert.deepEqual(check(lack), { errors: [], warnings: [line] }));
    }

    it("refuse metrics that nobody collects where config says that Google does", () => {
        const lack = { monitoringConfigs: [{ managedPrometheuses: [{ enabled: false }] }] };
        assert.deepEqual(check(lack, "google"), {
            errors: [
                `It has no managed Prometheus, which monitoring.collector names. ${UPDATE} --enable-managed-prometheus, or set that to none`,
            ],
            warnings: [],
        });
        assert.deepEqual(check(lack, "prometheus-operator"), { errors: [], warnings: [] });
        assert.deepEqual(check({}, "google"), { errors: [], warnings: [] });
    });

    it("take blocks that Google leaves out for missing", () => {
        const none = {
            addonsConfigs: [],
            releaseChannels: [],
            maintenancePolicies: [],
            privateClusterConfigs: [],
            databaseEncryptions: [],
            securityPostureConfigs: [],
            costManagementConfigs: [],
            loggingConfigs: [],
            monitoringConfigs: [],
        };
        const { errors, warnings } = check(none);
        assert.equal(errors.length, 1);
        assert.equal(warnings.length, 8);
    });

    const GOOD: [string, Partial<ClusterDescription>][] = [
        ["network policies by Calico", { datapathProvider: "", networkPolicies: [{ enabled: true }] }],
        ["the usual DNS domain by name", { dnsConfigs: [{ clusterDnsDomain: "cluster.local." }] }],
        ["a DNS provider without a domain", { dnsConfigs: [{ clusterDnsDomain: "" }] }],
        [
            "a pool without a taint beside those that have one",
            { nodePools: [tainted("unity-kafka/servers"), UNTAINTED] },
        ],
        [
            "a pool for GKE's own components",
            { nodePools: [tainted("components.gke.io/gke-managed-components")] },
        ],
        ["a taint that only asks", { nodePools: [tainted("other", "taints", "PREFER_NO_SCHEDULE")] }],
        ["a pool that grows from none", { nodePools: [{ ...UNTAINTED, nodeCount: 0, autoscalings: [{}] }] }],
        [
            "pools that GKE creates as pods need them",
            { nodePools: [], clusterAutoscalings: [{ enabled: true }] },
        ],
        [
            "Secrets encrypted as newer versions say it",
            { databaseEncryptions: [{ state: "ALL_OBJECTS_ENCRYPTION_ENABLED" }] },
        ],
        [
            "an API at a DNS name only",
            {
                endpoint: "",
                masterAuths: [],
                controlPlaneEndpointsConfigs: endpoints(true, false),
                masterAuthorizedNetworksConfigs: [],
            },
        ],
        ["a later version", { masterVersion: "2.0.1-gke.1" }],
        [
            "an API inside the VPC only",
            {
                masterAuthorizedNetworksConfigs: [],
                privateClusterConfigs: [{ enablePrivateNodes: true, enablePrivateEndpoint: true }],
            },
        ],
        [
            "a daily window",
            {
                maintenancePolicies: [
                    { dailyMaintenanceWindows: [{}], recurringWindows: [], recurringMaintenanceWindows: [] },
                ],
            },
        ],
    ];
    for (const [what, difference] of GOOD) {
        it(`accept ${what}`, () => assert.deepEqual(check(difference), { errors: [], warnings: [] }));
    }

    it("refuse an API with no open endpoint", () => {
        assert.deepEqual(check({ controlPlaneEndpointsConfigs: endpoints(false, false) }).errors, [
            `Its Kubernetes API has no open endpoint. ${UPDATE} --enable-dns-access`,
        ]);
    });

    it("refuse a pool without nodes that does not grow, and one that drives pods away", () => {
        for (const pool of [{ ...UNTAINTED, nodeCount: 0 }, tainted("other", "taints", "NO_EXECUTE")]) {
            assert.equal(check({ nodePools: [pool] }).errors.length, 1);
        }
    });

    it("report every error at once, under the name of the cluster", () => {
        const { errors } = check({ enableAutopilot: true, workloadIdentityConfigs: [] });
        assert.equal(
            errorText(gke, errors),
            `The GKE cluster shared in europe-west1 of project unity-test has 2 errors:
  ${ERRORS[0]![2]}
  ${ERRORS[3]![2]}`,
        );
    });

    it("say how to find the cluster where there is none of this name", () => {
        assert.equal(
            errorText(gke, [missingCluster(gke)]),
            `The GKE cluster shared in europe-west1 of project unity-test cannot be used. There is no such cluster. Next: correct gke.project, gke.location or gke.cluster (gcloud container clusters list --project unity-test lists them), or add gke.create to have shared created in europe-west1`,
        );
    });

    it("send the stack of a Project to the base stack for a cluster that is still to be created", () => {
        const create = {} as NonNullable<typeof gke.create>;
        assert.equal(
            missingCluster({ ...gke, create }),
            "There is no such cluster. Next: run the base stack of the environment, which creates it",
        );
    });
});

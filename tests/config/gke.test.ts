import assert from "node:assert/strict";
import { creating, pools, withGke } from "./gkeConfig.ts";
import { issuesOf, rawConfigWith } from "./matchers.ts";

describe("gke in config", () => {
    it("is valid with a pool for all servers in all zones", () => {
        assert.deepEqual(issuesOf(pools({})), []);
        assert.deepEqual(issuesOf(creating({})), []);
    });

    const cases: [title: string, raw: Record<string, unknown>, expected: string[]][] = [
        [
            "duplicated pools, without a pool for ZooKeeper",
            pools({ servers: ["kafka"] }, { servers: ["kafka"] }),
            [
                'gke.nodePools[1].name: "servers" is duplicated',
                "gke.nodePools: no pool is for zookeeper; add zookeeper to the servers of one",
            ],
        ],
        [
            "every error of a pool at once, beside an invalid field",
            pools({
                minPerZone: 10,
                spot: true,
                machineType: 8,
                bootDisk: { size: "10Gi" },
                zones: ["europe-west1-b", "europe-west1-b"],
            }),
            [
                "gke.nodePools[0].machineType: 8 is not allowed, must be a machine type of Compute Engine with 2 or more CPUs of its own, such as n2-standard-8 or e2-highmem-4",
                "gke.nodePools[0].minPerZone: 10 is more than maxPerZone (9)",
                "gke.nodePools[0].bootDisk.size: 10Gi is less than the 20Gi that a node requires",
                "gke.nodePools[0].spot: must be false where brokers run: Google may preempt several nodes at once",
                'gke.nodePools[0].zones[1]: "europe-west1-b" is duplicated',
            ],
        ],
        [
            "zones outside the region, or that the environment does not have",
            pools({}, { name: "more", zones: ["us-east1-b", "europe-west1-d"] }),
            [
                "gke.nodePools[1].zones[0]: us-east1-b is not in the region of the cluster (europe-west1)",
                "gke.nodePools[1].zones[1]: europe-west1-d is not among zones (europe-west1-b, europe-west1-c)",
            ],
        ],
        [
            "a zone without a pool for each server",
            pools({ servers: ["kafka"] }, { name: "zk", servers: ["zookeeper"], zones: ["europe-west1-b"] }),
            ["gke.nodePools: no pool for zookeeper has nodes in europe-west1-c"],
        ],
        [
            "no zones at all",
            withGke({}, { zones: [] }),
            ["gke.nodePools[0].zones: is missing, and the environment names no zones either"],
        ],
        [
            "fewer zones than the minimum",
            withGke({}, { minimumZones: 3 }),
            ["zones: 2 zones are fewer than minimumZones (3); add more"],
        ],
        [
            "a context beside it",
            withGke({}, { kubernetes: { context: "mine" } }),
            ["kubernetes: excludes gke, which names the cluster already; remove one of the two"],
        ],
        [
            "ranges that are none",
            creating({
                controlPlaneRange: "172.16.0.0/24",
                authorizedNetworks: [{ name: "office", range: "192.0.2.256/24" }],
            }),
            [
                'gke.create.controlPlaneRange: "172.16.0.0/24" is not allowed, must be a range of 16 addresses, such as 172.16.0.0/28',
                'gke.create.authorizedNetworks[0].range: "192.0.2.256/24" is not allowed, must be a range of addresses, such as 10.0.0.0/8',
            ],
        ],
    ];
    for (const [title, raw, expected] of cases) {
        it(`refuses ${title}`, () => assert.deepEqual(issuesOf(raw), expected));
    }
});

describe("storage classes in config", () => {
    const classes = (...list: object[]) =>
        issuesOf(rawConfigWith({ storageClasses: [{ name: "ssd", provisioner: "p" }, ...list] }));

    it("take iops and throughput for a Hyperdisk only, and within Google's limit", () => {
        const hyperdisk = { name: "h", disk: "hyperdisk-balanced", iops: 4000 };
        assert.deepEqual(classes({ ...hyperdisk, throughput: 1000 }), []);
        assert.deepEqual(classes({ ...hyperdisk, throughput: 1001 }), [
            "storageClasses[1].throughput: 1001 is more than a quarter of iops (4000)",
        ]);
        assert.deepEqual(classes({ name: "p", disk: "pd-ssd", iops: 4000, throughput: 500 }), [
            "storageClasses[1].iops: is for hyperdisk-balanced only, not for pd-ssd",
            "storageClasses[1].throughput: is for hyperdisk-balanced only, not for pd-ssd",
        ]);
    });

    it("have different names", () => {
        assert.deepEqual(classes({ name: "ssd", provisioner: "q" }), [
            'storageClasses[1]: "ssd" is duplicated',
        ]);
    });
});

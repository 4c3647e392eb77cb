import assert from "node:assert/strict";
import { CREATE, creating, KEY, POOL, pools, withGke } from "./gkeConfig.ts";
import { environment, issuesOf, type Raw, rawConfigWith } from "./matchers.ts";

type Case = [title: string, raw: Raw, ...expected: string[]];

function refuses(cases: readonly Case[]): void {
    for (const [title, raw, ...expected] of cases) {
        it(`refuses ${title}`, () => assert.deepEqual(issuesOf(raw), expected));
    }
}

function accepts(cases: readonly [title: string, raw: Raw][]): void {
    for (const [title, raw] of cases) {
        it(`accepts ${title}`, () => assert.deepEqual(issuesOf(raw), []));
    }
}

const EUROPE =
    "europe-central2, europe-north1, europe-north2, europe-southwest1, europe-west1, europe-west10, europe-west12, europe-west2, europe-west3, europe-west4, europe-west6, europe-west8, europe-west9";
const NEWER = "a newer zone can be added to gke.unlistedZones";
const zoneIssue = (zone: string) =>
    `${zone} is not a zone of Google's table of 2025-08-01, which has europe-west1-b, europe-west1-c, europe-west1-d in europe-west1; ${NEWER}`;
const regionIssue = (region: string, choice: string) =>
    `gke.location: ${region} is not a region of Google's table of 2025-08-01, which ${choice}; ${NEWER}`;

describe("regions and zones in config", () => {
    refuses([
        [
            "a region that Google has not",
            withGke({ location: "europe-west99" }),
            regionIssue("europe-west99", `has ${EUROPE} there`),
        ],
        [
            "a region of an unknown area",
            withGke({ location: "moon-west1" }),
            regionIssue("moon-west1", "has no region there"),
        ],
        [
            "a cluster in a zone that its region has not",
            withGke({ location: "europe-west1-a" }),
            `gke.location: ${zoneIssue("europe-west1-a")}`,
        ],
        [
            "zones that the region has not, whatever their last letters",
            withGke({}, { zones: ["europe-west1-a", "europe-west1-foo", "europe-west1-b"] }),
            `zones[0]: ${zoneIssue("europe-west1-a")}`,
            `zones[1]: ${zoneIssue("europe-west1-foo")}`,
        ],
        [
            "a zone of a region whose name only begins like the cluster's",
            withGke({}, { zones: ["europe-west12-a"] }),
            "zones[0]: europe-west12-a is not in the region of the cluster (europe-west1)",
        ],
        [
            "an unlisted zone that is none",
            withGke({ unlistedZones: ["europe-west1"] }),
            'gke.unlistedZones[0]: "europe-west1" is not allowed, must be a zone such as europe-west1-b',
        ],
    ]);
    accepts([
        [
            "a region that Google opened after the table was written, once its zones are listed",
            withGke(
                { location: "moon-west1", unlistedZones: ["moon-west1-a", "moon-west1-b"] },
                { zones: ["moon-west1-a", "moon-west1-b"] },
            ),
        ],
        [
            "a new zone of a known region",
            withGke({ unlistedZones: ["europe-west1-e"] }, { zones: ["europe-west1-e"] }),
        ],
        [
            "a cluster in one zone with pools in another of its region",
            withGke({ location: "europe-west1-d" }),
        ],
    ]);
});

const DISK = "Google's table of 2025-08-01";
const withDisk = (machineType: string, storageClass: object, size = "10Gi") =>
    withGke(
        { nodePools: [{ ...POOL, machineType, maxPerZone: 9 }] },
        {
            storageClasses: [{ name: "ssd", ...storageClass }],
            "kafka/disk": { size, storageClass: "ssd" },
        },
    );
const HYPERDISK = { disk: "hyperdisk-balanced" };
const classIssue = (family: string, taken: string, disk: string) =>
    ["kafka", "zookeeper"].map(
        (server) =>
            `gke.nodePools[0].machineType: ${family} machines take ${taken}, not ${disk}, which storage class ssd has for ${server} of one (${DISK})`,
    );

describe("disks in config", () => {
    refuses([
        ...["n2", "n2d", "e2", "c2d", "t2d"].map((family): Case => {
            const machine = family === "t2d" ? "t2d-standard-8" : `${family}-highmem-8`;
            return [
                `hyperdisks for ${family}`,
                withDisk(machine, HYPERDISK),
                ...classIssue(family, "pd-balanced, pd-ssd", "hyperdisk-balanced"),
            ];
        }),
        ...["n4", "n4d", "c4"].map(
            (family): Case => [
                `persistent disks for ${family}`,
                withDisk(`${family}-standard-8`, { disk: "pd-ssd" }),
                ...classIssue(family, "hyperdisk-balanced", "pd-ssd"),
            ],
        ),
        [
            "a boot disk that the machine does not take",
            pools(
                { machineType: "n2-standard-8", bootDisk: { type: "hyperdisk-balanced" } },
                { name: "b", machineType: "n4-standard-8", bootDisk: { type: "pd-balanced" } },
                { name: "c", machineType: "c4-standard-8", bootDisk: { type: "pd-ssd" } },
            ),
            ...[
                ["0", "hyperdisk-balanced", "n2", "pd-balanced, pd-ssd"],
                ["1", "pd-balanced", "n4", "hyperdisk-balanced"],
                ["2", "pd-ssd", "c4", "hyperdisk-balanced"],
            ].map(
                ([i, disk, family, taken]) =>
                    `gke.nodePools[${i}].bootDisk.type: ${disk} is not taken by ${family} machines; they take ${taken} (${DISK})`,
            ),
        ],
        [
            "the same of the system pool",
            creating({
                systemPool: {
                    machineType: "e2-standard-2",
                    maxPerZone: 1,
                    bootDisk: { ...{ type: "hyperdisk-balanced" } },
                },
            }),
            `gke.create.systemPool.bootDisk.type: hyperdisk-balanced is not taken by e2 machines; they take pd-balanced, pd-ssd (${DISK})`,
        ],
        [
            "a disk larger than Google's largest",
            withDisk("n2-standard-8", { disk: "pd-ssd" }, "100Ti"),
            "projects[0].kafka.disk.size: 100Ti is more than the 64Ti of Google's largest pd-ssd",
        ],
        [
            "a boot disk larger than Google's largest",
            pools({ bootDisk: { size: "100Ti" } }),
            "gke.nodePools[0].bootDisk.size: 100Ti is more than the 64Ti of Google's largest disk",
        ],
        [
            "a hyperdisk smaller than Google's smallest",
            withDisk("c3-standard-8", HYPERDISK, "3Gi"),
            "projects[0].kafka.disk.size: 3Gi is less than the 4Gi of Google's smallest hyperdisk-balanced",
        ],
        [
            "more than 500 IOPS for each GiB",
            withDisk("c3-standard-8", { ...HYPERDISK, iops: 5001 }),
            "projects[0].kafka.disk.size: 10Gi has at most 5000 IOPS, 500 for each GiB, and storage class ssd provisions 5001",
            "projects[0].zookeeper.disk.size: 10Gi has at most 5000 IOPS, 500 for each GiB, and storage class ssd provisions 5001",
        ],
        [
            "disk sizes beyond Google's on clusters of others too, as the class names Google's disk",
            rawConfigWith({
                storageClasses: [{ name: "ssd", disk: "pd-ssd" }],
                "zookeeper/disk": { size: "65Ti", storageClass: "ssd" },
            }),
            "projects[0].zookeeper.disk.size: 65Ti is more than the 64Ti of Google's largest pd-ssd",
        ],
    ]);
    accepts([
        ["either kind of disk for c3 and c3d", withDisk("c3-standard-8", { disk: "pd-ssd" })],
        ["exactly 500 IOPS for each GiB", withDisk("c3d-standard-8", { ...HYPERDISK, iops: 5000 })],
        ["the largest disk", withDisk("n2-standard-8", { disk: "pd-balanced" }, "64Ti")],
        [
            "classes of other clusters, whose disks are not known here",
            withDisk("n4-standard-8", { existing: true }),
        ],
    ]);

    it("boot from the disk that the machine takes, where config names none", () => {
        const raw = withGke(
            {
                nodePools: ["e2-standard-8", "n4-standard-8", "c4-standard-8", "c3-standard-8"].map(
                    (machineType, i) => ({
                        ...POOL,
                        name: `p${i}`,
                        machineType,
                    }),
                ),
            },
            { storageClasses: [{ name: "ssd", existing: true }] },
        );
        assert.deepEqual(
            environment(raw).gke?.nodePools.map(({ bootDisk }) => bootDisk.type),
            ["pd-balanced", "hyperdisk-balanced", "hyperdisk-balanced", "pd-balanced"],
        );
    });

    it("of a class that no pool's machines take are a warning", () => {
        const classes = [
            { name: "ssd", disk: "pd-ssd" },
            { name: "fast", ...HYPERDISK },
        ];
        const found = environment(withGke({}, { storageClasses: classes })).warnings.filter((line) =>
            line.startsWith("storage"),
        );
        assert.deepEqual(found, [
            "storageClasses[1].disk: no node pool has machines that take hyperdisk-balanced, so no server can use fast",
        ]);
    });
});

const PRIVATE = "must be private addresses, in one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16";
const rangeIssue = (range: string, message: string) =>
    `gke.create.controlPlaneRange: "${range}" is not allowed, ${message}`;
const controlPlane = (range: string, message: string): Case => [
    `the control plane in ${range}`,
    creating({ controlPlaneRange: range }),
    rangeIssue(range, message),
];
const client = (range: string, message: string): Case => [
    `clients in ${range}`,
    creating({ authorizedNetworks: [{ name: "n", range }] }),
    `gke.create.authorizedNetworks[0].range: "${range}" is not allowed, ${message}`,
];

describe("networks in config", () => {
    refuses([
        controlPlane("172.16.0.5/28", "must begin with its first address: 172.16.0.0/28"),
        controlPlane("172.16.0.0/27", "must be a range of 16 addresses, such as 172.16.0.0/28"),
        controlPlane("8.8.8.0/28", PRIVATE),
        controlPlane("172.32.0.0/28", PRIVATE),
        controlPlane(
            "172.17.0.16/28",
            "must not be in 172.17.0.0/16, which Docker's bridge takes on each node",
        ),
        client("192.0.2.5/24", "must begin with its first address: 192.0.2.0/24"),
        client(
            "0.0.0.0/0",
            "must not be the whole internet; name the networks of your people and pipelines, or leave authorizedNetworks out and use the DNS endpoint",
        ),
        client("0.0.0.0/1", "must be a /8 or narrower"),
        client("128.0.0.0/1", "must be a /8 or narrower"),
        client("127.0.0.0/8", "must be addresses of clients"),
        client("224.0.0.0/24", "must be addresses of clients"),
        client("10.0.0.0/33", "must be a range of addresses, such as 10.0.0.0/8"),
        client("10.0.0.0", "must be a range of addresses, such as 10.0.0.0/8"),
        client("2001:db8::/32", "must be a range of addresses, such as 10.0.0.0/8"),
        [
            "neither networks nor a DNS endpoint, so that nobody reaches the API",
            creating({ authorizedNetworks: undefined, dnsEndpoint: false }),
            "gke.create.dnsEndpoint: must be true without authorizedNetworks, or the API is unreachable",
        ],
        [
            "one network twice",
            creating({
                authorizedNetworks: [
                    { name: "a", range: "10.0.0.0/8" },
                    { name: "b", range: "10.0.0.0/8" },
                ],
            }),
            'gke.create.authorizedNetworks[1].range: "10.0.0.0/8" is duplicated',
        ],
        [
            "more networks than GKE takes",
            creating({
                authorizedNetworks: Array.from({ length: 51 }, (_, i) => ({
                    name: "n",
                    range: `192.0.2.${i}/32`,
                })),
            }),
            `gke.create.authorizedNetworks: ${JSON.stringify(
                Array.from({ length: 51 }, (_, i) => ({ name: "n", range: `192.0.2.${i}/32` })),
            ).slice(0, 57)}... is not allowed, must be at most 50 networks`,
        ],
        [
            "names that no network has",
            creating({ network: "My_Network", subnetwork: "Nodes", podRange: "pods_1", serviceRange: "-s" }),
            'gke.create.network: "My_Network" is not allowed, must be the name of a VPC network, of lower-case letters, digits or dashes, or projects/PROJECT/global/networks/NAME for one of another project',
            'gke.create.subnetwork: "Nodes" is not allowed, must be the name of a subnetwork, of lower-case letters, digits or dashes, or projects/PROJECT/regions/REGION/subnetworks/NAME for one of another project',
            'gke.create.podRange: "pods_1" is not allowed, must be the name of a secondary range: 1 to 63 lower-case letters, digits or dashes, beginning with a letter',
            'gke.create.serviceRange: "-s" is not allowed, must be the name of a secondary range: 1 to 63 lower-case letters, digits or dashes, beginning with a letter',
        ],
        [
            "one range for pods and services",
            creating({ serviceRange: "pods" }),
            "gke.create.serviceRange: pods is podRange too; pods and services need one each",
        ],
        [
            "a subnetwork of another region",
            creating({ subnetwork: "projects/shared-vpc/regions/us-east1/subnetworks/nodes" }),
            "gke.create.subnetwork: is in us-east1, and the cluster is in europe-west1",
        ],
    ]);
    accepts([
        [
            "a network of another project",
            creating({
                network: "projects/shared-vpc/global/networks/unity",
                subnetwork: "projects/shared-vpc/regions/europe-west1/subnetworks/nodes",
            }),
        ],
        [
            "50 networks",
            creating({
                authorizedNetworks: Array.from({ length: 50 }, (_, i) => ({
                    name: "n",
                    range: `192.0.2.${i}/32`,
                })),
            }),
        ],
        ["no networks, with the DNS endpoint", creating({ authorizedNetworks: undefined })],
        ["a control plane among shared addresses", creating({ controlPlaneRange: "100.64.0.16/28" })],
    ]);
});

const window = (maintenance: object) => creating({ maintenance });
const RRULE =
    "must be FREQ=DAILY, or FREQ=WEEKLY with days from SU, MO, TU, WE, TH, FR, SA, such as FREQ=WEEKLY;BYDAY=SA,SU";
const badRule = (recurrence: string): Case => [
    `windows at ${recurrence}`,
    window({ recurrence }),
    `gke.create.maintenance.recurrence: "${recurrence}" is not allowed, ${RRULE}`,
];
const tooFew = (recurrence: string, hours: number, sum: number): Case => [
    `windows of ${hours} hours at ${recurrence}`,
    window({ recurrence, hours }),
    `gke.create.maintenance.recurrence: ${recurrence} with windows of ${hours} hours has ${sum} hours in 32 days, less than the 48 that GKE requires; add days or hours`,
];

describe("maintenance windows in config", () => {
    refuses([
        tooFew("FREQ=WEEKLY;BYDAY=SA", 6, 24),
        tooFew("FREQ=WEEKLY;BYDAY=SA,SU", 5, 40),
        tooFew("FREQ=WEEKLY", 11, 44),
        badRule("FREQ=WEEKLY;BYDAY=XX"),
        badRule("FREQ=WEEKLY;BYDAY=SA,SU,YY"),
        badRule("FREQ=WEEKLY;BYDAY="),
        badRule("FREQ=MONTHLY;BYDAY=1SA"),
        badRule("FREQ=DAILY;COUNT=3"),
        badRule("FREQ=DAILY;UNTIL=20270101T000000Z"),
        badRule("FREQ=WEEKLY;INTERVAL=4;BYDAY=SA"),
    ]);
    accepts([
        ["two days of 6 hours: exactly 48", window({ recurrence: "FREQ=WEEKLY;BYDAY=SA,SU", hours: 6 })],
        ["4 hours daily", window({ recurrence: "FREQ=DAILY", hours: 4 })],
        ["12 hours once a week", window({ recurrence: "FREQ=WEEKLY", hours: 12 })],
    ]);
});

describe("keys of Cloud KMS in config", () => {
    const key = (location: string) => KEY.replace("europe-west1", location);
    const withKey = (location: string) =>
        withGke({}, { storageClasses: [{ name: "ssd", disk: "pd-ssd", encryptionKey: key(location) }] });
    refuses([
        ...["us-east1", "europe", "global", "l"].map(
            (location): Case => [
                `Secrets encrypted in ${location}`,
                creating({ secretsKey: key(location) }),
                `gke.create.secretsKey: is a key in ${location}; GKE requires one in europe-west1, the region of the cluster`,
            ],
        ),
        ...["us-east1", "europe-west2", "us", "asia"].map(
            (location): Case => [
                `disks encrypted in ${location}`,
                withKey(location),
                `storageClasses[0].encryptionKey: is a key in ${location}; disks in europe-west1 require one there, in a multi-region around it, or in global`,
            ],
        ),
    ]);
    accepts([
        ...["europe-west1", "europe", "eur4", "global"].map((location): [string, Raw] => [
            `disks encrypted in ${location}`,
            withKey(location),
        ]),
        ["Secrets of a cluster in one zone", creating({}, { "gke/location": "europe-west1-b" })],
    ]);
});

describe("namespaces in config", () => {
    const project = (name: string, others: object = {}) => rawConfigWith({ projects: [{ name }], ...others });
    refuses(
        [
            "default",
            "kube-system",
            "gmp-system",
            "gmp-public",
            "gke-managed-system",
            "gke-anything",
            "cnrm-system",
            "config-management-system",
            "istio-system",
            "gatekeeper-system",
        ].map(
            (name): Case => [
                `the namespace ${name}`,
                project(name),
                `projects[0].name: "${name}" results in the namespace ${name}, which belongs to Kubernetes or Google; choose another name`,
            ],
        ),
    );
    refuses([
        [
            "one that only the prefix makes reserved",
            project("system", { namespacePrefix: "gmp-" }),
            'projects[0].name: "system" results in the namespace gmp-system, which belongs to Kubernetes or Google; choose another name',
        ],
    ]);
    accepts([
        ["a reserved name behind a prefix", project("gmp-system", { namespacePrefix: "unity-" })],
        ["names that only begin like Google's", project("gmp-analytics")],
    ]);
});

describe("the system pool in config", () => {
    const system = (pool: object) =>
        creating({ systemPool: { machineType: "e2-standard-2", maxPerZone: 2, ...pool } });
    refuses([
        [
            "a cluster to create without one",
            creating({ systemPool: undefined }),
            "gke.create.systemPool: is missing, must be a block such as {machineType: e2-standard-2, maxPerZone: 2}",
        ],
        [
            "one with the name of another pool",
            system({ name: "servers" }),
            'gke.create.systemPool.name: "servers" is duplicated',
        ],
        [
            "one that may have no node",
            system({ minPerZone: 0 }),
            "gke.create.systemPool.minPerZone: 0 is not allowed, must be a whole number of nodes from 1 to 100",
        ],
        [
            "fewer nodes at most than at least",
            system({ minPerZone: 3 }),
            "gke.create.systemPool.minPerZone: 3 is more than maxPerZone (2)",
        ],
        [
            "spot nodes for it",
            system({ spot: true }),
            "gke.create.systemPool.spot: is not a known key; there are bootDisk, machineType, maxPerZone, minPerZone, name",
        ],
        [
            "a machine that this program does not know",
            system({ machineType: "x9-standard-2" }),
            "gke.create.systemPool.machineType: x9-standard-2 is not a known machine type; choose one of the families e2, n2, n2d, n4, n4d, c2, c2d, c3, c3d, c4, t2d",
        ],
        [
            "a machine without room for DNS and the like",
            system({ machineType: "e2-highcpu-2" }),
            "gke.create.systemPool.machineType: e2-highcpu-2 has room for 1.47 CPUs and 0.5 GiB, too little for the cluster's own pods, which need up to 1 CPU and 1 GiB; use e2-standard-2",
        ],
    ]);
});

describe("the image on nodes without public addresses, in config", () => {
    const QUAY = "quay.io/strimzi/kafka:0.45.2-kafka-3.9.2";
    const through = (repository: string) =>
        `europe-west1-docker.pkg.dev/acme-unity/${repository}/strimzi/kafka:0.45.2-kafka-3.9.2`;
    const repository = { remoteRepository: { name: "quay", upstream: "https://quay.io" } };
    refuses([
        [
            "another registry that the nodes do not reach",
            creating({}, { image: QUAY }),
            `image: is on quay.io, which nodes without public addresses do not reach; write it as ${through("NAME")} and add gke.remoteRepository {name: NAME, upstream: https://quay.io}, or set gke.create.nat: true`,
        ],
        [
            "Docker Hub, by its short names too",
            creating({}, { image: "acme/kafka:3.9.2" }),
            "image: is on docker.io, which nodes without public addresses do not reach; write it as europe-west1-docker.pkg.dev/acme-unity/NAME/acme/kafka:3.9.2 and add gke.remoteRepository {name: NAME, upstream: https://registry-1.docker.io}, or set gke.create.nat: true",
        ],
        [
            "an image that goes past the remote repository",
            withGke(repository, { image: QUAY }),
            `image: is not pulled through gke.remoteRepository; write it as ${through("quay")}`,
        ],
        [
            "an image of another repository than the one that is created",
            withGke(repository, { image: through("other") }),
            "image: is in repository other in europe-west1 of project acme-unity, and gke.remoteRepository creates quay in europe-west1 of acme-unity; correct one of them",
        ],
        [
            "a NAT in the network of another project",
            creating({ nat: true, network: "projects/shared-vpc/global/networks/unity" }),
            "gke.create.nat: must be false with a network of another project; create the NAT there",
        ],
        [
            "an upstream that is no address of a registry",
            withGke({ remoteRepository: { name: "quay", upstream: "quay.io" } }, { image: through("quay") }),
            'gke.remoteRepository.upstream: "quay.io" is not allowed, must be the address of a registry, such as https://quay.io',
        ],
    ]);
    accepts([
        ["another registry with a NAT", creating({ nat: true }, { image: QUAY })],
        [
            "another registry with egress of one's own",
            withGke({ create: CREATE, otherEgress: true }, { image: QUAY }),
        ],
        [
            "an image through the remote repository",
            withGke({ create: CREATE, ...repository }, { image: through("quay") }),
        ],
        ["a repository of one's own", creating({}, { image: through("mine") })],
        [
            "the hosts of the former Container Registry",
            creating({}, { image: "eu.gcr.io/acme-unity/kafka:3.9.2" }),
        ],
        ["any image in a cluster that exists, where Google must be asked", withGke({}, { image: QUAY })],
    ]);
});

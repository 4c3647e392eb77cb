/** A small valid environment on GKE, to be made invalid. */
import { type Raw, rawConfigWith } from "./matchers.ts";

export const POOL = {
    name: "servers",
    servers: ["kafka", "zookeeper"],
    machineType: "n2-standard-8",
    maxPerZone: 9,
};

export const KEY = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k";

export const CREATE = {
    network: "unity",
    subnetwork: "unity",
    podRange: "pods",
    serviceRange: "services",
    controlPlaneRange: "172.16.0.0/28",
    authorizedNetworks: [{ name: "office", range: "192.0.2.0/24" }],
    secretsKey: KEY,
    systemPool: { machineType: "e2-standard-2", maxPerZone: 2 },
};

/** With other keys of gke, and others of the environment. */
export const withGke = (gke: object, others: object = {}): Raw =>
    rawConfigWith({
        zones: ["europe-west1-b", "europe-west1-c"],
        gke: { project: "acme-unity", location: "europe-west1", cluster: "unity", nodePools: [POOL], ...gke },
        ...others,
    });

/** A cluster that exists, with pools that differ. */
export const pools = (...list: object[]): Raw =>
    withGke({ nodePools: list.map((pool) => ({ ...POOL, ...pool })) });

/** An image that nodes without public addresses can pull. */
const IMAGE = "europe-west1-docker.pkg.dev/acme-unity/images/kafka:3.9.2";

/** A cluster to create, with what differs. */
export const creating = (create: object, others: object = {}): Raw =>
    withGke({ create: { ...CREATE, ...create } }, { image: IMAGE, ...others });

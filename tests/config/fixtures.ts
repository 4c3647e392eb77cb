/** Environments on GKE for tests of capacity and cost, with everything decided. */

import { bridgeSchema } from "../../config/schema/bridge.ts";
import { certificatesSchema } from "../../config/schema/certificates.ts";
import { type Environment, environmentSchema, type ProjectConfig } from "../../config/schema/environment.ts";
import { resolveGke } from "../../config/schema/gke.ts";
import { kafkaSchema } from "../../config/schema/kafka.ts";
import { resolveMonitoring } from "../../config/schema/monitoring.ts";
import { zookeeperSchema } from "../../config/schema/zookeeper.ts";
import { DEFAULT_ALERTS } from "../../monitoring/alerts.ts";

export const ZONES = ["europe-west1-b", "europe-west1-c", "europe-west1-d"] as const;

/** A Project of 3 brokers (1 CPU, 4 GiB, 100 GiB) and 3 ZooKeeper servers (500m, 1 GiB, 10 GiB), or what differs. */
export function projectOf(
    name: string,
    kafka: object = {},
    zookeeper: object = {},
    others: Pick<ProjectConfig, "requirements" | "bridge" | "lagExporter"> = {},
): ProjectConfig {
    const disk = (size: string) => ({ size, storageClass: "ssd" });
    return {
        name,
        namespace: name,
        ...others,
        certificates: certificatesSchema.parse({}),
        alerts: DEFAULT_ALERTS,
        labels: {},
        topics: [],
        components: [],
        kafka: kafkaSchema.parse({
            brokers: 3,
            heap: "1Gi",
            memory: "4Gi",
            cpu: 1,
            disk: disk("100Gi"),
            ...kafka,
        }),
        zookeeper: zookeeperSchema.parse({
            servers: 3,
            heap: "512Mi",
            memory: "1Gi",
            cpu: "500m",
            disk: disk("10Gi"),
            ...zookeeper,
        }),
    };
}

interface Pool {
    readonly name?: string;
    readonly servers?: readonly string[];
    readonly machineType?: string;
    readonly minPerZone?: number;
    readonly maxPerZone?: number;
    readonly zones?: readonly string[];
    readonly spot?: boolean;
}

/** A bridge of one topic, whose pods request 250m and 1 GiB each. */
export const bridgeOf = (replicas: number) => bridgeSchema.parse({ inbound: ["orders"], replicas });

/** An environment of pools, by default one for all servers, up to 2 n2-standard-4 in each of three zones. */
export function environmentOf(
    projects: readonly ProjectConfig[],
    pools: readonly Pool[] = [{}],
    others: object = {},
): Environment {
    const nodePools = pools.map((pool) => ({
        name: "servers",
        servers: ["kafka", "zookeeper"],
        machineType: "n2-standard-4",
        maxPerZone: 2,
        ...pool,
    }));
    const { gke, monitoring, metricsFrom, ...rest } = environmentSchema.parse({
        image: "repository/kafka:3.9.2",
        zones: ZONES,
        storageClasses: [{ name: "ssd", disk: "pd-ssd" }],
        gke: { project: "acme-unity", location: "europe-west1", cluster: "unity", nodePools },
        projects: [],
        ...others,
    });
    const { lagExporter: _, ...monitored } = resolveMonitoring(monitoring, metricsFrom, gke !== undefined);
    return {
        ...rest,
        ...monitored,
        ...{ projects, warnings: [] },
        ...(gke && { gke: resolveGke(gke, rest.zones) }),
    };
}

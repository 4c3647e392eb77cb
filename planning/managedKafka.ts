/** What the Kafka of a Project would cost as a cluster of Google's Managed Service for Apache Kafka, as an estimate. */
import { bytes, cores, rateOf, secondsOf } from "../common/quantity.ts";
import { replication } from "../common/replication.ts";
import { crossZoneTraffic } from "./crossZoneTraffic.ts";
import { cpusFor } from "./formulas.ts";
import type { PlannedProject } from "./model.ts";
import { MANAGED_KAFKA, MONTH_HOURS, zoneTrafficMonth } from "./pricing.ts";

const GIB = 1024 ** 3;

/** Zones and replicas that the service has, and fewest vCPUs of a cluster: one in each zone. */
const ZONES = 3;
const REPLICATION_FACTOR = 3;
const MIN_CPUS = 3;
/** GiB of memory for a vCPU: what Google recommends, and what the service allows. */
const MEMORY = { recommended: 4, least: 1, most: 8 } as const;

/** What the service is asked for. */
interface Capacity {
    readonly cpus: number;
    /** GiB. */
    readonly memory: number;
    /** GiB of messages, counted once, however many replicas there are. */
    readonly messages: number;
}

/** USD per month. Traffic between zones is part of it where requirements say how much there is. */
export function managedKafkaMonth(project: PlannedProject): number {
    const { cpus, memory, messages } = capacityOf(project);
    const { dcu, dcuPerCpu, dcuPerGiB, localStorage, localPerCpu, remoteStorage } = MANAGED_KAFKA;
    const compute = (cpus * dcuPerCpu + memory * dcuPerGiB) * dcu * MONTH_HOURS;
    const storage = cpus * localPerCpu * localStorage + messages * remoteStorage;
    const { requirements, kafka } = project;
    const replicated = { ...kafka, brokers: ZONES, replicationFactor: REPLICATION_FACTOR };
    const traffic = crossZoneTraffic({ requirements, kafka: replicated }, ZONES);
    return compute + storage + (traffic ? zoneTrafficMonth(traffic.written + traffic.read) : 0);
}

/** By the requirements, as Google's guide sizes a cluster; without them as much as the brokers request and hold. */
function capacityOf({ requirements, kafka }: PlannedProject): Capacity {
    if (requirements) {
        const { throughput, retention, peak } = requirements;
        const average = {
            in: rateOf(throughput.in) ?? 0,
            out: rateOf(throughput.out) ?? 0,
            replicationFactor: REPLICATION_FACTOR,
        };
        const cpus = Math.max(MIN_CPUS, cpusFor(average, peak));
        const messages = (average.in * (secondsOf(retention) ?? 0)) / GIB;
        return { cpus, memory: cpus * MEMORY.recommended, messages };
    }
    const cpus = Math.max(MIN_CPUS, Math.ceil(kafka.brokers * cores(kafka.cpu)));
    const memory = (kafka.brokers * bytes(kafka.memory)) / GIB;
    return {
        cpus,
        memory: Math.min(cpus * MEMORY.most, Math.max(cpus * MEMORY.least, memory)),
        messages: (kafka.brokers * bytes(kafka.disk.size)) / replication(kafka).factor / GIB,
    };
}

/** What a Project sends from zone to zone, which Google charges. */
import { rateOf } from "../common/quantity.ts";
import { replication } from "../common/replication.ts";
import type { PlannedProject } from "./model.ts";

/** With it consumers read from the broker in their own zone, if they set that as their `client.rack` (KIP-392). */
const FOLLOWER_FETCHING = "replica.selector.class";

/** Bytes per second from zone to zone, on average. */
export interface CrossZoneTraffic {
    /** By producers to leaders, and by leaders to the other replicas. */
    readonly written: number;
    /** By consumers that do not read in their own zone. */
    readonly read: number;
    /** Of `read`, what would not cross if every consumer set its `client.rack`. */
    readonly avoidable: number;
}

/** Of the replicas of a partition, how many are outside its leader's zone, if they are spread evenly. */
function replicasElsewhere(replicas: number, zones: number): number {
    const inZone = Array.from({ length: zones }, (_, i) => Math.ceil((replicas - i) / zones));
    return replicas - inZone.reduce((sum, here) => sum + here * here, 0) / replicas;
}

/**
 * What a Project sends from zone to zone, or undefined for one without requirements.
 *
 * Producers and consumers are taken to be spread over the zones as evenly as the brokers are: of three zones two
 * thirds of what is written goes to a leader elsewhere, each of the further replicas crosses once, and two thirds of
 * what is read comes from elsewhere. Whether consumers set their `client.rack` is up to them, and not known here.
 */
export function crossZoneTraffic(
    {
        requirements,
        kafka,
    }: {
        readonly requirements?: PlannedProject["requirements"] | undefined;
        readonly kafka: Pick<
            PlannedProject["kafka"],
            "brokers" | "replicationFactor" | "minInsyncReplicas" | "config"
        >;
    },
    zones: number,
): CrossZoneTraffic | undefined {
    if (requirements === undefined) {
        return undefined;
    }
    if (zones < 2) {
        return { written: 0, read: 0, avoidable: 0 };
    }
    const produced = rateOf(requirements.throughput.in) ?? 0;
    const consumed = rateOf(requirements.throughput.out) ?? 0;
    const elsewhere = (zones - 1) / zones;
    const read = consumed * elsewhere;
    return {
        written: produced * (replicasElsewhere(replication(kafka).factor, zones) + elsewhere),
        read,
        avoidable: kafka.config[FOLLOWER_FETCHING] === undefined ? 0 : read,
    };
}

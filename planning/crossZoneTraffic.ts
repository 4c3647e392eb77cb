/** What a Project sends from zone to zone, which Google charges. */
import { rateOf } from "../common/quantity.ts";
import { replication } from "../common/replication.ts";
import type { PlannedProject } from "./model.ts";

/** With it consumers may read from the broker in their own zone, if they set it as their rack (KIP-392). */
const FOLLOWER_FETCHING = "replica.selector.class";

/** Of the replicas of a partition, how many are outside its leader's zone, if they are spread evenly. */
function replicasElsewhere(replicas: number, zones: number): number {
    const inZone = Array.from({ length: zones }, (_, i) => Math.ceil((replicas - i) / zones));
    return replicas - inZone.reduce((sum, here) => sum + here * here, 0) / replicas;
}

/**
 * Bytes per second from zone to zone, on average, or undefined for a Project without requirements.
 *
 * Producers and consumers are taken to be spread over the zones as evenly as the brokers are: of three zones two
 * thirds of what is written goes to a leader elsewhere, each of the further replicas crosses once, and two thirds of
 * what is read comes from elsewhere, unless consumers read in their own zone.
 */
export function crossZoneTraffic(
    {
        requirements,
        kafka,
    }: {
        readonly requirements?: PlannedProject["requirements"];
        readonly kafka: Pick<
            PlannedProject["kafka"],
            "brokers" | "replicationFactor" | "minInsyncReplicas" | "config"
        >;
    },
    zones: number,
): number | undefined {
    if (requirements === undefined) {
        return undefined;
    }
    if (zones < 2) {
        return 0;
    }
    const written = rateOf(requirements.throughput.in) ?? 0;
    const read = rateOf(requirements.throughput.out) ?? 0;
    const elsewhere = (zones - 1) / zones;
    const readElsewhere = kafka.config[FOLLOWER_FETCHING] === undefined ? elsewhere : 0;
    return written * (replicasElsewhere(replication(kafka).factor, zones) + elsewhere) + read * readElsewhere;
}

/** What a Project sends from zone to zone, which Google charges. */
import type { ProjectConfig } from "../config/schema/environment.ts";
import { type KafkaConfig, replication } from "../config/schema/kafka.ts";
import { rateOf } from "../config/schema/requirements.ts";

/** With it consumers may read from the broker in their own zone, if they name it as their rack (KIP-392). */
const FOLLOWER_FETCHING = "replica.selector.class";

/** Of the copies of a partition, how many lie outside its leader's zone, if they are spread evenly. */
function copiesElsewhere(copies: number, zones: number): number {
    const inZone = Array.from({ length: zones }, (_, i) => Math.ceil((copies - i) / zones));
    return copies - inZone.reduce((sum, here) => sum + here * here, 0) / copies;
}

/**
 * Bytes a second from zone to zone, on average, or undefined for a Project without a need.
 *
 * Producers and consumers are taken to be spread over the zones as evenly as the brokers are: of three zones two
 * thirds of what is written goes to a leader elsewhere, each of the further copies crosses once, and two thirds of
 * what is read comes from elsewhere, unless consumers read in their own zone.
 */
export function crossZoneTraffic(
    {
        need,
        kafka,
    }: {
        readonly need?: ProjectConfig["requirements"];
        readonly kafka: Pick<KafkaConfig, "config"> & Parameters<typeof replication>[0];
    },
    zones: number,
): number | undefined {
    if (need === undefined) {
        return undefined;
    }
    if (zones < 2) {
        return 0;
    }
    const written = rateOf(need.throughput.in) ?? 0;
    const read = rateOf(need.throughput.out) ?? 0;
    const elsewhere = (zones - 1) / zones;
    const readElsewhere = kafka.config[FOLLOWER_FETCHING] === undefined ? elsewhere : 0;
    return written * (copiesElsewhere(replication(kafka).factor, zones) + elsewhere) + read * readElsewhere;
}

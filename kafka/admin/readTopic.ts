/** Reading a small topic of one partition as it is now, such as those in which MirrorMaker keeps its state. */
import { EARLIEST, fetchRecords, LATEST, listOffsets } from "./fetch.ts";
import { metadata } from "./metadata.ts";
import { errorOf, type LogRecord, type ProtocolRequest, recordsIn } from "./protocol.ts";
import type { SharedConnections } from "./sharedConnections.ts";

const LEADER_NOT_AVAILABLE = 5;
/** Most that is read at a time, bytes. */
const LIMIT = 2 ** 20;

/** All records that the topic's only partition has, in order. */
export async function readTopic(connections: SharedConnections, topic: string): Promise<LogRecord[]> {
    const { brokers, topics } = await connections.ask(metadata([topic]));
    const leader = topics[0]?.partitions[0]?.leader;
    const address = brokers.find(({ id }) => id === leader)?.address;
    if (address === undefined) {
        throw errorOf(LEADER_NOT_AVAILABLE)!;
    }
    const ask = <Answer>(request: ProtocolRequest<Answer>) => connections.askBroker(address, request);
    const end = await ask(listOffsets(topic, 0, LATEST));
    const records: LogRecord[] = [];
    let next = await ask(listOffsets(topic, 0, EARLIEST));
    while (next < end) {
        const found = await recordsIn(await ask(fetchRecords(topic, 0, next, LIMIT)));
        const last = found.at(-1);
        if (last === undefined || last.offset < next) {
            break; // what is left are marks of transactions
        }
        // A batch may begin before the offset that was asked for.
        const from = next;
        records.push(...found.filter(({ offset }) => offset >= from));
        next = last.offset + 1;
    }
    return records;
}

/** Quotas of clients: DescribeClientQuotas (48) and AlterClientQuotas (49) of Kafka's protocol. */
import { type Decoder, type Encoder, errorOf, type ProtocolRequest } from "./protocol.ts";

/** Values by Kafka's own names, such as `producer_byte_rate`. */
export type ClientQuotas = Readonly<Record<string, number>>;

const USER = "user";
const EXACT = 0;

/** The quotas of one user, by the name in its certificate. */
export function describeQuotas(user: string): ProtocolRequest<ClientQuotas> {
    return {
        name: "DescribeClientQuotas",
        key: 48,
        version: 0,
        encode: (request) => {
            // One component, and nothing but it.
            request.writeInt32(1);
            return request.writeString(USER).writeInt8(EXACT).writeString(user).writeBoolean(true);
        },
        decode: (answer) => {
            answer.readInt32(); // throttle time
            throwError(answer);
            const entries = answer.readArray((entry) => {
                entry.readArray(readEntity);
                return entry.readArray((value) => [value.readString() ?? "", value.readDouble()] as const);
            });
            return Object.fromEntries(entries.flat());
        },
    };
}

/** Sets quotas of a user, and removes those that are undefined. */
export function alterQuotas(
    user: string,
    quotas: Readonly<Record<string, number | undefined>>,
): ProtocolRequest<void> {
    return {
        name: "AlterClientQuotas",
        key: 49,
        version: 0,
        encode: (request) => {
            // One entry, of one part.
            request.writeInt32(1).writeInt32(1).writeString(USER).writeString(user);
            const changes = Object.entries(quotas);
            request.writeInt32(changes.length);
            for (const [key, value] of changes) {
                writeChange(request, key, value);
            }
            return request.writeBoolean(false);
        },
        decode: (answer) => {
            answer.readInt32(); // throttle time
            answer.readArray((entry) => {
                throwError(entry);
                entry.readArray(readEntity);
            });
        },
    };
}

function writeChange(request: Encoder, key: string, value: number | undefined): void {
    request
        .writeString(key)
        .writeDouble(value ?? 0)
        .writeBoolean(value === undefined);
}

function readEntity(entity: Decoder): void {
    entity.readString(); // type
    entity.readString(); // name
}

function throwError(answer: Decoder): void {
    const error = errorOf(answer.readInt16());
    const message = answer.readString();
    if (error) {
        throw message === null ? error : new Error(message, { cause: error });
    }
}

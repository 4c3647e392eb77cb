/** Quotas of clients: DescribeClientQuotas (48) and AlterClientQuotas (49) of Kafka's protocol. */
import type { ClientQuotas } from "../../common/kafkaTypes.ts";
import { type Decoder, type Encoder, type ProtocolRequest, refuse } from "./protocol.ts";

/** Values by Kafka's own names. */
export type QuotaValues = Readonly<Record<string, number>>;

const KAFKA_NAMES: Readonly<Record<keyof ClientQuotas, string>> = {
    produce: "producer_byte_rate",
    consume: "consumer_byte_rate",
    requests: "request_percentage",
};

/** The quotas in the words of config; one that config cannot name keeps Kafka's name. */
export function quotasOf(values: QuotaValues): ClientQuotas {
    const names = new Map(Object.entries(KAFKA_NAMES).map(([name, kafkaName]) => [kafkaName, name]));
    return Object.fromEntries(
        Object.entries(values).map(([name, value]) => [names.get(name) ?? name, value]),
    );
}

/**
 * What turns the quotas that there are into the wanted ones.
 * @returns the wanted values by Kafka's names, and undefined for every other one that there is
 */
export function quotaChanges(
    current: QuotaValues,
    wanted: ClientQuotas,
): Readonly<Record<string, number | undefined>> {
    const names = Object.keys(KAFKA_NAMES) as (keyof ClientQuotas)[];
    return {
        ...Object.fromEntries(Object.keys(current).map((name) => [name, undefined])),
        ...Object.fromEntries(
            names
                .filter((name) => wanted[name] !== undefined)
                .map((name) => [KAFKA_NAMES[name], wanted[name]]),
        ),
    };
}

const USER = "user";
const EXACT = 0;
const ANY = 2;

/** Quotas with the user that they are of; null for all users without any of their own. */
interface UserQuotas {
    readonly user: string | null;
    readonly values: readonly (readonly [quota: string, value: number])[];
}

/** The quotas of one user, by the name in its certificate. */
export const describeQuotas = (user: string): ProtocolRequest<QuotaValues> =>
    userQuotas(EXACT, user, (found) => Object.fromEntries(found.flatMap(({ values }) => values)));

/** The users that have quotas. That of all users without one of their own is nobody's. */
export const listQuotaUsers = (): ProtocolRequest<readonly string[]> =>
    userQuotas(ANY, null, (found) => found.flatMap(({ user }) => user ?? []));

/** Asks for the quotas of users alone, and not for those of users together with something else. */
function userQuotas<Result>(
    match: typeof EXACT | typeof ANY,
    user: string | null,
    resultOf: (found: readonly UserQuotas[]) => Result,
): ProtocolRequest<Result> {
    return {
        name: "DescribeClientQuotas",
        key: 48,
        version: 0,
        encode: (request) => {
            // One component, and nothing but it.
            request.writeInt32(1);
            return request.writeString(USER).writeInt8(match).writeString(user).writeBoolean(true);
        },
        decode: (answer) => {
            answer.readInt32(); // throttle time
            refuse(answer);
            return resultOf(
                answer.readArray((entry): UserQuotas => {
                    const [name = null] = entry.readArray(readEntity);
                    const values = entry.readArray(
                        (value) => [value.readString() ?? "", value.readDouble()] as const,
                    );
                    return { user: name, values };
                }),
            );
        },
    };
}

/** Sets quotas of a user, and deletes those that are undefined. */
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
                refuse(entry);
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

/** The name of a part of what quotas are for; null for the default. */
function readEntity(entity: Decoder): string | null {
    entity.readString(); // type
    return entity.readString();
}

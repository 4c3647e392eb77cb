/** Pulumi's envelopes around values that travel between engine and provider, as its protocol defines them. */

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The value itself, at any depth: secrets opened, and undefined for what is not known before an `up`. */
export function plain(value: unknown): unknown {
    if (value === UNKNOWN) {
        return undefined;
    }
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const { [SIGNATURE]: kind, value: inner, ...rest } = value as Record<string, unknown>;
    if (kind === SECRET || kind === OUTPUT) {
        return plain(inner);
    }
    return Object.fromEntries(
        Object.entries(inner === undefined ? rest : { ...rest, value: inner }).map(([key, entry]) => [
            key,
            plain(entry),
        ]),
    );
}

/** A value that the engine keeps encrypted. */
export function secret(value: unknown): object {
    return { [SIGNATURE]: SECRET, value };
}

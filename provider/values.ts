/** Pulumi's envelopes around values that travel between engine and provider. */
import {
    specialOutputValueSig,
    specialSecretSig,
    specialSigKey,
    unknownValue,
} from "@pulumi/pulumi/runtime/rpc.js";

/** The value itself, at any depth: secrets opened, and undefined for what is not known before an `up`. */
export function plain(value: unknown): unknown {
    if (value === unknownValue) {
        return undefined;
    }
    if (Array.isArray(value)) {
        return value.map(plain);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const properties = value as Record<string, unknown>;
    const signature = properties[specialSigKey];
    if (signature === specialSecretSig || signature === specialOutputValueSig) {
        return plain(properties.value);
    }
    return plainProperties(properties);
}

/** The same for each of an object's properties. */
export function plainProperties(properties: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, plain(value)]));
}

/** A value that the engine keeps encrypted. */
export function secret(value: unknown): object {
    return { [specialSigKey]: specialSecretSig, value };
}

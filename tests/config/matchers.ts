/** A small valid environment, and its errors once something is changed. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { ConfigError } from "../../config/errors.ts";
import { readEnvironment } from "../../config/load.ts";
import type { Environment } from "../../config/schema/environment.ts";

const base = `
image: repository/kafka:3.9.2
zones: [a, b, c]
storageClasses: [{ name: ssd, provisioner: p }]
zookeeper: { servers: 3, heap: 512Mi, memory: 1Gi, cpu: 500m, disk: { size: 10Gi, storageClass: ssd } }
kafka: { brokers: 3, heap: 1Gi, memory: 4Gi, cpu: 1, disk: { size: 10Gi, storageClass: ssd } }
projects: [{ name: one }]
`;

export type Raw = Record<string, unknown>;

/** The base with some keys laid over it; a path of several parts reaches into a block. */
export function rawConfigWith(changes: Record<string, unknown>): Raw {
    const raw = parse(base) as Raw;
    for (const [path, value] of Object.entries(changes)) {
        const parts = path.split("/");
        const last = parts.pop()!;
        const block = parts.reduce<Raw>((at, part) => (at[part] ??= {}) as Raw, raw);
        if (value === undefined) {
            delete block[last];
        } else {
            block[last] = value;
        }
    }
    return raw;
}

export function issuesOf(raw: Raw): string[] {
    try {
        readEnvironment(raw, "the file", "next");
        return [];
    } catch (error) {
        assert(error instanceof ConfigError, String(error));
        return error.issues.map(({ path, message }) => `${path}: ${message}`);
    }
}

/** The environment that a stack file of this content describes. */
export function environment(raw: Raw): Environment {
    return readEnvironment(raw, "the file", "next");
}

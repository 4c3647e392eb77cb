import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { environmentSchema } from "../../config/environment.ts";
import { root } from "../../local/paths.ts";

interface Declared {
    description?: string;
    default?: unknown;
}

describe("Pulumi.yaml", () => {
    const { config } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
        config: Record<string, Declared>;
    };

    it("declares the keys that the program reads, each with a description", () => {
        assert.deepEqual(Object.keys(config).sort(), Object.keys(environmentSchema.shape).sort());
        for (const [key, { description }] of Object.entries(config)) assert(description, key);
    });

    it("has the defaults that the program has", () => {
        for (const [key, field] of Object.entries(environmentSchema.shape)) {
            const ours = field.safeParse(undefined);
            assert.deepEqual(config[key]?.default, ours.success ? ours.data : undefined, key);
        }
    });
});

import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { root } from "../../common/paths.ts";
import { stackFileSchema } from "../../config/jsonSchema.ts";

const published = JSON.parse(readFileSync(join(root, "config/stack.schema.json"), "utf8")) as object;
const stackFiles = [
    ...readdirSync(root).filter((name) => /^Pulumi\..+\.yaml$/.test(name)),
    join("tests", "e2e", "Pulumi.e2e.yaml"),
    ...globSync("examples/*.yaml", { cwd: root }),
];

interface StackFile {
    config: Record<string, unknown>;
    [key: string]: unknown;
}

const stackFile = (name: string) =>
    parse(readFileSync(join(root, name), "utf8"), { merge: true }) as StackFile;

/** What an editor would mark, with the reason. */
function marks(file: unknown): string[] {
    const ajv = new Ajv({ allErrors: true });
    ajv.validate(published, file);
    return (ajv.errors ?? []).map(
        ({ dataPath, message, params }) => `${dataPath} ${message} ${JSON.stringify(params)}`,
    );
}

describe("the published JSON Schema of stack files", () => {
    it("is that of the program (npm run schema writes it)", () => {
        assert.deepEqual(published, JSON.parse(JSON.stringify(stackFileSchema())));
    });

    for (const name of stackFiles) {
        it(`accepts ${name}`, () => assert.deepEqual(marks(stackFile(name)), []));
    }

    it("describes every setting", () => {
        const { config } = (published as { properties: { config: { properties: object } } }).properties as {
            config: { properties: Record<string, { description?: string }> };
        };
        const silent = Object.entries(config.properties).filter(([, { description }]) => !description);
        assert.deepEqual(silent, []);
    });

    it("accepts other programs' keys, Pulumi's own, and numbers as pulumi config set writes them", () => {
        const file = stackFile("Pulumi.local.yaml");
        file.secretsprovider = "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k";
        file.encryptedkey = "abc";
        file.config["gcp:project"] = "unity-dev";
        file.config["unity-kafka:minimumZones"] = "3";
        file.config["unity-kafka:stackPerProject"] = "true";
        assert.deepEqual(marks(file), []);
    });

    it("marks a mistyped setting, at the top and inside", () => {
        const file = stackFile("Pulumi.local.yaml");
        file.config["unity-kafka:project"] = [];
        file.config["unity-kafka:kafka"] = { ...(file.config["unity-kafka:kafka"] as object), broker: 3 };
        assert.deepEqual(marks(file), [
            `.config should NOT have additional properties {"additionalProperty":"unity-kafka:project"}`,
            `.config['unity-kafka:kafka'] should NOT have additional properties {"additionalProperty":"broker"}`,
        ]);
    });

    it("marks a value of the wrong type and a missing setting", () => {
        const file = stackFile("Pulumi.local.yaml");
        delete file.config["unity-kafka:image"];
        file.config["unity-kafka:minimumZones"] = "many";
        const found = marks(file);
        assert(found.some((mark) => mark.includes("should have required property 'unity-kafka:image'")));
        assert(found.some((mark) => mark.startsWith(".config['unity-kafka:minimumZones']")));
        assert(found.every((mark) => mark.startsWith(".config")));
    });
});

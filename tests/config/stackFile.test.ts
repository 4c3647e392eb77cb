import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../common/paths.ts";
import { environmentSchema } from "../../config/schema/environment.ts";
import { settingValue } from "../../config/setting.ts";
import { readStackFile } from "../../config/stackFile.ts";

interface Declared {
    description?: string;
    default?: unknown;
}

describe("Pulumi.yaml", () => {
    const { config } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
        config: Record<string, Declared>;
    };

    it("declares the keys that the program reads, each with a description", () => {
        // A size is a name or a block, and Pulumi has no type for both.
        const declared = Object.keys(environmentSchema.shape).filter((key) => key !== "size");
        assert.deepEqual(Object.keys(config).sort(), declared.sort());
        for (const [key, { description }] of Object.entries(config)) {
            assert(description, key);
        }
    });

    it("has the same defaults as the program", () => {
        for (const [key, field] of Object.entries(environmentSchema.shape)) {
            const ours = field.safeParse(undefined).data;
            const declared = settingValue(key, config[key]?.default);
            assert.deepEqual(field.safeParse(declared).data, ours, key);
        }
    });
});

describe("a stack file", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "stack-file-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    function file(text: string): string {
        const path = join(folder, "Pulumi.x.yaml");
        writeFileSync(path, text);
        return path;
    }

    const dev = readFileSync(join(root, "Pulumi.dev.yaml"), "utf8");

    it("may have other programs' keys, and values as `pulumi config set` writes them", () => {
        const text = `${dev}  aws:region: some\n  unity-kafka:stackPerProject: "true"\n`;
        assert.equal(readStackFile(file(text)).stackPerProject, true);
    });

    it("may have an empty block for a part that it does not have, as Pulumi's defaults are", () => {
        const { ikp } = readStackFile(file(`${dev}  unity-kafka:ikp: {}\n`));
        assert.equal(ikp, undefined);
    });

    it("encrypts the secrets of an environment on GKE by a key, not by a passphrase", () => {
        const salt = "encryptionsalt: v1:abc=:v1:def:ghi\n";
        const key =
            "secretsprovider: gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k\nencryptedkey: x\n";
        const error =
            /^Pulumi\.x\.yaml has 1 error:\n {2}(encryptionsalt|secretsprovider): says that this stack's secrets are encrypted by a passphrase, .*: pulumi stack change-secrets-provider gcpkms:\/\/KEY --stack STACK\nCorrect /;
        for (const text of [
            `${dev}${salt}`,
            `secretsprovider: passphrase\n${salt}${dev}`,
            `${dev}"secretsprovider": "passphrase" # for now\n`,
        ]) {
            assert.throws(() => readStackFile(file(text)), { name: "ConfigError", message: error });
        }
        // Pulumi Cloud encrypts them by itself, and a salt that is left is not used.
        for (const text of [dev, `${key}${dev}`, `${dev}${salt}${key}`, `# encryptionsalt: none\n${dev}`]) {
            assert.equal(readStackFile(file(text)).projects.length, 1);
        }
        const local = readFileSync(join(root, "Pulumi.local.yaml"), "utf8");
        assert.match(local, /^encryptionsalt:/m);
        assert.equal(readStackFile(file(local)).projects.length, 1);
        // Together with all other errors.
        assert.throws(
            () => readStackFile(file(`${dev.replace("servers: 3", "servers: 2")}${salt}`)),
            /has 2 errors:\n {2}encryptionsalt: .*\n {2}zookeeper\.servers: /,
        );
    });

    it("may take other programs' settings from Pulumi ESC, but has this program's in config", () => {
        const esc = "environment: [google/login]\n";
        assert.equal(readStackFile(file(`${esc}${dev}`)).projects.length, 1);
        const lacking = dev.replace(/^ {2}unity-kafka:image:.*\n/m, "");
        assert.throws(() => readStackFile(file(`${esc}${lacking.replace("servers: 3", "servers: 2")}`)), {
            name: "ConfigError",
            message:
                /^Pulumi\.x\.yaml has 2 errors:\n {2}environment: Pulumi ESC is not read here, so the settings of this program must be under config; missing: image\n {2}zookeeper\.servers: /,
        });
        assert.throws(
            () => readStackFile(file(esc)),
            /has 1 error:\n {2}environment: Pulumi ESC .*missing: config\n/,
        );
        assert.throws(() => readStackFile(file(lacking)), /has 1 error:\n {2}image: is missing/);
    });

    it("that is not YAML is an error with its line", () => {
        assert.throws(() => readStackFile(file("config:\n  a: [1\n  b: 2\n")), {
            name: "ConfigError",
            message: /^Pulumi\.x\.yaml has 1 error:\n {2}line 3: .*\nCorrect .*, then run: unity check /,
        });
    });

    it("without a config block is an error", () => {
        for (const text of ["", "config: 3\n", "- a\n"]) {
            assert.throws(() => readStackFile(file(text)), /config: is missing, must be a block of settings/);
        }
    });

    it("that cannot be read is not an error of its content", () => {
        assert.throws(() => readStackFile(join(folder, "none.yaml")), /none\.yaml cannot be read \(ENOENT\)/);
        assert.throws(() => readStackFile(folder), /cannot be read \(EISDIR\)/);
    });
});

import assert from "node:assert/strict";
import {
    chmodSync,
    chownSync,
    closeSync,
    lstatSync,
    mkdirSync,
    mkdtempSync,
    openSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { UnityError } from "../../cli/errors.ts";
import { settingsFolder, writePrivateFiles } from "../../cli/privateFiles.ts";

const FILES = { "tls.key": "secret", "tls.crt": "certificate" };

describe("a client's files", () => {
    let folder: string;
    const inside = (path: string) => join(folder, path);
    const into = inside.bind(undefined, "client");
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    const refused = (message: RegExp) =>
        assert.throws(
            () => writePrivateFiles(into(), FILES),
            (error) => error instanceof UnityError && error.code === 2 && message.test(error.message),
        );
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-private-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("can be read by their owner only, whatever the umask is and was there before", () => {
        const before = process.umask(0);
        try {
            writePrivateFiles(into(), { "tls.key": "former" });
            assert.equal(mode(into()), "700");
            chmodSync(into(), 0o755);
            chmodSync(inside("client/tls.key"), 0o644);
            const reader = openSync(inside("client/tls.key"), "r");
            writePrivateFiles(into(), FILES);
            for (const [name, text] of Object.entries(FILES)) {
                assert.equal(mode(inside(`client/${name}`)), "600");
                assert.equal(readFileSync(inside(`client/${name}`), "utf8"), text);
            }
            assert.equal(mode(into()), "700");
            // Somebody who has opened the former file reads nothing of the new one.
            assert.equal(readFileSync(reader, "utf8"), "former");
            closeSync(reader);
        } finally {
            process.umask(before);
        }
    });

    it("replace a symbolic link of their name, and leave alone what it leads to", () => {
        writeFileSync(inside("elsewhere"), "mine");
        mkdirSync(into());
        symlinkSync(inside("elsewhere"), inside("client/tls.key"));
        // That of an unfinished file too, which somebody may have laid there.
        symlinkSync(inside("elsewhere"), inside("client/.unity-tls.key"));
        writePrivateFiles(into(), FILES);
        assert.equal(readFileSync(inside("elsewhere"), "utf8"), "mine");
        assert(lstatSync(inside("client/tls.key")).isFile());
        assert.deepEqual(readdirSync(into()).sort(), Object.keys(FILES).sort());
    });

    it("are not written through a folder that is a symbolic link, a dangling one neither", () => {
        mkdirSync(inside("elsewhere"));
        symlinkSync(inside("elsewhere"), into());
        refused(/client is a symbolic link, and a key is not written there$/);
        rmSync(inside("elsewhere"), { recursive: true });
        refused(/client is a symbolic link/);
        assert.deepEqual(readdirSync(folder), ["client"]);
    });

    it("are not written beside other files, into another user's folder, or in place of a file", () => {
        writeFileSync(into(), "");
        refused(/client is no folder/);
        rmSync(into());
        mkdirSync(into());
        writeFileSync(inside("client/notes"), "");
        refused(/contains other files \(notes\)$/);
        rmSync(inside("client/notes"));
        // The tests of the whole program run as root.
        if (process.getuid?.() === 0) {
            chownSync(into(), 12_345, 12_345);
            refused(/client is another user's/);
        }
    });

    it("are in the user's folder for settings, and XDG_CONFIG_HOME counts where it is absolute", () => {
        assert.equal(settingsFolder({}), join(homedir(), ".config/unity-kafka"));
        assert.equal(settingsFolder({ XDG_CONFIG_HOME: "" }), join(homedir(), ".config/unity-kafka"));
        assert.equal(settingsFolder({ XDG_CONFIG_HOME: "x" }), join(homedir(), ".config/unity-kafka"));
        assert.equal(settingsFolder({ XDG_CONFIG_HOME: "/x" }), "/x/unity-kafka");
    });
});

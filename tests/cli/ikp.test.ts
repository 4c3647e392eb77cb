import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { checkBeforeUp } from "../../cli/commands/ikp.ts";
import { root } from "../../common/paths.ts";
import { unity } from "./command.ts";

const PASSWORD = "do-not-print-me";
/** Nobody listens there. */
const IKP = { bootstrapServers: ["localhost:1"] };
const BRIDGE = { ikp: { sasl: { mechanism: "PLAIN", username: "unity", password: PASSWORD } } };

describe("unity ikp", () => {
    it("has nothing to ask where no Project has a bridge, nor asks pulumi for secrets", () => {
        const { status, stdout } = spawnSync(join(root, "cli/unity"), ["ikp", "--stack", "dev"], {
            encoding: "utf8",
        });
        assert.equal(status, 0);
        assert.equal(stdout, "No Project has a bridge to IKP.\n");
    });

    it("needs a stack and a Project that are there (exit 2)", () => {
        assert.equal(unity("ikp", "--stack", "nope").status, 2);
        const { status, stderr } = unity("ikp", "--stack", "dev", "--project", "nope");
        assert.equal(status, 2);
        assert.match(stderr, /^unity: Stack dev has no Project nope\. Choose one of: sandbox.*\.\n$/);
    });
});

describe("unity up, of an environment with a bridge", () => {
    let folder: string;
    let path: string | undefined;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-ikp-"));
        path = process.env.PATH;
        process.env.PATH = [folder, path].join(delimiter);
    });
    afterEach(() => {
        process.env.PATH = path;
        rmSync(folder, { recursive: true });
    });

    /** What goes to standard error, and what pulumi was asked. */
    async function up(projects: Parameters<typeof checkBeforeUp>[1]["projects"]) {
        const pulumi = join(folder, "pulumi");
        const answer = JSON.stringify({
            "unity-kafka:ikp": { value: JSON.stringify(IKP), objectValue: IKP },
            "unity-kafka:projects": {
                objectValue: [{ name: "a", bridge: BRIDGE }, { name: "b" }],
                secret: true,
            },
        });
        writeFileSync(pulumi, `#!/bin/sh\necho "$*" >> ${folder}/asked\necho '${answer}'\n`);
        chmodSync(pulumi, 0o755);
        writeFileSync(join(folder, "asked"), "");
        const { write } = process.stderr;
        let said = "";
        process.stderr.write = (text: string | Uint8Array) => {
            said += text.toString();
            return true;
        };
        try {
            await checkBeforeUp("dev", { projects });
        } finally {
            process.stderr.write = write;
        }
        return { said, asked: readFileSync(join(folder, "asked"), "utf8") };
    }

    it("goes on with one line where IKP cannot be reached from here, without its password", async () => {
        const bridge = { inbound: [{ from: "orders", to: "orders" }], outbound: [], groups: [] };
        const { said, asked } = await up([{ name: "a", bridge }, { name: "b" }]);
        assert.match(
            said,
            /^IKP cannot be reached from here, so the bridges are not checked: .*localhost:1.*\n$/,
        );
        assert(!said.includes(PASSWORD));
        assert.match(asked, /^config --show-secrets --json --stack dev --config-file .*Pulumi\.dev\.yaml\n$/);
    });

    it("asks neither IKP nor pulumi where there is no bridge", async () => {
        assert.deepEqual(await up([{ name: "a" }]), { said: "", asked: "" });
    });
});

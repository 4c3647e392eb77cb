import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flowsOf } from "../../components/mirrormaker/properties.ts";
import { startScript } from "../../components/mirrormaker/startScript.ts";
import { bridgeSchema } from "../../config/schema/bridge.ts";

const FLOWS = flowsOf(
    bridgeSchema.parse({ inbound: ["rates", "a.b", { from: "crm", to: "customers" }], outbound: ["x"] }),
    "one",
);

/** Kafka's tools: they answer from files, and say what they were told to write. */
const JAVA = `#!/bin/sh
case "$*" in *"kafka:9092"*) where=own ;; *"ikp:9093"*) where=ikp ;; esac
case "$*" in
  *GetOffsetShell*)
    [ -e $where-ends ] || { echo "Timed out waiting for a node assignment" >&2; exit 1; }
    grep '^Skip' $where-ends >&2
    if ! grep -v '^Skip' $where-ends; then echo "Could not match any topic-partitions" >&2; exit 1; fi ;;
  *ConsoleConsumer*) cat begun-topics ;;
  *TopicCommand*) shift 6; echo "create $*" >> done ;;
  *ConsoleProducer*)
    shift 12
    while read -r line; do echo "$1: $line" >> done; done ;;
esac
`;

describe("the start of a bridge", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "bridge-start-"));
        writeFileSync(join(folder, "java"), JAVA, { mode: 0o755 });
        writeFileSync(join(folder, "bootstrap.servers"), "ikp:9093");
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    interface World {
        /** Ends of the topics of each side; undefined where nothing answers. */
        own?: string[];
        ikp?: string[];
        /** What mm2-starts holds. */
        begun?: string[];
        from?: "latest" | "earliest";
    }

    /** Runs the script. Returns what it has written and created, a line each, and its output where it fails. */
    function start({ own, ikp, begun = [], from = "latest" }: World) {
        const files = { "own-ends": own, "ikp-ends": ikp, "begun-topics": begun, done: [] };
        rmSync(join(folder, "begun"), { force: true });
        for (const [name, lines] of Object.entries(files)) {
            rmSync(join(folder, name), { force: true });
            if (lines !== undefined) {
                writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(""));
            }
        }
        const script = startScript({
            ...{ from, flows: FLOWS, bootstrap: "kafka:9092" },
            ...{ ikpProperties: "/etc/bridge/ikp.properties", replicationFactor: 3 },
        }).replaceAll("/etc/ikp/", `${folder}/`);
        const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
            encoding: "utf8",
            env: { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: folder },
        });
        assert.equal(stderr, "");
        const did = readFileSync(join(folder, "done"), "utf8").split("\n").slice(0, -1);
        return { did, failed: status === 0 ? undefined : stdout };
    }

    const offset = (topic: string, partition: number, value: number) =>
        `["MirrorSourceConnector",{"cluster":"ikp","partition":${partition},"topic":"${topic}"}]\t{"offset":${value}}`;
    const options = (name: string, rest: string) =>
        `create --bootstrap-server kafka:9092 --command-config /etc/kafka-client/client.properties --create --if-not-exists --topic ${name} --replication-factor 3 ${rest}`;

    it("is the end of each inbound topic, committed once in MirrorMaker's own words", () => {
        const { did, failed } = start({ own: [], ikp: ["rates:0:100", "rates:1:0", "crm:0:7"] });
        assert.equal(failed, undefined);
        assert.deepEqual(did, [
            options("mm2-starts", "--partitions 1 --config cleanup.policy=delete --config retention.ms=-1"),
            options("mm2-inbound-offsets", "--partitions 5 --config cleanup.policy=compact"),
            `mm2-inbound-offsets: ${offset("rates", 0, 99)}`,
            `mm2-inbound-offsets: ${offset("rates", 1, -1)}`,
            options("mm2-inbound-renamed-offsets", "--partitions 5 --config cleanup.policy=compact"),
            `mm2-inbound-renamed-offsets: ${offset("crm", 0, 6)}`,
            "mm2-starts: mm2-inbound-offsets/rates",
            "mm2-starts: mm2-inbound-offsets/a.b",
            "mm2-starts: mm2-inbound-renamed-offsets/crm",
        ]);
    });

    const begun = {
        own: ["mm2-starts:0:2", "mm2-inbound-offsets:0:9"],
        begun: ["mm2-inbound-offsets/rates", "mm2-inbound-renamed-offsets/crm"],
    };

    it("is left as it is for a topic that the bridge has begun to read, also while IKP is down", () => {
        const all = { own: ["mm2-starts:0:3"], begun: [...begun.begun, "mm2-inbound-offsets/a.b"] };
        assert.deepEqual(start(all), { did: [], failed: undefined });
    });

    it("is found for a topic that is added later, and for no other whose name only looks like it", () => {
        const { did } = start({ ...begun, ikp: ["a.b:0:5", "aXb:0:6", "rates:0:500"] });
        assert.deepEqual(did, [
            options("mm2-inbound-offsets", "--partitions 5 --config cleanup.policy=compact"),
            `mm2-inbound-offsets: ${offset("a.b", 0, 4)}`,
            "mm2-starts: mm2-inbound-offsets/a.b",
        ]);
    });

    it("is found again for a topic that gets another name in the Project", () => {
        const { did } = start({
            ...{ own: ["mm2-starts:0:3"], ikp: ["crm:0:9"] },
            begun: ["mm2-inbound-offsets/rates", "mm2-inbound-offsets/a.b", "mm2-inbound-offsets/crm"],
        });
        assert.deepEqual(did.slice(1), [
            `mm2-inbound-renamed-offsets: ${offset("crm", 0, 8)}`,
            "mm2-starts: mm2-inbound-renamed-offsets/crm",
        ]);
    });

    it("is left to MirrorMaker, which reads all that IKP retains, where config says earliest", () => {
        assert.deepEqual(start({ ...begun, from: "earliest" }).did, ["mm2-starts: mm2-inbound-offsets/a.b"]);
    });

    it("does not change where a bridge of an older version reads", () => {
        const { did } = start({ own: ["mm2-inbound-offsets:0:9"] });
        assert.deepEqual(did.slice(1), [
            "mm2-starts: mm2-inbound-offsets/rates",
            "mm2-starts: mm2-inbound-offsets/a.b",
            "mm2-starts: mm2-inbound-renamed-offsets/crm",
        ]);
    });

    it("waits, and tells why, where an answer is missing or incomplete", () => {
        const reason = (world: World) => start(world).failed;
        assert.match(
            reason({ ikp: [] }) ?? "",
            /^The bridge cannot begin: cannot tell where mm2-starts\|.* end\nTimed out/,
        );
        const { did, failed } = start(begun);
        assert.match(failed ?? "", /^The bridge cannot begin: cannot tell where a\.b end\nTimed out/);
        assert.deepEqual(did, []);
        const skip = "Skip getting offsets for topic-partition a.b:1";
        assert.match(reason({ ...begun, ikp: ["a.b:0:5", skip] }) ?? "", /cannot tell where a\.b end\nSkip/);
        assert.match(reason({ ...begun, begun: begun.begun.slice(1) }) ?? "", /cannot read topic mm2-starts/);
        assert.deepEqual(start(begun).did, []);
    });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initializeVariable, startScript } from "../../components/zookeeper/startScript.ts";
import { zookeeperSchema } from "../../config/schema/zookeeper.ts";

describe("the start of a ZooKeeper server", () => {
    let folder: string;
    const inside = (path: string) => join(folder, path);
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "unity-zookeeper-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Starts it with a disk that holds these files. Returns whether ZooKeeper lets it vote with no data. */
    function mayVoteEmpty(files: readonly string[], initialize: string | undefined): boolean {
        for (const file of files) {
            mkdirSync(join(inside(file), ".."), { recursive: true });
            writeFileSync(inside(file), "");
        }
        const zookeeper = zookeeperSchema.parse({
            ...{ servers: 3, heap: "1Gi", memory: "2Gi", cpu: 1, disk: { size: "1Gi", storageClass: "c" } },
        });
        const script = startScript(
            { ...zookeeper, dataDir: inside("data"), dataLogDir: inside("log") },
            `echo started > ${inside("server")}`,
        );
        const env = {
            PATH: process.env.PATH,
            ORDINAL: "1",
            ...(initialize === undefined ? {} : { [initializeVariable.name]: initialize }),
        };
        execFileSync("sh", ["-c", script], { env });
        assert.equal(readFileSync(inside("data/myid"), "utf8"), "2\n");
        assert(existsSync(inside("server")));
        return existsSync(inside("log/initialize"));
    }
    const EPOCHS = ["data/version-2/currentEpoch", "data/version-2/acceptedEpoch"];

    it("lets it vote with an empty disk only where the ensemble is new", () => {
        assert.equal(mayVoteEmpty([], "true"), true);
        assert.equal(mayVoteEmpty([], undefined), false);
    });

    it("takes back a permission that was not used", () => {
        assert.equal(mayVoteEmpty(["log/initialize"], undefined), false);
    });

    it("forgets, of a start as a server that must not vote, what says that it has seen more", () => {
        assert.equal(mayVoteEmpty(EPOCHS, "true"), true);
        assert.deepEqual(readdirSync(inside("data/version-2")), []);
    });

    it("leaves a server that has data as it is", () => {
        assert.equal(mayVoteEmpty([...EPOCHS, "data/version-2/snapshot.100000000"], "true"), false);
        assert.equal(readdirSync(inside("data/version-2")).length, 3);
        assert.equal(mayVoteEmpty([], undefined), false);
        assert.equal(readdirSync(inside("data/version-2")).length, 3);
    });

    it("leaves the epochs of a server without permission, which follows with them", () => {
        assert.equal(mayVoteEmpty(EPOCHS, undefined), false);
        assert.equal(readdirSync(inside("data/version-2")).length, 2);
    });

    it("reads the permission from a ConfigMap that need not exist", () => {
        const { name, key, optional } = initializeVariable.valueFrom.configMapKeyRef;
        assert.deepEqual([name, key, optional], ["zookeeper-initialize", "initialize", true]);
    });
});

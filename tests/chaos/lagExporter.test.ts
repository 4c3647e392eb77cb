import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import kafkajs from "kafkajs";
import { logDir, root } from "../../common/paths.ts";
import { LAG_EXPORTER_ACLS } from "../../components/monitoring/lagExporter.ts";
import { buildImages } from "../../local/image/image.ts";
import { until } from "../e2e/cluster.ts";
import { FakeIkp, freePorts, USER } from "../e2e/fakeIkp.ts";

// Node does not find these names by itself in a module of this kind.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const SOURCE = join(root, "components", "monitoring", "LagExporter.java");
const GROUP = 'a "b';
/** What the exporter is allowed, as kafkajs says it. */
const ACLS = LAG_EXPORTER_ACLS.flatMap(({ resource, name, operations }) => {
    assert.deepEqual(operations, ["describe"]);
    return {
        resourceType: resource === "topic" ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
        resourceName: name,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal: `User:${USER.username}`,
        host: "*",
        operation: AclOperationTypes.DESCRIBE,
        permissionType: AclPermissionTypes.ALLOW,
    };
});

describe("the exporter of lags", function () {
    this.timeout("3m");
    const folder = mkdtempSync(join(tmpdir(), "unity-lags-"));
    let kafka: FakeIkp;
    let exporter: ChildProcess;
    let log = "";
    let url: string;

    before(async function () {
        // A new machine builds the image first.
        this.timeout("20m");
        kafka = await FakeIkp.start((await buildImages(`${logDir}/e2e-lags.log`)).kafka);
        await kafka.asAdmin(async (admin) => {
            await admin.createTopics({ topics: [{ topic: "orders", numPartitions: 2 }] });
            await admin.createAcls({ acl: ACLS });
        });
        const client = join(folder, "client.properties");
        writeFileSync(join(folder, "ca.crt"), kafka.ca);
        const login = "org.apache.kafka.common.security.scram.ScramLoginModule required";
        const settings = {
            "bootstrap.servers": kafka.server,
            "security.protocol": "SASL_SSL",
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": join(folder, "ca.crt"),
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.jaas.config": `${login} username="${USER.username}" password="${USER.password}";`,
        };
        const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
        writeFileSync(client, lines.join(""));
        const [port] = await freePorts(1);
        url = `http://127.0.0.1:${port}/metrics`;
        const command = ["-Xmx96m", "-cp", kafka.libs, SOURCE, client, `${port}`, "1"];
        exporter = spawn(kafka.java, command, { stdio: ["ignore", "pipe", "inherit"] });
        exporter.stdout!.on("data", (chunk: Buffer) => {
            log += chunk.toString();
        });
    });
    after(() => {
        exporter?.kill();
        kafka?.stop();
        rmSync(folder, { recursive: true });
    });

    /** Each metric without its description, or the status of an answer that has none. */
    async function exported(): Promise<string[]> {
        const answer = await fetch(url).catch(() => undefined);
        return answer?.ok
            ? (await answer.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"))
            : [`${answer?.status}`];
    }

    const lags = (records: number, seconds: RegExp | number) =>
        new RegExp(
            `^kafka_consumergroup_lag\\{consumergroup="a \\\\"b",topic="orders"\\} ${records},` +
                `kafka_consumergroup_lag_seconds\\{consumergroup="a \\\\"b",topic="orders"\\} ` +
                `${typeof seconds === "number" ? seconds : seconds.source}$`,
        );

    async function untilExported(what: string, expected: RegExp): Promise<void> {
        let found = "";
        await until(what, 60, async () => {
            found = (await exported()).join();
            return expected.test(found);
        }).catch((error: unknown) => assert.fail(`${String(error)}: ${found}`));
    }

    const produce = (records: number) =>
        kafka.produce(
            "orders",
            Array.from({ length: records }, (_, i) => ({ partition: i % 2, value: "x" })),
        );

    /** By the number of records that the group has read of each partition. */
    const commit = (...offsets: number[]) =>
        kafka.asAdmin((admin) =>
            admin.setOffsets({
                groupId: GROUP,
                topic: "orders",
                partitions: offsets.map((offset, partition) => ({ partition, offset: `${offset}` })),
            }),
        );

    it("tells of a group that falls behind, by how many records and for how long, until it has read all", async () => {
        await untilExported("no group has read anything", /^$/);
        await produce(20);
        await commit(10, 10);
        await untilExported("the group has read all", lags(0, 0));
        await produce(6);
        await untilExported("it is behind for some seconds", lags(6, /[3-9]/));
        // One partition is as far behind as before.
        await commit(13, 10);
        await untilExported("it has read half", lags(3, /[3-9]|\d\d/));
        await commit(13, 13);
        await untilExported("it has read all", lags(0, 0));
    });

    it("sees no group without its ACL on groups", async () => {
        const [, groups] = ACLS;
        await kafka.asAdmin((admin) => admin.deleteAcls({ filters: [groups!] }));
        await untilExported("the group is hidden", /^$/);
    });

    it("has no metrics rather than old ones once Kafka is down, and does not end", async () => {
        kafka.stop();
        await untilExported("Kafka does not answer", /^503$/);
        await until("it says so", 30, async () => log.includes(" ERROR Kafka does not answer"));
        assert.equal(exporter.exitCode, null);
    });
});

import assert from "node:assert/strict";
import kafkajs from "kafkajs";
import { type BridgedProject, checkIkp } from "../../cli/ikpCheck.ts";
import { logDir } from "../../common/paths.ts";
import type { IkpConfig } from "../../config/schema/ikp.ts";
import { buildImages } from "../../local/image/image.ts";
import { newRootCertificate } from "../provider/fixtures.ts";
import { FakeIkp, USER } from "./fakeIkp.ts";

// Node does not find these names by itself in a module of this kind.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const NOWHERE = "localhost:1";

function project(bridge: Partial<BridgedProject["bridge"]>, topics?: Record<string, number>): BridgedProject {
    return {
        name: "demo",
        bridge: { inbound: [], outbound: [], groups: [], ...bridge },
        topics: Object.entries(topics ?? {}).map(([name, partitions]) => ({
            ...{ name, partitions, replicationFactor: 3 },
        })),
    };
}

const same = (name: string) => ({ from: name, to: name });

describe("the contract with IKP", function () {
    this.timeout("2m");
    let fakeIkp: FakeIkp;
    let ikp: IkpConfig;

    before(async function () {
        // A new machine builds the image first.
        this.timeout("20m");
        const { kafka } = await buildImages(`${logDir}/e2e-ikp.log`);
        fakeIkp = await FakeIkp.start(kafka);
        ikp = {
            bootstrapServers: [fakeIkp.server],
            ranges: [],
            sasl: { mechanism: "SCRAM-SHA-512", ...USER },
            authority: fakeIkp.ca,
        };
        const allow = (
            resourceType: kafkajs.AclResourceTypes,
            resourceName: string,
            ...operations: kafkajs.AclOperationTypes[]
        ) =>
            operations.map((operation) => ({
                resourceType,
                resourceName,
                resourcePatternType: ResourcePatternTypes.LITERAL,
                principal: `User:${USER.username}`,
                host: "*",
                operation,
                permissionType: AclPermissionTypes.ALLOW,
            }));
        const { TOPIC, GROUP } = AclResourceTypes;
        const { READ, WRITE, DESCRIBE } = AclOperationTypes;
        await fakeIkp.asAdmin(async (admin) => {
            const numbers = { orders: 6, results: 2, secret: 1, shown: 1 };
            await admin.createTopics({
                topics: Object.entries(numbers).map(([topic, numPartitions]) => ({ topic, numPartitions })),
            });
            await admin.createAcls({
                acl: [
                    ...allow(TOPIC, "orders", READ),
                    ...allow(TOPIC, "results", WRITE),
                    ...allow(TOPIC, "shown", DESCRIBE),
                    ...allow(TOPIC, "absent", READ),
                    ...allow(GROUP, "billing", READ),
                    ...allow(GROUP, "shown", DESCRIBE),
                ],
            });
        });
    });
    after(() => fakeIkp?.stop());

    it("a check of IKP passes where its topics and ACLs fit, and changes nothing there", async () => {
        const topics = () => fakeIkp.asAdmin((admin) => admin.listTopics());
        const before = await topics();
        const need = project(
            { inbound: [same("orders")], outbound: [{ from: "out", to: "results" }] },
            { orders: 6, out: 2 },
        );
        assert.deepEqual(await checkIkp(ikp, [need]), { reached: true, errors: [], warnings: [] });
        assert.deepEqual(await topics(), before);
    });

    it("a check of IKP lists every topic that is missing, too small or not allowed, at once", async () => {
        const need = project(
            {
                inbound: [same("orders"), same("absent"), same("secret"), same("shown")],
                outbound: [{ from: "out", to: "results" }, same("shown")],
            },
            { orders: 3, out: 4 },
        );
        const { errors } = await checkIkp(ikp, [need]);
        assert.deepEqual(errors, [
            "The inbound topic orders of Project demo has 6 partitions at IKP and 3 as orders in the Project; the target must have as many or more. Set partitions of orders to 6 or more.",
            "IKP has no topic absent, inbound of Project demo. Have IKP's operators create it, or correct the name.",
            "User unity lacks Describe and Read on the inbound topic secret of Project demo. Have IKP's operators allow it.",
            "User unity lacks Read on the inbound topic shown of Project demo. Have IKP's operators allow it.",
            "The outbound topic results of Project demo has 2 partitions at IKP and 4 as out in the Project; the target must have as many or more. Have IKP's operators give it 4 or more.",
            "User unity lacks Write on the outbound topic shown of Project demo. Have IKP's operators allow it.",
        ]);
    });

    it("a check of IKP asks for the groups whose offsets are mirrored, and for no more than their direction needs", async () => {
        const inbound = project({ inbound: [same("orders")], groups: ["billing", "shown", "other"] });
        assert.deepEqual((await checkIkp(ikp, [inbound])).errors, [
            "User unity lacks Describe on the group other of Project demo. Have IKP's operators allow it.",
        ]);
        const outbound = project({ outbound: [same("results")], groups: ["billing", "shown"] });
        assert.deepEqual((await checkIkp(ikp, [outbound])).errors, [
            "User unity lacks Read on the outbound topic results of Project demo. Have IKP's operators allow it.",
            "User unity lacks Read on the group shown of Project demo. Have IKP's operators allow it.",
        ]);
    });

    it("a check of IKP warns where the bridge would copy more than the disks hold, and only then", async () => {
        const value = "x".repeat(1000);
        await fakeIkp.produce(
            "orders",
            Array.from({ length: 600 }, (_, i) => ({ value, partition: i % 6 })),
        );
        const warnings = async (from: "latest" | "earliest", size: string) => {
            const bridge = { inbound: [same("orders")], from };
            const need = { ...project(bridge, { orders: 6 }), kafka: { brokers: 3, disk: { size } } };
            return (await checkIkp(ikp, [need])).warnings;
        };
        const [warning = ""] = await warnings("earliest", "640Ki");
        // 600 records of 1 kB, three times.
        assert.match(warning, /Project demo .* take about 1\.[89] MB, and .* have 2\.0 MB in all\. Raise/);
        assert.deepEqual(await warnings("latest", "640Ki"), []);
        assert.deepEqual(await warnings("earliest", "1Mi"), []);
    });

    it("a check of IKP reports rejected credentials without showing the password", async () => {
        const sasl = { mechanism: "SCRAM-SHA-512", username: USER.username, password: "wrong" } as const;
        const { reached, errors } = await checkIkp({ ...ikp, sasl }, [
            project({ inbound: [same("orders")] }),
        ]);
        assert.equal(reached, true);
        assert.equal(errors.length, 1);
        assert.match(
            errors[0]!,
            /^IKP rejected the login of user unity by SCRAM-SHA-512 \(.+\)\. Correct sasl of its login/,
        );
        assert(!errors[0]!.includes("wrong"), errors[0]);
    });

    it("a check of IKP reports a certificate of an untrusted CA, and one for another name", async () => {
        const need = [project({ inbound: [same("orders")] })];
        const { certificate } = await newRootCertificate({ commonName: "other" });
        const untrusted = await checkIkp({ ...ikp, authority: certificate }, need);
        assert.equal(untrusted.reached, true);
        assert.match(
            untrusted.errors.join("\n"),
            /^IKP's localhost:\d+ is not trusted .*\. Set ikp\.authority/,
        );
        const misnamed = fakeIkp.server.replace("localhost", "127.0.0.1");
        const { errors } = await checkIkp({ ...ikp, bootstrapServers: [misnamed] }, need);
        assert.match(errors.join("\n"), /^IKP's 127\.0\.0\.1:\d+ is not trusted .*\. Use a name/);
    });

    it("a check of IKP says when nothing answers, and reports one address of several that does not", async () => {
        const need = [project({ inbound: [same("orders")] })];
        const unreachable = await checkIkp({ ...ikp, bootstrapServers: [NOWHERE, "ikp.invalid:9093"] }, need);
        assert.equal(unreachable.reached, false);
        assert.match(unreachable.errors[0]!, /^IKP's localhost:1 cannot be reached .*\. Correct the address/);
        assert.match(unreachable.errors[1]!, /^IKP's ikp\.invalid:9093 cannot be reached/);
        const partly = await checkIkp({ ...ikp, bootstrapServers: [NOWHERE, fakeIkp.server] }, need);
        assert.equal(partly.reached, true);
        assert.equal(partly.errors.length, 1);
    });
});

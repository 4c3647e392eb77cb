import assert from "node:assert/strict";
import type { Kubernetes } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedEnvironment } from "./environment.ts";
import { ACLS, adminTool, TOPICS } from "./kafkaTools.ts";
import { assertRefused } from "./refused.ts";
import { changed, expectNoChanges, type ProjectSettings, preview, type Settings, up } from "./stack.ts";

describe("topics", function () {
    this.timeout("5m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    const withBlue = (
        change: (blue: Required<ProjectSettings>) => void,
        rest: Partial<Settings> = {},
    ): Settings =>
        changed((settings) => {
            Object.assign(settings, rest);
            change(settings.projects[0] as Required<ProjectSettings>);
        });
    const withoutOrders = (rest: Partial<Settings> = {}) =>
        withBlue(({ topics, components }) => {
            topics.shift();
            // One that stays keeps the namespace that was created for components.
            components.splice(0, components.length, { name: "loader" });
        }, rest);
    const describeTopic = (topic: string) => adminTool(k, BLUE, TOPICS, "--describe", "--topic", topic);

    it("topics and ACLs change in place, and nothing is deleted of them unless allowed", async () => {
        const changes = await up(
            withBlue(({ topics, components }) => {
                topics[0] = { name: "orders", partitions: 5, retention: "2d" };
                topics[1] = { name: "notes" };
                components.pop();
            }),
        );
        assert.deepEqual(changes.update!.sort(), [
            "blue-client-keys",
            "blue-smoke-test",
            "blue-topic-notes",
            "blue-topic-orders",
            "blue-users",
        ]);
        assert.deepEqual(changes.delete!.sort(), [
            "blue-kafka-client-reader-certificate",
            "blue-kafka-client-reader.e2e-blue-clients",
            "blue-user-reader",
        ]);
        assert.deepEqual(Object.keys(changes).sort(), ["delete", "update"]);
        assert.match(
            await describeTopic("orders"),
            /PartitionCount: 5\tReplicationFactor: 3\tConfigs: .*retention\.ms=172800000/,
        );
        assert.match(await describeTopic("notes"), /ReplicationFactor: 3\tConfigs: min\.insync\.replicas=2/);
        assert.doesNotMatch(await adminTool(k, BLUE, ACLS, "--list"), /User:reader/);

        const found = ["--partitions", "2", "--replication-factor", "3", "--config", "retention.ms=-1"];
        await adminTool(k, BLUE, TOPICS, "--create", "--topic", "ledger", ...found);
        const withLedger = (ledger: object, rest: Partial<Settings> = {}) =>
            withBlue(({ topics }) => {
                topics[0] = { name: "orders", partitions: 5, retention: "2d" };
                topics.push({ name: "ledger", partitions: 2, ...ledger });
            }, rest);
        const inherits = withBlue(({ topics }) => {
            topics[0] = { name: "orders", partitions: 5, retention: "2d" };
        });
        Object.assign(inherits.projects[0]!, { kafka: { config: { "log.retention.hours": 1 } } });
        const fewer = withBlue(({ topics }) => {
            topics[0] = { name: "orders", partitions: 3 };
        });
        // Pulumi's JSON has no >.
        await Promise.all([
            assertRefused(/topic orders has 5 partitions and cannot have only 3/, preview(fewer)),
            assertRefused(
                /topic orders of Project blue would be deleted with all its messages\. .* add topic\/blue\/orders to/,
                preview(withoutOrders()),
            ),
            assertRefused(
                /topic orders of Project blue would lose messages older than 1d \(retention\.ms 172800000 -\S+ 86400000\)/,
                preview(changed(() => undefined)),
            ),
            assertRefused(
                /topics of Project blue would lose messages: notes \(messages older than 1h\)\. .* add topic\/blue\/notes to/,
                preview(inherits),
            ),
            assertRefused(
                /topic ledger of Project blue exists already, and would change: retention\.ms -1 -\S+ default\. It would lose messages older than 7d\. .* add topic\/blue\/ledger to/,
                preview(withLedger({})),
            ),
            assertRefused(
                /topic ledger of Project blue exists already, and would change: partitions 2 -\S+ 4\. /,
                preview(withLedger({ partitions: 4, retention: "forever" })),
            ),
        ]);
        // Taken over as it is, then changed with a word.
        assert((await up(withLedger({ retention: "forever" }))).create?.includes("blue-topic-ledger"));
        await up(withLedger({}, { allowDestroy: ["topic/blue/ledger"] }));
        assert.doesNotMatch(await describeTopic("ledger"), /retention/);
        await up(withoutOrders({ allowDestroy: ["topic/blue/orders", "topic/blue/ledger"] }));
        assert.doesNotMatch(await adminTool(k, BLUE, TOPICS, "--list"), /^orders$/m);
        await up();
        await expectNoChanges();
    });
});

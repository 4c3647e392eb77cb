import assert from "node:assert/strict";
import { CLIENT_LABEL, type ClientPod, connects, untilConnects, withClientPods } from "../e2e/clientPods.ts";
import type { Kubernetes } from "../e2e/cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedEnvironment } from "../e2e/environment.ts";
import { consumeAll, javaCommand, serverIn, VERIFIABLE_PRODUCER } from "../e2e/kafkaTools.ts";
import { Load } from "../e2e/load.ts";
import { assertRefused } from "../e2e/refused.ts";
import { changed, expectNoChanges, preview, up } from "../e2e/stack.ts";

/** A namespace of applications that is not the program's. */
const SHOP = "e2e-shop";
const CLIENT = "/etc/kafka-client/client.properties";
/** Longest time between two acknowledgements, in seconds. */
const GAP = 5;

describe("a component that moves out of the namespace of the servers", function () {
    this.timeout("10m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });
    after(async () => {
        await up();
        await k.core.deleteNamespace({ name: SHOP }).catch(() => undefined);
    });

    const loaderIn = (...namespace: string[]) =>
        changed(({ projects }) => {
            const components = projects[0]!.components as { name: string; namespace?: string[] }[];
            components.find(({ name }) => name === "loader")!.namespace = namespace;
        });
    const loader = (namespace: string): ClientPod => ({
        ...{ namespace, name: "moving", labels: CLIENT_LABEL },
        secrets: { "/etc/kafka-client": "kafka-client-loader" },
    });
    const produce = (namespace: string, prefix: number) => {
        const args = [
            "--topic",
            "orders",
            "--throughput",
            "100",
            "--acks",
            "-1",
            "--producer.config",
            CLIENT,
        ];
        const values = ["--value-prefix", `${prefix}`];
        const command = javaCommand(VERIFIABLE_PRODUCER, [...serverIn(BLUE), ...args, ...values]);
        return new Load(k, namespace, "moving", command);
    };
    const exists = (read: Promise<unknown>) =>
        read.then(
            () => true,
            (error: { code?: number }) => {
                assert.equal(error.code, 404);
                return false;
            },
        );

    it("sends all the time, first from there and then from the next one, and leaves nothing behind", async () => {
        await up(loaderIn(BLUE));
        await withClientPods(k, [loader(BLUE)], async () => {
            await untilConnects(k, loader(BLUE), `kafka-bootstrap.${BLUE}`, 9092);
            const before = produce(BLUE, 1);
            await before.untilMore(100);

            await assertRefused(
                /Namespace e2e-shop, which config names for components of Project blue, does not exist/,
                preview(loaderIn(BLUE, SHOP)),
            );
            // Where somebody skips the preview: the applications that run are none the worse.
            await assertRefused(/namespaces "e2e-shop" not found/, up(loaderIn(BLUE, SHOP)));
            await before.untilMore(100);
            await k.core.createNamespace({ body: { metadata: { name: SHOP } } });
            await up(loaderIn(BLUE, SHOP));
            await withClientPods(k, [loader(SHOP)], async () => {
                await untilConnects(k, loader(SHOP), `kafka-bootstrap.${BLUE}`, 9092);
                const after = produce(SHOP, 2);
                await after.untilMore(100);
                await before.untilMore(100);
                await before.stop();
                await up(loaderIn(SHOP));
                await after.untilMore(100);
                await after.stop();

                for (const load of [before, after]) {
                    assert.equal(load.failed, 0);
                    assert(load.longestGap < GAP, `no acknowledgement for ${load.longestGap} s`);
                }
                const read = new Set((await consumeAll(k, BLUE, "orders")).split("\n"));
                for (const value of [...before.acknowledged, ...after.acknowledged]) {
                    assert(read.has(value), value);
                }
            });
            const secret = { namespace: BLUE, name: "kafka-client-loader" };
            assert(!(await exists(k.core.readNamespacedSecret(secret))));
            const egress = { namespace: BLUE, name: "kafka-clients" };
            assert(!(await exists(k.networking.readNamespacedNetworkPolicy(egress))));
            assert(!(await connects(k, loader(BLUE), `kafka-bootstrap.${BLUE}`, 9092)));
        });
        await up();
        await expectNoChanges();
        assert(
            !(await exists(k.core.readNamespacedSecret({ namespace: SHOP, name: "kafka-client-loader" }))),
        );
    });
});

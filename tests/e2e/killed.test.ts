import assert from "node:assert/strict";
import type { Kubernetes } from "./cluster.ts";
import { BLUE, BLUE_CLIENTS, BRING_UP_TIMEOUT, sharedEnvironment, untilAllReady } from "./environment.ts";
import { ACLS, adminTool, TOPICS } from "./kafkaTools.ts";
import { killAndGoOn, withMore, withoutMore } from "./killed.ts";
import { up } from "./stack.ts";

/** A moment from before the first change until after the last, in milliseconds. */
const someMoment = () => Math.round(3_000 + Math.random() * 9_000);

describe("an up that is killed", function () {
    this.timeout("8m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });
    // Whatever a failure here leaves, the other tests do not ask for it.
    after(() => up(withoutMore()).then(() => up()));

    const topics = () => adminTool(k, BLUE, TOPICS, "--list");
    const secret = () =>
        k.core.readNamespacedSecret({ namespace: BLUE_CLIENTS, name: "kafka-client-killed" });
    const acls = () => adminTool(k, BLUE, ACLS, "--list");

    it("is gone on with by the next one: what it began to create is there once and Pulumi's", async () => {
        await killAndGoOn(withMore(), someMoment());
        assert.match(await topics(), /^killed$/m);
        assert.match(await acls(), /User:killed/);
        await secret();
        await untilAllReady(k);
    });

    it("is gone on with by the next one: what it began to delete is gone", async () => {
        await killAndGoOn(withoutMore(), someMoment());
        assert.doesNotMatch(await topics(), /^killed$/m);
        assert.doesNotMatch(await acls(), /User:killed/);
        await assert.rejects(secret(), { code: 404 });
        await untilAllReady(k);
    });
});

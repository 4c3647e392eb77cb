import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CheckoutCopy, copyCheckout } from "../e2e/checkoutCopy.ts";
import type { Kubernetes } from "../e2e/cluster.ts";
import { BRING_UP_TIMEOUT, sharedPlatform } from "../e2e/environment.ts";
import { allArrived, SAMPLE, SAMPLE_LINES, send } from "../e2e/unity.ts";
import { assertHealthy, configOf, ScenarioStack } from "./stack.ts";

const STACK = "expired";
const RED = `${STACK}-red`;
/** Length of a day in the copy of the program, in seconds: long enough to deploy in. */
const DAY = 240;

describe("a Project of which every certificate has expired", function () {
    this.timeout("20m");
    // Certificates are valid for whole days, so days are short here.
    const config = configOf(STACK, [{ name: "red", certificates: { days: 1 } }]);
    let checkout: CheckoutCopy;
    let stack: ScenarioStack;
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        k = await sharedPlatform();
        checkout = copyCheckout();
        for (const file of ["provider/x509.ts", "provider/handlers/renewal.ts"]) {
            const path = join(checkout.folder, file);
            const text = readFileSync(path, "utf8");
            const shortened = text.replace("24 * 3600 * 1000", `${DAY} * 1000`);
            assert.notEqual(shortened, text, `${file} has the length of a day`);
            writeFileSync(path, shortened);
        }
        stack = new ScenarioStack(STACK, checkout.folder);
        await stack.create();
    });
    after(async () => {
        await stack.destroy(config);
        checkout.remove();
    });

    it("works again after an `up`, with no pod touched by hand", async () => {
        await stack.up(config);
        assert.deepEqual(await send(RED, SAMPLE), allArrived(SAMPLE_LINES));
        const { data } = await k.core.readNamespacedSecret({ namespace: RED, name: "kafka-operator" });
        const { validTo } = new X509Certificate(Buffer.from(data!["tls.crt"]!, "base64"));
        await sleep(Math.max(0, Date.parse(validTo) - Date.now()) + 5_000);
        await assert.rejects(send(RED, SAMPLE));
        // A real day lasts longer than the servers take; here an `up` may find the next ones expired.
        await stack.up(config);
        await assertHealthy(k, RED);
    });
});

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Kubernetes, pods, restarts } from "../e2e/cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedEnvironment } from "../e2e/environment.ts";
import { assertRefused } from "../e2e/refused.ts";
import { changed, expectNoChanges, hold, preview, up } from "../e2e/stack.ts";
import { allArrived, SAMPLE, send } from "../e2e/unity.ts";

const LINES = 1000;
/** Between two files, in milliseconds. */
const PAUSE = 3_000;

/** With which no server starts. */
const BROKEN = { jvmOptions: ["-XX:+NoSuchFlag"] };

describe("CA rotation", function () {
    this.timeout("30m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    const trusting = (...authorities: string[]) =>
        changed(({ projects }) => {
            projects[0]!.certificates = { authorities };
        });
    /** The same, with brokers that do not start. */
    const failingWith = (...authorities: string[]) =>
        changed(({ projects }) =>
            Object.assign(projects[0]!, { certificates: { authorities }, kafka: BROKEN }),
        );
    const issuer = async () => {
        const { data } = await k.core.readNamespacedSecret({ namespace: BLUE, name: "kafka-operator" });
        return new X509Certificate(Buffer.from(data!["tls.crt"]!, "base64")).issuer;
    };
    /** Pods of blue's servers with their restarts, by name. */
    const servers = async () =>
        new Map(
            (await pods(k, BLUE))
                .filter(({ metadata }) => /^(zookeeper|kafka)-\d$/.test(metadata!.name!))
                .map((pod) => [pod.metadata!.name!, { uid: pod.metadata!.uid, restarts: restarts(pod) }]),
        );

    it("clients send all the time while a new CA takes over in two steps, the first of which fails half-way, and nothing is lost", async () => {
        // Of an environment that is kept, it may be the second rotation.
        const old = changed(() => undefined).projects[0]!.certificates!.authorities[0]!;
        const next = `ca-${Number(old.slice("ca-".length)) + 1}`;
        assert.equal(await issuer(), `CN=unity-kafka cluster ${old}\nO=blue`);
        await assertRefused(
            new RegExp(`Set authorities to \\[${old}, ${next}\\] and run up, then to \\[${next}, ${old}\\]`),
            preview(trusting(next, old)),
        );
        let finished = false;
        let files = 0;
        // A small file now and then: clients connect again for each, and leave the processors to the servers. Without a
        // pause there would always be a topic that is being created or deleted, which keeps a broker from Ready.
        const folder = mkdtempSync(join(tmpdir(), "unity-e2e-"));
        const file = join(folder, "small.csv");
        writeFileSync(file, readFileSync(SAMPLE, "utf8").split("\n").slice(0, LINES).join("\n"));
        const sending = (async () => {
            while (!finished) {
                assert.deepEqual(await send(BLUE, file), allArrived(LINES));
                files++;
                await sleep(PAUSE);
            }
        })();
        sending.catch(() => {
            finished = true;
        });
        try {
            const podsFirst = await servers();
            await assertRefused(/kafka-\d .*crashes again and again/, up(failingWith(old, next)));
            // Two brokers run as before, whatever the last config says.
            const refused = new RegExp(
                `kafka-\\d, kafka-\\d trust only ${old}, and would reject certificates of ${next}\\. Set authorities to \\[${old}, ${next}\\] and run up`,
            );
            await assertRefused(refused, preview(trusting(next, old)));
            await assertRefused(refused, up(trusting(next, old)));
            // First everybody trusts both, then the new one signs.
            for (const authorities of [
                [old, next],
                [next, old],
            ]) {
                const podsBefore = authorities[0] === old ? podsFirst : await servers();
                const filesBefore = files;
                hold(trusting(...authorities));
                await up();
                assert(!finished, "a file was being sent all along");
                assert(
                    files > filesBefore,
                    `${files - filesBefore} files while [${authorities.join()}] rolled out`,
                );
                const podsAfter = await servers();
                assert.deepEqual([...podsAfter.keys()].sort(), [...podsBefore.keys()].sort());
                for (const [name, pod] of podsAfter) {
                    assert.notEqual(pod.uid, podsBefore.get(name)!.uid, `${name} has been rolled`);
                    assert.equal(pod.restarts, 0, `restarts of ${name}`);
                }
            }
        } finally {
            finished = true;
            await sending.finally(() => rmSync(folder, { recursive: true }));
        }
        assert.equal(await issuer(), `CN=unity-kafka cluster ${next}\nO=blue`);
        await expectNoChanges();
    });
});

import assert from "node:assert/strict";
import { type Kubernetes, pods, restarts, until } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, GREEN, PROJECTS, sharedEnvironment } from "./environment.ts";
import { assertRefused } from "./refused.ts";
import { changed, expectNoChanges, hold, preview, up } from "./stack.ts";

describe("disks", function () {
    this.timeout("8m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    const sized = (size: string) =>
        changed(({ kafka }) => {
            kafka.disk.size = size;
        });
    const ordinals = [0, 1, 2];

    it("disks grow in place without a pod noticing, and never shrink", async () => {
        const servers = async () =>
            (await pods(k, BLUE, "kafka")).map((pod) => [pod.metadata!.uid, restarts(pod)]);
        const before = await servers();
        // Of an environment that is kept, they may have grown before.
        const old = changed(() => undefined).kafka.disk.size;
        const larger = `${Number.parseInt(old, 10) + 1}Gi`;
        hold(sized(larger));
        const changes = await up();
        assert.deepEqual(Object.keys(changes), ["update"]);
        assert.deepEqual(
            changes.update!.sort(),
            PROJECTS.map((project) => `${project}-kafka-servers-rolling-update`),
        );
        const grown = async (namespace: string, ordinal: number) =>
            until(`disk ${ordinal} of ${namespace} has grown`, 300, async () => {
                const name = `data-kafka-${ordinal}`;
                const { status } = await k.core.readNamespacedPersistentVolumeClaim({ namespace, name });
                return status?.capacity?.storage === larger;
            });
        const said = new RegExp(
            `disk\\.size of kafka of Project (blue|green) is ${larger} and cannot shrink to ${old}\\. Set it to ${larger} or more`,
        );
        // A kubelet looks at a volume only now and then.
        await Promise.all([
            ...[BLUE, GREEN].flatMap((namespace) => ordinals.map((ordinal) => grown(namespace, ordinal))),
            (async () => {
                await assertRefused(said, preview(sized(old)));
                await assertRefused(said, up(sized(old)));
            })(),
        ]);
        assert.deepEqual(await servers(), before);
        await expectNoChanges();
    });

    it("a disk that is lost after it has grown is made again in its size", async () => {
        const size = changed(() => undefined).kafka.disk.size;
        const sizeOf = async () => {
            const pvc = { namespace: GREEN, name: "data-kafka-2" };
            const found = await k.core.readNamespacedPersistentVolumeClaim(pvc);
            return { uid: found.metadata!.uid, size: found.spec!.resources!.requests!.storage };
        };
        const before = await sizeOf();
        await k.core.deleteNamespacedPersistentVolumeClaim({ namespace: GREEN, name: "data-kafka-2" });
        await k.core.deleteNamespacedPod({ namespace: GREEN, name: "kafka-2" });
        await until("there is another disk", 60, async () => {
            const now = await sizeOf().catch(() => before);
            return now.uid !== before.uid;
        });
        // Its StatefulSet makes it as small as the first ones were.
        assert.notEqual((await sizeOf()).size, size);
        assert.deepEqual(await up(), { update: ["green-kafka-servers-rolling-update"] });
        assert.equal((await sizeOf()).size, size);
        await expectNoChanges();
    });
});

import assert from "node:assert/strict";
import { type Kubernetes, until } from "./cluster.ts";
import {
    BRING_UP_TIMEOUT,
    destroyEnvironment,
    PROJECTS,
    sharedEnvironment,
    untilAllReady,
} from "./environment.ts";
import { assertRefused } from "./refused.ts";
import { changed, expectNoChanges, preview, pulumi, type Settings, up } from "./stack.ts";

/** Config that has forgotten a Project. */
function withoutGreen(rest: Partial<Settings> = {}): Settings {
    return changed((settings) => {
        Object.assign(settings, rest);
        settings.projects = settings.projects.filter(({ name }) => name !== "green");
    });
}

const isOf = (project: string) => (name: string) => name === project || name.startsWith(`${project}-`);

describe("deletion", function () {
    this.timeout("5m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    it("a Project listed in allowDestroy is deleted and a new one created, and the others stay untouched", async () => {
        const settings = withoutGreen({ allowDestroy: ["green"] });
        settings.projects.push({ name: "red" });
        const planned = await preview(settings);
        assert.deepEqual(Object.keys(planned).sort(), ["create", "delete"]);
        assert(planned.create!.every(isOf("red")), String(planned.create));
        assert(planned.delete!.every(isOf("green")), String(planned.delete));
    });

    it("a change that would replace a StatefulSet is refused", async () => {
        const elsewhere = changed(({ storageClasses, kafka }) => {
            storageClasses.push({ name: "other", provisioner: "unity.dev/local" });
            kafka.disk.storageClass = "other";
        });
        await assertRefused(
            /StatefulSet kafka of Project (blue|green) would be deleted or .*allowDestroy/,
            preview(elsewhere),
        );
    });

    it("a Project that config forgets is kept, in a preview, in `up` and in `destroy`", async () => {
        const said =
            /of Project green would be deleted or .*\. If that is intended, add green to allowDestroy/;
        await assertRefused(said, preview(withoutGreen()));
        await assertRefused(said, up(withoutGreen()));
        const destroy = ["destroy", "--yes", "--skip-preview"];
        await assertRefused(/run-program/, pulumi(destroy));
        await assertRefused(
            /of Project (blue|green) would be deleted or .*allowDestroy/,
            pulumi([...destroy, "--run-program"]),
        );
        await untilAllReady(k);
        await expectNoChanges();
    });

    it("nothing is left of Projects that are destroyed: no namespace, volume or storage class", async () => {
        await destroyEnvironment();
        const namespaces = (await k.core.listNamespace()).items.map(({ metadata }) => metadata!.name!);
        for (const project of PROJECTS) {
            assert(!namespaces.includes(`e2e-${project}`), namespaces.join());
        }
        await until("their volumes are gone", 60, async () => {
            const { items } = await k.core.listPersistentVolume();
            return !items.some(({ spec }) => /^e2e-/.test(spec?.claimRef?.namespace ?? ""));
        });
        const classes = (await k.storage.listStorageClass()).items.map(({ metadata }) => metadata!.name);
        assert(!classes.includes("unity-e2e"), classes.join());
    });
});

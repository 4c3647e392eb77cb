/**
 * `npm run bench:killed`: kills ten `up`, or the number that is given, each at a random moment, and goes on with each.
 * Every one restarts all brokers, grows their disks, and creates a Project or deletes it. Ends with an error at the first
 * that does not end healthy. It leaves the shared environment of the tests.
 */
import { up as startPlatform } from "../../local/commands/up.ts";
import { killAndGoOn, withMore, withoutMore } from "../e2e/killed.ts";
import { changed, ensureStack, hold, type Settings, up } from "../e2e/stack.ts";
import { unityUp } from "../e2e/unityUp.ts";

const [kills = 10] = process.argv.slice(2).map(Number);

await startPlatform({ nodes: 3, platformOnly: true });
await ensureStack();
await up();

/** Holds what takes minutes to reach: a setting that needs a restart, and disks that grow by 1 GiB each time. */
function holdNext(round: number): void {
    hold(
        changed(({ kafka }) => {
            kafka.disk.size = `${Number.parseInt(kafka.disk.size, 10) + 1}Gi`;
            const { config } = kafka as { config?: object };
            Object.assign(kafka, {
                config: { ...config, "controlled.shutdown.max.retries": 3 + (round % 2) },
            });
        }),
    );
}

/** With one Project more in every other round. */
function settingsOf(round: number): Settings {
    const settings = round % 2 === 0 ? withMore() : withoutMore();
    if (round % 2 === 0) {
        settings.projects.push({ name: "red" });
    }
    settings.allowDestroy!.push("red");
    return settings;
}

const began = Date.now();
holdNext(1);
await unityUp();
const duration = Date.now() - began;
console.log(`an up that is not killed takes ${Math.round(duration / 1000)} s`);
for (let round = 0; round < kills; round++) {
    holdNext(round);
    await killAndGoOn(settingsOf(round), Math.round(Math.random() * duration));
}
console.log(`${kills} of ${kills} went on`);

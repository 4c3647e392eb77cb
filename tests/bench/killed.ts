/**
 * `npm run bench:killed`: kills ten `up` that restart brokers and grow their disks, each at a random moment, and goes on
 * with each. Ends with an error at the first that does not end healthy. It leaves the shared environment of the tests.
 */
import { up as startPlatform } from "../../local/commands/up.ts";
import { killAndGoOn, withMore, withoutMore } from "../e2e/killed.ts";
import { changed, ensureStack, hold, up } from "../e2e/stack.ts";
import { unityUp } from "../e2e/unityUp.ts";

const KILLS = 10;

await startPlatform({ nodes: 3, platformOnly: true });
await ensureStack();
await up();

/** Holds what takes minutes to reach: other settings restart every broker, and disks grow by 1 GiB each time. */
function holdNext(round: number): void {
    hold(
        changed(({ kafka }) => {
            kafka.disk.size = `${Number.parseInt(kafka.disk.size, 10) + 1}Gi`;
            const { config } = kafka as { config?: object };
            Object.assign(kafka, { config: { ...config, "log.cleaner.threads": 1 + (round % 2) } });
        }),
    );
}

const began = Date.now();
holdNext(1);
await unityUp();
const duration = Date.now() - began;
console.log(`an up that is not killed takes ${Math.round(duration / 1000)} s`);
for (let round = 0; round < KILLS; round++) {
    holdNext(round);
    const settings = round % 2 === 0 ? withMore() : withoutMore();
    await killAndGoOn(settings, Math.round(Math.random() * duration));
}
console.log(`${KILLS} of ${KILLS} went on`);

/** An `up` that is killed, and what the next one makes of it. */
import assert from "node:assert/strict";
import { changed, exportState, type Settings } from "./stack.ts";
import { expectNoDrift, killedUp, unityUp } from "./unityUp.ts";

/** A topic, a component and a network policy more, and the permission to give them up again. */
export const withMore = (): Settings =>
    changed((settings) => {
        const [blue] = settings.projects;
        blue!.topics = [...(blue!.topics ?? []), { name: "killed", partitions: 3 }];
        blue!.components = [...(blue!.components ?? []), { name: "killed", produce: ["killed"] }];
        Object.assign(settings, { metricsFrom: ["killed"], allowDestroy: ["topic/blue/killed"] });
    });

/** The environment as it is held, with the same permission. */
export const withoutMore = (): Settings =>
    changed((settings) => Object.assign(settings, { allowDestroy: ["topic/blue/killed"] }));

/** Kills a change at a moment, then runs it again: it must end, and leave nothing to change. */
export async function killAndGoOn(settings: Settings, milliseconds: number): Promise<void> {
    const ran = await killedUp(settings, milliseconds);
    const printed = await unityUp(settings);
    if (ran) {
        // Without that, the kill came before or after everything that could be interrupted.
        const interrupted = /^(removing the lock|the last up) of stack e2e .*$/gm;
        console.log(
            `      killed after ${milliseconds} ms: ${(printed.match(interrupted) ?? ["no lock yet"]).join("; ")}`,
        );
    }
    await expectNoDrift(settings);
    assert.doesNotMatch(await exportState(), /"pending_operations"/);
}

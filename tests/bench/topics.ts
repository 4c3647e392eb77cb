/**
 * `npm run bench:topics`: what 200 topics cost, or the number that is given, on the embedded platform: an `up` that
 * creates them beside a Project that runs, a preview, a preview that reads each from Kafka, and an `up` that deletes
 * them.
 */
import { up as startPlatform } from "../../local/commands/up.ts";
import { configOf, ScenarioStack } from "../chaos/stack.ts";
import { table } from "./measure.ts";

const [count = 200] = process.argv.slice(2).map(Number);
const STACK = "bench-topics";
const names = Array.from({ length: count }, (_, i) => `topic-${i}`);
const withTopics = (topics: readonly string[]) => ({
    ...configOf(STACK, [{ name: "red", topics: topics.map((name) => ({ name, partitions: 1 })) }]),
    allowDestroy: names.map((name) => `topic/red/${name}`),
});
const none = withTopics([]);
const all = withTopics(names);
const rows: string[][] = [];

await startPlatform({ nodes: 3, platformOnly: true });
const stack = new ScenarioStack(STACK);
await stack.create();
try {
    await stack.up(none);
    const timed = async (what: string, work: Promise<unknown>) => {
        const begun = performance.now();
        await work;
        rows.push([what, `${((performance.now() - begun) / 1000).toFixed(1)} s`]);
    };
    await timed(`up that creates ${count} topics`, stack.up(all));
    await timed("preview", stack.pulumi(["preview", "--expect-no-changes"], all));
    await timed("preview --refresh", stack.pulumi(["preview", "--refresh", "--expect-no-changes"], all));
    await timed("up without changes", stack.up(all));
    await timed(`up that deletes ${count} topics`, stack.up(none));
} finally {
    await stack.destroy(none);
}
console.log(table(["what", "time"], rows));

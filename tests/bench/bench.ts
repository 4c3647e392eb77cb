/** `npm run bench -- preview|unity`: the figures of docs/benchmarks.md. Run them with nothing else on the machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { root } from "../../common/paths.ts";
import { runPulumi } from "../../local/pulumi.ts";

const SAMPLE = join(root, "samples/new-york-weather-2013.csv");
const GIB = 1024 ** 3;

/** Wall time of a preview that finds nothing to do, in seconds: the median of ten. */
async function preview(): Promise<void> {
    const seconds: number[] = [];
    for (let run = 0; run < 10; run++) {
        const start = performance.now();
        await runPulumi(["preview", "--stack", "local", "--expect-no-changes"]);
        seconds.push((performance.now() - start) / 1000);
    }
    seconds.sort((a, b) => a - b);
    const [fastest, slowest] = [seconds[0]!, seconds.at(-1)!];
    const median = (seconds[4]! + seconds[5]!) / 2;
    console.log(
        `preview: median ${median.toFixed(2)} s of 10 (${fastest.toFixed(2)} to ${slowest.toFixed(2)})`,
    );
}

/** A file of 1 GiB through the local Project: what `unity` says of it, and its peak memory. */
async function unity(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "unity-bench-"));
    try {
        const file = join(folder, "1GiB.csv");
        await pipeline(copies(GIB), createWriteStream(file));
        const child = spawn(join(root, "cli/unity"), ["--local", file], { stdio: "inherit" });
        let peak = "unknown";
        const timer = setInterval(() => {
            peak = /^VmHWM:\s+(.*)$/m.exec(statusOf(child.pid!))?.[1] ?? peak;
        }, 100);
        const [code] = (await once(child, "exit")) as [number];
        clearInterval(timer);
        console.log(`unity: ${statSync(file).size} bytes, exit code ${code}, peak memory ${peak}`);
        process.exitCode = code;
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** The sample, over and over, until there is this much. */
function* copies(bytes: number): Generator<Buffer> {
    const sample = readFileSync(SAMPLE);
    for (let done = 0; done < bytes; done += sample.length) {
        yield sample;
    }
}

function statusOf(pid: number): string {
    try {
        return readFileSync(`/proc/${pid}/status`, "utf8");
    } catch {
        return ""; // it has just ended
    }
}

const benches: Record<string, () => Promise<void>> = { preview, unity };
const [name = ""] = process.argv.slice(2);
const bench = benches[name];
if (bench === undefined) {
    console.error(`Which one? npm run bench -- ${Object.keys(benches).join("|")}`);
    process.exitCode = 2;
} else {
    await bench();
}

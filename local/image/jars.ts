import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../../common/paths.ts";
import { run } from "../exec.ts";
import { versions } from "../versions.ts";
import { ensureMaven } from "./sources.ts";

/** Start of the names of working folders in the cache; the process that works there follows. */
export const UNFINISHED = "unfinished-image-";

const POM = join(import.meta.dirname, "pom.xml");

/**
 * A folder with the jars of Kafka and ZooKeeper, from Maven, which verifies their checksums; from the cache where they
 * are there already.
 *
 * @param log file that gets the output of Maven
 * @param kafka version of Kafka
 */
export async function ensureJars(log: string, kafka: string = versions.kafka): Promise<string> {
    const properties = [
        `-Dkafka.version=${kafka}`,
        `-Dnetty.version=${versions.netty}`,
        `-Dzookeeper.version=${versions.zookeeper}`,
        `-Dreload4j.version=${versions.slf4jReload4j}`,
        `-Djmx.version=${versions.jmxExporter}`,
    ];
    const hash = createHash("sha256").update(readFileSync(POM)).update(properties.join());
    const folder = join(cacheDir, `jars-${kafka}-${hash.digest("hex").slice(0, 16)}`);
    if (existsSync(folder)) {
        return folder;
    }
    mkdirSync(cacheDir, { recursive: true });
    const work = mkdtempSync(join(cacheDir, `${UNFINISHED}${process.pid}-`));
    try {
        await run(
            [
                await ensureMaven(log),
                ...["--batch-mode", "--quiet", "--strict-checksums", "--file", POM, ...properties],
                ...[
                    "dependency:copy-dependencies",
                    "dependency:copy",
                    "-DincludeScope=runtime",
                    `-DoutputDirectory=${work}/jars`,
                ],
            ],
            { log },
        );
        // Another process may have been faster.
        if (!existsSync(folder)) {
            renameSync(join(work, "jars"), folder);
        }
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
    return folder;
}

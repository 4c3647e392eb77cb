import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../../common/paths.ts";
import { kafkaImage, pauseImage, versions } from "../versions.ts";
import { packImage } from "./archive.ts";
import { ensureJars, UNFINISHED } from "./jars.ts";
import { javaHome, layOutKafka, layOutPause } from "./rootfs.ts";
import { ensureBusybox, ensureJdk } from "./sources.ts";

/** The images of the embedded platform as archives. */
export interface Images {
    readonly kafka: string;
    readonly pause: string;
    /** Changes whenever an image may have. */
    readonly fingerprint: string;
}

const sources = ["pom.xml", "archive.ts", "classArchive.ts", "image.ts", "jars.ts", "rootfs.ts"];

/** Where the images are, or will be once built. */
function images(): Images {
    const { kafka, zookeeper, netty, slf4jReload4j, jmxExporter, java } = versions;
    const jars = [kafka, zookeeper, netty, slf4jReload4j, jmxExporter];
    const inputs = [...jars, java, kafkaImage, pauseImage, process.arch];
    const hash = createHash("sha256").update(JSON.stringify(inputs));
    for (const file of sources) {
        hash.update(readFileSync(join(import.meta.dirname, file)));
    }
    const fingerprint = hash.digest("hex").slice(0, 16);
    const folder = join(cacheDir, `image-${fingerprint}`);
    return { kafka: join(folder, "kafka.tar"), pause: join(folder, "pause.tar"), fingerprint };
}

/** Whether {@link buildImages} has nothing to do. */
const imagesBuilt = () => existsSync(images().kafka) && existsSync(images().pause);

/**
 * Builds both images unless they are there. An interrupted build leaves nothing that counts as one.
 *
 * @param log file that gets the output of Maven and jlink
 */
export async function buildImages(log: string): Promise<Images> {
    const result = images();
    if (imagesBuilt()) {
        return result;
    }
    mkdirSync(cacheDir, { recursive: true });
    removeUnfinished();
    const work = mkdtempSync(join(cacheDir, `${UNFINISHED}${process.pid}-`));
    const path = (name: string) => join(work, name);
    try {
        const jlink = await ensureJdk(log);
        const busybox = await ensureBusybox(path("busybox"), log);
        const jars = await ensureJars(log);
        await layOutKafka(path("root"), { jlink, busybox, jars, log });
        layOutPause(path("pause"), busybox);
        mkdirSync(path("done"));
        await packImage(kafkaImage, kafkaConfig, path("root"), path("layers"), path("done/kafka.tar"));
        await packImage(pauseImage, pauseConfig, path("pause"), path("layers"), path("done/pause.tar"));
        const folder = join(result.kafka, "..");
        rmSync(folder, { recursive: true, force: true });
        renameSync(path("done"), folder);
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
    return result;
}

const kafkaConfig = {
    Env: [`PATH=${javaHome}/bin:/usr/bin:/bin`, `JAVA_HOME=${javaHome}`, "HOME=/"],
    User: "1001:0",
    WorkingDir: "/opt/kafka",
};

const pauseConfig = {
    // The first process of a pod ignores signals that it does not handle, so the wait must be a trapped one.
    Entrypoint: ["/bin/sh", "-c", 'trap "exit 0" TERM INT; while :; do sleep 2147483647 & wait; done'],
    User: "65535:65535",
};

/** Removes what builds left that were killed. */
function removeUnfinished(): void {
    for (const name of readdirSync(cacheDir).filter((entry) => entry.startsWith(UNFINISHED))) {
        const [pid] = name.slice(UNFINISHED.length).split("-");
        if (!existsSync(`/proc/${pid}`)) {
            rmSync(join(cacheDir, name), { recursive: true, force: true });
        }
    }
}

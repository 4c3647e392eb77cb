import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { run, succeeds } from "../exec.ts";
import { findExecutable, isExecutable } from "../tools/find.ts";
import { ensurePackages, type Requirement } from "../tools/packages.ts";
import { versions } from "../versions.ts";

const jvmFolder = "/usr/lib/jvm";

/**
 * The `jlink` of a JDK of the image's Java line.
 *
 * @throws Error when no JDK is installed and none can be.
 */
export async function ensureJdk(log: string): Promise<string> {
    const jdk: Requirement = {
        package: `openjdk-${versions.java}-jdk-headless`,
        present: () => installedJlink() !== undefined,
    };
    await ensurePackages([jdk], log);
    return installedJlink()!;
}

/** Only folders named after the line: the `jlink` on PATH may be of any. */
function installedJlink(): string | undefined {
    if (!existsSync(jvmFolder)) {
        return undefined;
    }
    return readdirSync(jvmFolder)
        .filter((name) => new RegExp(`^(java|jdk)-(1\\.)?${versions.java}\\b`).test(name))
        .map((name) => join(jvmFolder, name, "bin/jlink"))
        .find((path) => isExecutable(path) && existsSync(join(path, "../../jmods")));
}

/** Maven, on PATH or from a package. */
export async function ensureMaven(log: string): Promise<string> {
    await ensurePackages([{ package: "maven", present: () => findExecutable("mvn") !== undefined }], log);
    return findExecutable("mvn")!;
}

/**
 * A busybox without libraries. If the machine's own is not one, Debian's is unpacked into `folder` and not
 * installed: it would take the place of the other one, which the machine may need.
 */
export async function ensureBusybox(folder: string, log: string): Promise<string> {
    const installed = findExecutable("busybox");
    // ldd fails for a program that is linked statically.
    if (installed !== undefined && !(await succeeds(["ldd", installed]))) {
        return installed;
    }
    mkdirSync(folder, { recursive: true });
    await run(["apt-get", "download", "busybox-static"], { cwd: folder, log });
    const file = readdirSync(folder).find((name) => name.endsWith(".deb"));
    if (file === undefined) {
        throw new Error("apt-get has not downloaded busybox-static");
    }
    await run(["dpkg-deb", "--extract", file, "."], { cwd: folder, log });
    return join(folder, "bin/busybox");
}

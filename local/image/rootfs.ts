import {
    chmodSync,
    copyFileSync,
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    rmSync,
    symlinkSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { run } from "../exec.ts";
import { versions } from "../versions.ts";
import { archiveClasses } from "./classArchive.ts";

/** Where the public Strimzi image has its Java runtime; this image keeps to its paths. */
export const javaHome = `/usr/lib/jvm/jre-${versions.java}`;

/**
 * What a pod's commands may call, besides `sh` and `java`. Everything here is in the public Strimzi image as
 * well: what works with this image must work there.
 */
const applets = ["cat", "grep", "hostname", "kill", "ls", "mkdir", "nc", "rm", "sleep", "timeout"];

/** Modules of the JDK that Kafka, ZooKeeper and the JMX agent use. */
const modules = [
    ...["java.base", "java.desktop", "java.instrument", "java.logging", "java.management", "java.naming"],
    ...["java.rmi", "java.scripting", "java.security.jgss", "java.security.sasl", "java.sql", "java.xml"],
    ...[
        // For a program of one file, run from its source.
        "jdk.compiler",
        "jdk.crypto.ec",
        "jdk.httpserver",
        "jdk.management",
        "jdk.management.agent",
        "jdk.unsupported",
        "jdk.zipfs",
    ],
];

/** Programs the Java runtime keeps. */
const javaPrograms = ["java", "keytool"];

/** Shared libraries whose own needs decide what else of the C library comes along. */
const nativeParts = ["bin/java", "lib/libjli.so", "lib/server/libjvm.so", "lib/libnet.so", "lib/libzip.so"];

export interface RootParts {
    /** The JDK's `jlink`. */
    readonly jlink: string;
    /** A busybox that needs no libraries. */
    readonly busybox: string;
    /** Folder of jars for /opt/kafka/libs. */
    readonly jars: string;
    /** File that gets the output of what is run. */
    readonly log: string;
}

/** Lays out the root file system of the Kafka image in a new folder. */
export async function layOutKafka(folder: string, parts: RootParts): Promise<void> {
    const inside = (path: string) => join(folder, path);
    for (const path of ["bin", "usr/bin", "usr/lib/jvm", "opt/kafka", "etc", "tmp", "var/lib"]) {
        mkdirSync(inside(path), { recursive: true });
    }
    chmodSync(inside("tmp"), 0o1777);
    await linkJava(inside(javaHome), parts);
    await copyLibraries(folder, [...nativeParts.map((part) => inside(join(javaHome, part))), "/bin/dash"]);
    for (const program of javaPrograms) {
        symlinkSync(join(javaHome, "bin", program), inside(`usr/bin/${program}`));
    }
    // As the shell dash and not busybox: that one's shell finds all its applets, whatever PATH says.
    copyFileSync("/bin/dash", inside("bin/sh"));
    copyFileSync(parts.busybox, inside("usr/lib/busybox"));
    for (const applet of applets) {
        symlinkSync("/usr/lib/busybox", inside(`bin/${applet}`));
    }
    cpSync(parts.jars, inside("opt/kafka/libs"), { recursive: true });
    writeFileSync(inside("etc/nsswitch.conf"), "hosts: files dns\n");
    writeFileSync(inside("etc/passwd"), "root:x:0:0::/:/bin/sh\nkafka:x:1001:0::/:/bin/sh\n");
    writeFileSync(inside("etc/group"), "root:x:0:\n");
    await archiveClasses(folder, parts.log);
}

/** Lays out the image that does nothing but hold a pod's namespaces until it is told to end. */
export function layOutPause(folder: string, busybox: string): void {
    mkdirSync(join(folder, "bin"), { recursive: true });
    copyFileSync(busybox, join(folder, "bin/busybox"));
    for (const applet of ["sh", "sleep"]) {
        symlinkSync("busybox", join(folder, "bin", applet));
    }
}

/** A Java runtime of just those modules. */
async function linkJava(home: string, { jlink, log }: RootParts): Promise<void> {
    const options = ["--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"];
    await run([jlink, "--add-modules", modules.join(","), ...options, "--output", home], { log });
    // As all files of the image, which an archive of classes is made for.
    utimesSync(join(home, "lib/modules"), 0, 0);
    for (const program of readdirSync(join(home, "bin"))) {
        if (!javaPrograms.includes(program)) {
            rmSync(join(home, "bin", program));
        }
    }
}

/** Copies the shared libraries that programs need to where they are found on the build machine. */
async function copyLibraries(folder: string, programs: readonly string[]): Promise<void> {
    const listing = await run(["ldd", ...programs]);
    const paths = new Set([...listing.matchAll(/(?:=> |^\t)(\/\S+) \(0x/gm)].map(([, path]) => path!));
    // Loaded by name when a host name is looked up; part of libc itself in newer versions.
    const libc = [...paths].find((path) => basename(path) === "libc.so.6");
    if (libc === undefined) {
        throw new Error("the machine's programs do not use the GNU C library");
    }
    for (const name of ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"]) {
        if (existsSync(join(dirname(libc), name))) {
            paths.add(join(dirname(libc), name));
        }
    }
    for (const path of paths) {
        if (path.startsWith(folder)) {
            continue;
        }
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        copyFileSync(path, join(folder, path));
    }
}

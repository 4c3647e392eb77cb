import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../../common/paths.ts";
import { run } from "../exec.ts";
import { versions } from "../versions.ts";
import { findExecutable, isExecutable } from "./find.ts";
import { ensurePackages } from "./packages.ts";

/** Where Go's own installer puts it, without a change of PATH. */
const OUTSIDE_PATH = "/usr/local/go/bin/go";

/**
 * A Go that is new enough: the machine's, or else the pinned one. That comes as a Go module, which any older Go
 * can download; without any Go, Debian's is installed for that.
 *
 * @returns the path of the `go` command.
 * @throws Error when no Go is installed and none can be.
 */
export async function ensureGo(log: string): Promise<string> {
    const installed = () => [findExecutable("go"), OUTSIDE_PATH].filter((path) => path && isExecutable(path));
    for (const go of installed()) {
        if (go && (await isNewEnough(go))) {
            return go;
        }
    }
    await ensurePackages([{ package: "golang-go", present: () => installed().length > 0 }], log);
    return fetchToolchain(installed()[0]!, log);
}

async function isNewEnough(go: string): Promise<boolean> {
    const version = /go(\d+)\.(\d+)/.exec(
        await run([go, "version"], { env: { ...process.env, GOTOOLCHAIN: "local" } }),
    );
    const [major = 0, minor = 0] = versions.go.split(".").map(Number);
    return version !== null && Number(version[1]) === major && Number(version[2]) >= minor;
}

async function fetchToolchain(go: string, log: string): Promise<string> {
    const architecture = process.arch === "x64" ? "amd64" : process.arch;
    const module = `golang.org/toolchain@v0.0.1-go${versions.go}.linux-${architecture}`;
    // Outside of any module, whose go.mod an old Go might not understand.
    const folder = join(cacheDir, "toolchain");
    mkdirSync(folder, { recursive: true });
    const answer = await run([go, "mod", "download", "-json", module], {
        cwd: folder,
        env: { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod" },
        log,
    });
    const { Dir: home } = JSON.parse(answer) as { Dir: string };
    // The files of a module are unpacked without the permission to execute them.
    for (const programs of ["bin", join("pkg", "tool", `linux_${architecture}`)]) {
        for (const name of readdirSync(join(home, programs))) {
            chmodSync(join(home, programs, name), 0o755);
        }
    }
    return join(home, "bin", "go");
}

// The start of every npm script: `node local/bootstrap.mjs <program.ts> [arguments]`. Runs on any Node.js since 16
// and without libraries, installs those of package-lock.json if they are missing, and starts the program with a
// Node.js that runs TypeScript directly.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED_MAJOR = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");

try {
    if (!isInstalled()) {
        await install();
    }
    const [program, ...args] = process.argv.slice(2);
    const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
    process.exitCode = await start(findNode(), [join(root, program), ...args], {
        ...process.env,
        PATH: [bin, process.env.PATH].join(delimiter),
        NODE_COMPILE_CACHE: join(cache, "unity-kafka", "node-compile"),
    });
} catch (error) {
    console.error(`unity-kafka: ${error.message}`);
    process.exitCode = 1;
}

/**
 * npm writes a lock file into node_modules when the installation is complete: an interrupted one has none, and one
 * of other versions has another.
 */
function isInstalled() {
    const wanted = packagesOf(join(root, "package-lock.json"));
    const present = packagesOf(join(root, "node_modules", ".package-lock.json"));
    return Object.entries(wanted).every(([path, { version, optional, link }]) => {
        if (path === "" || link) {
            return true;
        }
        // Optional packages are for one kind of machine each, and most of them not for this one.
        if (present[path] === undefined) {
            return optional === true;
        }
        return present[path].version === version;
    });
}

function packagesOf(file) {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

async function install() {
    console.error("Installing the libraries of package-lock.json (npm ci) ...");
    const code = await start(
        "npm",
        ["ci", "--include=dev", "--include=optional", "--no-fund", "--no-audit", "--loglevel=error"],
        process.env,
        root,
    );
    if (code !== 0) {
        throw new Error(`npm ci failed with exit code ${code}: fix the error above and try again`);
    }
}

/** This Node.js if it is new enough, else the one among the libraries. */
function findNode() {
    if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) {
        return process.execPath;
    }
    const own = join(bin, "node");
    if (existsSync(own)) {
        return own;
    }
    throw new Error(
        `Node.js ${NEEDED_MAJOR} is required, this is ${process.version}, and npm has none for this machine`,
    );
}

/** Runs a command on this terminal; its exit code, which a signal turns into 128 and more. */
function start(command, args, env, cwd = process.cwd()) {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { stdio: "inherit", env, cwd });
        // A terminal sends Ctrl-C to both processes; a signal to this one alone is passed on.
        const ignore = () => {};
        const forward = (signal) => child.kill(signal);
        process.on("SIGINT", ignore);
        process.on("SIGTERM", forward);
        process.on("SIGHUP", forward);
        child.on("error", (error) =>
            reject(error.code === "ENOENT" ? new Error(`${command} is missing on this machine`) : error),
        );
        child.on("close", (code, signal) => {
            process.off("SIGINT", ignore);
            resolve(code ?? 128 + (signal === "SIGINT" ? 2 : signal === "SIGTERM" ? 15 : 9));
        });
    });
}

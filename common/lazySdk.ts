/**
 * Node.js loads this file before Pulumi's SDK; see `nodeargs` in Pulumi.yaml. The SDK loads at each start what only a
 * program needs that turns its functions into code for the cloud, such as npm's own library and the compiler of
 * TypeScript: a sixth of a preview's processor time. Here they are loaded on first use, which never comes.
 */
import { createRequire } from "node:module";

const inProgram = createRequire(import.meta.url);
const inSdk = createRequire(inProgram.resolve("@pulumi/pulumi"));

loadOnUse("@npmcli/arborist");
loadOnUse("./typescript-shim.js");
// It connects to the debugger of V8, to know the source of functions, and changes flags of V8. With those the compile
// cache is refused, of Node.js' own modules too.
loadOnUse("./runtime/closure/v8Hooks.js", { isInitializedAsync: () => Promise.resolve() });
// The exporters of OpenTelemetry, of which `--tracing` makes use. A span takes every call: the SDK reports an error of the
// program to one as well, and would crash instead of showing it.
const span = new Proxy({}, { get: () => () => undefined });
loadOnUse("./cmd/run/tracing.js", { newSpan: () => span, stop() {} });
// It translates each line of a stack trace, and Pulumi records one with every promise. Node.js runs this program as it
// is written: nothing is to be translated.
replace("source-map-support/register", {});
withoutStackTraces("./runtime/debuggable.js", "debuggablePromise");

/**
 * Puts a proxy in the place of a module of the SDK, which loads it when anything of it is used.
 *
 * @param always exports that are called at each start, and do nothing here
 */
function loadOnUse(request: string, always: Readonly<Record<string, unknown>> = {}): void {
    let loaded: Record<string, unknown> | undefined;
    const path = replace(
        request,
        new Proxy<Record<string, unknown>>(
            // Makes the SDK take the proxy itself, not a copy of its exports.
            { __esModule: true, ...always },
            {
                get(known, name: string) {
                    if (Object.hasOwn(known, name)) {
                        return known[name];
                    }
                    if (loaded === undefined) {
                        delete inSdk.cache[path];
                        loaded = inSdk(path) as Record<string, unknown>;
                    }
                    return loaded[name];
                },
            },
        ),
    );
}

/**
 * Makes a function of the SDK record no stack trace. That of each promise, for the message that some never ended, takes an
 * eighth of a program's processor time.
 */
function withoutStackTraces(request: string, name: string): void {
    const exports = inSdk(request) as Record<string, (...args: unknown[]) => unknown>;
    const original = exports[name]!;
    exports[name] = (...args) => {
        const limit = Error.stackTraceLimit;
        Error.stackTraceLimit = 0;
        try {
            return original(...args);
        } finally {
            Error.stackTraceLimit = limit;
        }
    };
}

/** Makes every `require` of a module of the SDK return these exports. Returns its path. */
function replace(request: string, exports: object): string {
    const path = inSdk.resolve(request);
    const module = new (inSdk("node:module") as typeof import("node:module").Module)(path);
    inSdk.cache[path] = Object.assign(module, { exports, loaded: true });
    return path;
}

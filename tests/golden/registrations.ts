/** The whole program under mocks: what it registers for one stack, without a cluster, an engine or credentials. */

import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { parse } from "yaml";
import { kubeconfigPath } from "../../common/paths.ts";
import { plain } from "../../provider/values.ts";
import { Aliases, type AliasMessage } from "./aliases.ts";
import { stackFile } from "./golden.ts";
import { googleCall, googleState, UNKNOWN } from "./google.ts";

interface Registration {
    type: string;
    name: string;
    parent: string;
    /** Former URNs without stack and program: by these the engine finds the resource in an older state. */
    aliases: string[];
    /** Names of its hooks before a deletion and before an update. */
    hooks: string[];
    dependsOn: string[];
    inputs: unknown;
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
    getAliasesList(): AliasMessage[];
    getHooks(): { getBeforeDeleteList(): string[]; getBeforeUpdateList(): string[] } | undefined;
    getDependenciesList(): string[];
    getObject(): { toJavaScript(): unknown } | undefined;
}

interface Monitor {
    registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
    registerResourceHook(request: unknown, callback: (error: null, response: object) => void): void;
}

/** `Type name` of a URN: what a reader needs of it. */
function short(urn: string): string {
    const parts = urn.split("::");
    const type = parts[2]?.split("$").at(-1) ?? "";
    return type === "pulumi:pulumi:Stack" || urn === "" ? "the stack" : `${type} ${parts[3]}`;
}

/** Files within objects as lists of lines, so that a diff of golden files shows the line that changed. */
function lines(_key: string, value: unknown): unknown {
    return typeof value === "string" && value.includes("\n") ? value.split("\n") : value;
}

/** A setting as the engine hands it over, with its secrets decrypted; here the cipher text stands for its content. */
function decrypted(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(decrypted);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const { secure } = value as { secure?: unknown };
    return typeof secure === "string"
        ? secure
        : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decrypted(inner)]));
}

/** What would be known of a resource after an `up`. */
function stateOf(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
    if (type === "unity:kafka:SmokeTest") {
        return { ...inputs, latency: 42 };
    }
    if (type === "kubernetes:apps/v1:StatefulSet") {
        return { ...inputs, metadata: { ...(inputs.metadata as object), generation: 1 } };
    }
    if (!type.startsWith("unity:tls:")) {
        return googleState(type, inputs);
    }
    return {
        ...inputs,
        certificate: `certificate of ${name}\n`,
        privateKey: `key of ${name}\n`,
        notAfter: "2030-01-01T00:00:00.000Z",
    };
}

/**
 * Prints every resource that the program registers with this stack's file, sorted by type and name.
 * A process can do this once: the program and Pulumi's runtime are evaluated when they are first imported.
 *
 * @param firstPreview whether nothing of the environment exists yet, so that a preview knows no output of any resource;
 * an input that depends on one is {@link UNKNOWN}
 */
async function print(stack: string, path: string, firstPreview: boolean): Promise<void> {
    // What the program tells people is no registration.
    const write = process.stdout.write.bind(process.stdout);
    console.log = console.error;
    const found: Registration[] = [];
    const file = readFileSync(path, "utf8");
    const { config } = parse(file) as { config: Record<string, unknown> };
    await pulumi.runtime.setMocks(
        {
            newResource: ({ name, type, inputs, id }) => ({
                id: firstPreview ? undefined : id || `${name}-id`,
                state: firstPreview ? {} : stateOf(type, name, inputs as Record<string, unknown>),
            }),
            call: ({ token, inputs }) => googleCall(token, inputs as Record<string, unknown>),
        },
        "unity-kafka",
        stack,
        firstPreview,
    );
    // Mocks are not told of parents, hooks and order; the requests to the engine are.
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    monitor.registerResourceHook = (_request, done) => done(null, {});
    const aliases = new Aliases();
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
        const object = JSON.stringify(request.getObject()?.toJavaScript() ?? {});
        const inputs = JSON.stringify(plain(JSON.parse(object.replaceAll(unknownValue, UNKNOWN))));
        found.push({
            type: request.getType(),
            name: request.getName(),
            parent: short(request.getParent()),
            aliases: aliases.of(request),
            hooks: [
                ...(request.getHooks()?.getBeforeDeleteList() ?? []),
                ...(request.getHooks()?.getBeforeUpdateList() ?? []),
            ],
            dependsOn: request.getDependenciesList().map(short).sort(),
            inputs: JSON.parse(
                inputs.replaceAll(kubeconfigPath, "<kubeconfig of the embedded platform>"),
                lines,
            ),
        });
        return register(request, callback);
    };
    const settings = Object.entries(config).map(([key, value]) => {
        const text = JSON.stringify(decrypted(value));
        return {
            key,
            text: typeof value === "string" ? value : text,
            secret: text !== JSON.stringify(value),
        };
    });
    pulumi.runtime.setAllConfig(
        Object.fromEntries(settings.map(({ key, text }) => [key, text])),
        settings.filter(({ secret }) => secret).map(({ key }) => key),
    );
    const program = (await import("../../index.ts")) as { projects: Record<string, pulumi.Output<unknown>> };
    let outputs: unknown;
    pulumi.output(program.projects).apply((projects) => {
        outputs = { projects };
    });
    // Registrations go on after the program's last line; nothing is left to do when the event loop is empty.
    process.once("beforeExit", () => {
        found.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
        write(`${JSON.stringify({ resources: found, outputs }, null, 4)}\n`);
    });
}

const [stack, path, firstPreview] = process.argv.slice(2);
if (stack === undefined) {
    throw new Error("usage: registrations.ts STACK [FILE [first-preview]]");
}
await print(stack, path ?? stackFile(stack), firstPreview === "first-preview");

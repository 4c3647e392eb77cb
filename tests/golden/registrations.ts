/** The whole program under mocks: what it registers for one stack, without a cluster, an engine or credentials. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { kubeconfigPath, root } from "../../common/paths.ts";
import { plain } from "../../provider/values.ts";
import { googleCall, googleState } from "./google.ts";

interface Registration {
    type: string;
    name: string;
    parent: string;
    /** Names of the guard's hooks that look at it before it goes or changes. */
    hooks: string[];
    dependsOn: string[];
    inputs: unknown;
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
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
 */
async function print(stack: string): Promise<void> {
    // What the program tells people is no registration.
    const write = process.stdout.write.bind(process.stdout);
    console.log = console.error;
    const found: Registration[] = [];
    const file = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parse(file) as { config: Record<string, unknown> };
    await pulumi.runtime.setMocks(
        {
            newResource: ({ name, type, inputs, id }) => ({
                id: id || `${name}-id`,
                state: stateOf(type, name, inputs as Record<string, unknown>),
            }),
            call: ({ token, inputs }) => googleCall(token, inputs as Record<string, unknown>),
        },
        "unity-kafka",
        stack,
        false,
    );
    // Mocks are not told of parents, hooks and order; the requests to the engine are.
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    monitor.registerResourceHook = (_request, done) => done(null, {});
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
        const inputs = JSON.stringify(plain(request.getObject()?.toJavaScript() ?? {}));
        found.push({
            type: request.getType(),
            name: request.getName(),
            parent: short(request.getParent()),
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
    pulumi.runtime.setAllConfig(
        Object.fromEntries(
            Object.entries(config).map(([key, value]) => [
                key,
                typeof value === "string" ? value : JSON.stringify(value),
            ]),
        ),
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

const [stack] = process.argv.slice(2);
if (stack === undefined) {
    throw new Error("usage: registrations.ts STACK");
}
await print(stack);

/** What holds for every stack file, whatever is in it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { splitSettings } from "../../components/kafka/clusterWideSettings.ts";
import { serverProperties } from "../../components/kafka/serverProperties.ts";
import { ikpCredentials } from "../../components/mirrormaker/ikpCredentials.ts";
import { mirrorMakerProperties } from "../../components/mirrormaker/properties.ts";
import { java } from "../../components/servers/java.ts";
import { schedulingConstraints } from "../../components/servers/scheduling.ts";
import { zooCfg } from "../../components/zookeeper/zooCfg.ts";
import { ConfigError } from "../../config/errors.ts";
import type { Environment } from "../../config/schema/environment.ts";
import { ikpFor } from "../../config/schema/ikp.ts";
import { readStackFile } from "../../config/stackFile.ts";
import { planOf } from "../../planning/plan.ts";
import { planText } from "../../planning/planText.ts";
import { stackConfig } from "./randomStackFiles.ts";

/** Most time of a processor that one file may take to be read and rendered, ms. */
const TIME_LIMIT = 5000;

/** How many files were valid. */
export interface Counts {
    files: number;
    valid: number;
}

/**
 * Reads random stack files and renders what is valid. The first that breaks a promise is reduced to the smallest that
 * still does, and thrown with its seed.
 *
 * @param seed the same seed makes the same files
 */
export function checkRandomStackFiles(numRuns: number, seed: number): Counts {
    const folder = mkdtempSync(join(tmpdir(), "unity-random-"));
    const file = join(folder, "Pulumi.random.yaml");
    const counts = { files: 0, valid: 0 };
    try {
        fc.assert(
            fc.property(stackConfig, (config) => {
                writeFileSync(file, stringify({ config }));
                const start = process.cpuUsage();
                const environment = read(file);
                if (environment !== undefined) {
                    render(environment);
                    counts.valid++;
                }
                counts.files++;
                const { user, system } = process.cpuUsage(start);
                const took = (user + system) / 1000;
                assert(took < TIME_LIMIT, `took ${Math.round(took)} ms`);
            }),
            { numRuns, seed },
        );
    } finally {
        rmSync(folder, { recursive: true });
    }
    return counts;
}

/** The environment of a file, or undefined where its errors name a path each; anything else is thrown. */
function read(file: string): Environment | undefined {
    try {
        return readStackFile(file);
    } catch (error) {
        if (!(error instanceof ConfigError)) {
            throw error;
        }
        assert(error.issues.length > 0);
        for (const { path, message } of error.issues) {
            assert(path !== "" && !/undefined|\[object/.test(path), `the path ${JSON.stringify(path)}`);
            assert(
                message !== "" && !/undefined|NaN|\[object|Invalid input/.test(message),
                `${path}: ${message}`,
            );
        }
        return undefined;
    }
}

function render(environment: Environment): void {
    const { zones, ikp, gke, warnings, projects } = environment;
    assert.deepEqual(
        warnings.filter((warning) => /undefined|NaN|\[object|\n/.test(warning)),
        [],
    );
    assert(!/undefined|NaN/.test(planText(planOf(environment))));
    for (const { kafka, zookeeper, bridge, topics, namespace } of projects) {
        const servers = [kafka, zookeeper, ...(bridge ? [bridge] : [])];
        for (const { heap, jvmOptions } of servers) {
            const command = java({
                mainClass: "Main",
                heap,
                files: "/etc",
                metricsPort: 9404,
                options: jvmOptions,
            });
            // One line for each of the nine fixed parts and each option.
            assert.equal(command.split("\n").length, 9 + jvmOptions.length);
        }
        const broker = propertiesOf(serverProperties(kafka, "zookeeper:2181", []));
        const { whileRunning } = splitSettings(kafka.config);
        for (const [name, value] of Object.entries(kafka.config)) {
            assert.equal(whileRunning[name] ?? broker.get(name), String(value));
        }
        const files = [zooCfg(zookeeper, namespace)];
        if (bridge !== undefined && ikp !== undefined) {
            const credentials = ikpCredentials(ikpFor(ikp, bridge.ikp));
            files.push(
                mirrorMakerProperties({
                    bridge,
                    kafka,
                    topics,
                    namespace,
                    bootstrap: "kafka:9092",
                    ikp: credentials,
                }),
            );
        }
        for (const text of files) {
            propertiesOf(text);
        }
        schedulingConstraints("kafka", { app: "kafka" }, { zones, dedicatedNodes: gke !== undefined });
    }
}

/** The settings of a properties file, each on a line of its own and with a value. */
function propertiesOf(text: string): ReadonlyMap<string, string> {
    const settings = new Map<string, string>();
    for (const line of text.trimEnd().split("\n")) {
        const [, name, value] = /^([^=\s]+)=(.*)$/.exec(line) ?? [];
        assert(name !== undefined && value !== undefined, `the line ${JSON.stringify(line)}`);
        assert(!settings.has(name), `${name} twice`);
        assert(!/^(undefined|NaN|null|\[object)/.test(value), line);
        settings.set(name, value);
    }
    return settings;
}

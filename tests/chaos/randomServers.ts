/** Random settings of servers that a stack file may have. */
import fc from "fast-check";
import { stringify } from "yaml";
import { brokerSettings, type KafkaSetting } from "../../common/kafkaSettings.ts";
import { ConfigError } from "../../config/errors.ts";
import type { Raw } from "../../config/raw.ts";
import { ZOOKEEPER_VOLUME } from "../../config/schema/zookeeper.ts";
import { readStackText } from "../../config/stackFile.ts";
import { type Config, prefixed } from "./stack.ts";

/** Of a Project. */
export interface RandomServers {
    readonly kafka: Raw;
    readonly zookeeper: Raw;
}

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/** Values between half and twice the default: a broker starts with any that Kafka takes, and does not work with all. */
function nearDefault({
    type,
    values,
    min,
    max,
    ...setting
}: KafkaSetting): fc.Arbitrary<unknown> | undefined {
    const byDefault = setting.default;
    if (type === "boolean") {
        return fc.boolean();
    }
    if (type === "string" && values !== undefined) {
        return fc.constantFrom(...values);
    }
    if (!["short", "int", "long"].includes(type) || byDefault == null || BigInt(byDefault) <= 0n) {
        return undefined;
    }
    const usual = BigInt(byDefault);
    const least = [usual / 2n, BigInt(min ?? 0)].reduce((a, b) => (a > b ? a : b));
    const most = [usual * 2n, BigInt(max ?? usual * 2n)].reduce((a, b) => (a < b ? a : b));
    // As text: JSON and YAML hold no number as large as some.
    return fc.bigInt({ min: least, max: most }).map(String);
}

const brokerValues = [...brokerSettings].flatMap(([name, setting]) => {
    const value = setting.internal || setting.deprecated ? undefined : nearDefault(setting);
    return value === undefined ? [] : [value.map((given): [string, unknown] => [name, given])];
});

const servers: fc.Arbitrary<RandomServers> = fc.record({
    kafka: fc.record({
        config: fc
            .array(fc.oneof(...brokerValues), { minLength: 4, maxLength: 12 })
            .map((settings) => Object.fromEntries(settings)),
        logLevel: fc.constantFrom(...LEVELS),
        zookeeperSessionTimeout: fc.integer({ min: 6000, max: 30_000 }),
    }),
    zookeeper: fc.record({
        tickTime: fc.integer({ min: 1000, max: 3000 }),
        initLimit: fc.integer({ min: 5, max: 20 }),
        syncLimit: fc.integer({ min: 3, max: 10 }),
        maxClientCnxns: fc.integer({ min: 20, max: 200 }),
        autopurge: fc.record({
            snapRetainCount: fc.integer({ min: 3, max: 20 }),
            purgeInterval: fc.integer({ min: 1, max: 48 }),
        }),
        dataDir: fc
            .constantFrom("data", "state/of-zookeeper")
            .map((folder) => `${ZOOKEEPER_VOLUME}/${folder}`),
        dataLogDir: fc.constantFrom("log", "data/log").map((folder) => `${ZOOKEEPER_VOLUME}/${folder}`),
        adminServer: fc.boolean(),
        electionPortBindRetry: fc.constantFrom(0, 100),
        logLevel: fc.constantFrom(...LEVELS),
    }),
});

/**
 * The settings of so many Projects, all of which the config reader takes.
 *
 * @param seed the same seed makes the same
 * @param configFor the config of a stack with such a Project
 * @throws Error if the reader takes fewer
 */
export function randomServers(
    count: number,
    seed: number,
    configFor: (servers: RandomServers) => Config,
): RandomServers[] {
    const valid = fc
        .sample(servers, { numRuns: count * 20, seed })
        .filter((sample) => isValid(configFor(sample)))
        .slice(0, count);
    if (valid.length < count) {
        throw new Error(`only ${valid.length} of ${count} were valid with the seed ${seed}`);
    }
    return valid;
}

function isValid(config: Config): boolean {
    try {
        readStackText(stringify({ config: prefixed(config) }), "random", "");
        return true;
    } catch (error) {
        if (error instanceof ConfigError) {
            return false;
        }
        throw error;
    }
}

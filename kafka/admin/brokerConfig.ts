/** The settings that all brokers of a cluster take while they run. */
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import {
    alterConfigs,
    type ConfigChanges,
    type ConfigEntry,
    configChanges,
    describeConfigs,
} from "./configs.ts";
import { metadata } from "./metadata.ts";
import type { ProtocolRequest } from "./protocol.ts";
import { isThrottle } from "./replicationThrottle.ts";
import type { SharedConnections } from "./sharedConnections.ts";

/** By Kafka's names. */
export type BrokerSettings = Readonly<Record<string, string>>;

const ALL_BROKERS = { type: "broker", name: "" } as const;
/** Kafka takes a number of threads only from half of what it is to twice that. */
const THREADS = new Set([
    "background.threads",
    "log.cleaner.threads",
    "num.io.threads",
    "num.network.threads",
    "num.recovery.threads.per.data.dir",
    "num.replica.fetchers",
]);
/** How long brokers may take to hear of a change, in milliseconds. */
const TIME_LIMIT = 10_000;
const PAUSE = 100;

/** The number that a broker has, and the one that it has without a setting for all brokers. */
interface Threads {
    readonly current: number;
    readonly otherwise: number;
}

export async function describeBrokerConfig(connections: SharedConnections): Promise<BrokerSettings> {
    return settingsOf(await connections.ask(describeConfigs(ALL_BROKERS)));
}

/** Sets these, takes away all others, and waits until every broker has heard of it. */
export async function setBrokerConfig(connections: SharedConnections, wanted: BrokerSettings): Promise<void> {
    const changes = configChanges(await describeBrokerConfig(connections), wanted);
    if (Object.keys(changes).length === 0) {
        return;
    }
    const threads = Object.keys(changes).filter((name) => THREADS.has(name));
    let isLast = false;
    while (!isLast) {
        const effective = await readThreads(connections, threads);
        const numbers = threads.flatMap((name) => {
            const next = nextNumber(effective.get(name), changes[name]);
            return next === undefined ? [] : [[name, next] as const];
        });
        isLast = numbers.length === 0;
        const step = { ...changes, ...Object.fromEntries(numbers) };
        await connections.ask(alterConfigs(ALL_BROKERS, step));
        await until(`every broker has taken ${threads.join(", ")}`, async () =>
            haveTaken(await readThreads(connections, threads), step),
        );
    }
    await until("every broker has taken the settings", async () => {
        const found = await askAll(connections, () => describeConfigs(ALL_BROKERS));
        return found.every((entries) => isDeepStrictEqual(settingsOf(entries), wanted));
    });
}

function settingsOf(entries: readonly ConfigEntry[]): BrokerSettings {
    return Object.fromEntries(
        entries
            .filter(({ name, source }) => source === "dynamicDefaultBroker" && !isThrottle(name))
            .map(({ name, value }) => [name, value ?? ""]),
    );
}

/**
 * The number of threads to set before the wanted one, which is too far from what brokers have.
 * @param wanted undefined for what they have without
 * @returns undefined where the wanted one can be set at once, or is for Kafka to judge
 */
export function nextNumber(brokers: readonly Threads[] = [], wanted: string | undefined): string | undefined {
    for (const { current, otherwise } of brokers) {
        const target = wanted === undefined ? otherwise : Number(wanted);
        const next =
            target > current ? Math.min(target, 2 * current) : Math.max(target, Math.floor(current / 2));
        if (Number.isInteger(target) && next !== target && next !== current && next > 0) {
            return `${next}`;
        }
    }
    return undefined;
}

/** By setting, what each broker has. */
async function readThreads(
    connections: SharedConnections,
    names: readonly string[],
): Promise<ReadonlyMap<string, readonly Threads[]>> {
    const threads = new Map<string, Threads[]>(names.map((name) => [name, []]));
    if (names.length === 0) {
        return threads;
    }
    const found = await askAll(connections, (id) =>
        describeConfigs({ type: "broker", name: `${id}` }, names),
    );
    for (const { name, value, synonyms } of found.flat()) {
        const otherwise = synonyms.find(({ source }) => source === "staticBroker" || source === "default");
        threads.get(name)?.push({ current: Number(value), otherwise: Number(otherwise?.value ?? value) });
    }
    return threads;
}

function haveTaken(threads: ReadonlyMap<string, readonly Threads[]>, step: ConfigChanges): boolean {
    return [...threads].every(([name, brokers]) =>
        brokers.every(({ current, otherwise }) => current === Number(step[name] ?? otherwise)),
    );
}

/** The answers of all brokers that are up. */
async function askAll<Answer>(
    connections: SharedConnections,
    request: (id: number) => ProtocolRequest<Answer>,
): Promise<Answer[]> {
    const { brokers } = await connections.ask(metadata([]));
    return Promise.all(brokers.map(({ id, address }) => connections.askBroker(address, request(id))));
}

/** Brokers hear of a change through ZooKeeper, a moment later. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + TIME_LIMIT;
    while (!(await holds())) {
        if (Date.now() > end) {
            throw new Error(`after ${TIME_LIMIT / 1000} s still not: ${what}`);
        }
        await sleep(PAUSE);
    }
}

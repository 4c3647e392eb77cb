/** What Kafka asks of broker settings together, beyond what each allows by itself. */
import { brokerSettings } from "../../common/kafkaSettings.ts";
import { READER_SESSION_TIMEOUT } from "../../common/kafkaTypes.ts";
import type { KafkaConfig } from "./kafka.ts";
import type { Rule } from "./rules.ts";

const MIB = 2 ** 20;

/** Settings of which the first must not be more than the second: a broker does not start otherwise. */
const ORDERED: readonly (readonly [less: string, more: string])[] = [
    ["group.consumer.heartbeat.interval.ms", "group.consumer.max.heartbeat.interval.ms"],
    ["group.consumer.min.heartbeat.interval.ms", "group.consumer.heartbeat.interval.ms"],
    ["group.consumer.min.session.timeout.ms", "group.consumer.session.timeout.ms"],
    ["group.consumer.session.timeout.ms", "group.consumer.max.session.timeout.ms"],
    ["group.share.heartbeat.interval.ms", "group.share.max.heartbeat.interval.ms"],
    ["group.share.min.heartbeat.interval.ms", "group.share.heartbeat.interval.ms"],
    ["group.share.min.record.lock.duration.ms", "group.share.record.lock.duration.ms"],
    ["group.share.min.session.timeout.ms", "group.share.session.timeout.ms"],
    ["group.share.record.lock.duration.ms", "group.share.max.record.lock.duration.ms"],
    ["group.share.session.timeout.ms", "group.share.max.session.timeout.ms"],
    ["replica.fetch.wait.max.ms", "replica.lag.time.max.ms"],
    ["replica.fetch.wait.max.ms", "replica.socket.timeout.ms"],
];

/** Blames the setting of the two that config has. */
export const settingRules: Rule<Pick<KafkaConfig, "config">> = ({ config }, error) => {
    if (config === undefined) {
        return;
    }
    const number = (name: string) => Number(config[name] ?? brokerSettings.get(name)!.default);
    const refuseUnless = (fits: boolean, names: readonly string[], message: (name: string) => string) => {
        const blamed = names.find((name) => name in config);
        if (!fits && blamed !== undefined) {
            error(["config", blamed], message(blamed));
        }
    };
    for (const pair of ORDERED) {
        const [less, more] = pair;
        refuseUnless(number(less) <= number(more), pair, (name) =>
            name === less
                ? `${number(less)} is more than ${more} (${number(more)})`
                : `${number(more)} is less than ${less} (${number(less)})`,
        );
    }
    const idle = "connections.max.idle.ms";
    const delay = "connection.failed.authentication.delay.ms";
    refuseUnless(
        number(idle) < 0 || number(delay) < number(idle),
        [idle, delay],
        () => `${delay} (${number(delay)}) must be less than ${idle} (${number(idle)})`,
    );
    const buffer = "log.cleaner.dedupe.buffer.size";
    const threads = "log.cleaner.threads";
    refuseUnless(
        Math.floor(number(buffer) / number(threads)) > MIB,
        [buffer, threads],
        () =>
            `${buffer} (${number(buffer)}) must be more than ${MIB} for each of ${threads} (${number(threads)})`,
    );
    const queue = "queued.max.request.bytes";
    const request = "socket.request.max.bytes";
    refuseUnless(
        number(queue) <= 0 || number(queue) >= number(request),
        [queue, request],
        () => `${queue} (${number(queue)}) must be -1, or ${request} (${number(request)}) or more`,
    );
    const connections = "max.connections.per.ip";
    refuseUnless(
        number(connections) > 0 || Boolean(config["max.connections.per.ip.overrides"]),
        [connections],
        () => "0 allows no connection at all without max.connections.per.ip.overrides",
    );
    const shortest = "group.min.session.timeout.ms";
    const longest = "group.max.session.timeout.ms";
    refuseUnless(
        number(shortest) <= READER_SESSION_TIMEOUT,
        [shortest],
        () => `${number(shortest)} is more than the ${READER_SESSION_TIMEOUT} of the smoke test and unity`,
    );
    refuseUnless(
        number(longest) >= READER_SESSION_TIMEOUT,
        [longest],
        () => `${number(longest)} is less than the ${READER_SESSION_TIMEOUT} of the smoke test and unity`,
    );
};

/** Names of topics and consumer groups. */

/** Characters that Kafka allows in the name of a topic; a consumer group's is held to the same. */
export const KAFKA_NAME = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;

/** Name of a topic or consumer group, or the prefix of some with a * at its end. A bare * would include Kafka's own. */
export const KAFKA_NAME_OR_PREFIX = /^[a-zA-Z0-9._-]{1,249}\*?$/;

/** Topics of Kafka itself. */
const KAFKA_TOPICS = /^__/;

/** Topics that MirrorMaker creates for its own use. */
const MIRRORMAKER_TOPICS = /^mm2-|\.internal$|^heartbeats$/;

/** Further names that MirrorMaker takes for those of its own topics, and does not replicate. */
const MIRRORMAKER_LOOKALIKES = /-internal$|heartbeats$/;

/** Topics that a Project must not define, with the owner of each. */
const RESERVED: readonly [pattern: RegExp, owner: string][] = [
    [KAFKA_TOPICS, "Kafka itself"],
    [/^unity-(file|check)-/, "the command unity and the smoke test"],
    [MIRRORMAKER_TOPICS, "MirrorMaker"],
];

/** The owner that a topic's name is reserved for, or undefined where a Project may use it. */
export function reservedFor(topic: string): string | undefined {
    return RESERVED.find(([pattern]) => pattern.test(topic))?.[1];
}

/** The owner of topics that a prefix would include, or undefined where there are none. */
export function reservedWithin(prefix: string): string | undefined {
    const includes = (beginning: string) => beginning.startsWith(prefix);
    return reservedFor(prefix) ?? reservedFor(["unity-file-", "unity-check-", "mm2-"].find(includes) ?? "");
}

/** Whether MirrorMaker would not replicate a topic because of its name. */
export function isNotReplicated(topic: string): boolean {
    return [KAFKA_TOPICS, MIRRORMAKER_TOPICS, MIRRORMAKER_LOOKALIKES].some((pattern) => pattern.test(topic));
}

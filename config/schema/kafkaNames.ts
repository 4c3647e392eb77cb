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

/** Topics that a Project must not define, with the owner of each, and what their names begin with where they have that in common. */
const RESERVED: readonly { pattern: RegExp; owner: string; prefixes: readonly string[] }[] = [
    { pattern: KAFKA_TOPICS, owner: "Kafka itself", prefixes: ["__"] },
    {
        pattern: /^unity-(file|check)-/,
        owner: "the command unity and the smoke test",
        prefixes: ["unity-file-", "unity-check-"],
    },
    { pattern: MIRRORMAKER_TOPICS, owner: "MirrorMaker", prefixes: ["mm2-"] },
];

/** The owner that a topic's name is reserved for, or undefined where a Project may use it. */
export function reservedFor(topic: string): string | undefined {
    return RESERVED.find(({ pattern }) => pattern.test(topic))?.owner;
}

/** The owner of topics that a prefix would include, or undefined where there are none. */
export function reservedWithin(prefix: string): string | undefined {
    const included = RESERVED.find(({ prefixes }) => prefixes.some((each) => each.startsWith(prefix)));
    return reservedFor(prefix) ?? included?.owner;
}

/** Whether MirrorMaker would not replicate a topic because of its name. */
export function isNotReplicated(topic: string): boolean {
    return [KAFKA_TOPICS, MIRRORMAKER_TOPICS, MIRRORMAKER_LOOKALIKES].some((pattern) => pattern.test(topic));
}

/** Changes of a topic that delete messages, or that are of somebody else's topic: config must allow them. */
import type { Topic } from "../../common/kafkaTypes.ts";
import { lostMessages, type RetentionDefaults, topicKey, withDefaults } from "../../common/messageLoss.ts";
import type { TopicInputs } from "../resources/topic.ts";

type Config = Topic["config"];

/**
 * Why a topic that exists already is not taken over: something differs, and all of it would be changed.
 * @returns undefined where it is as config says, or config allows that
 */
export function takeoverRefusal(found: Topic, wanted: TopicInputs): string | undefined {
    const { project, topic, defaults, allowDestroy } = wanted;
    const differences = [
        ...(["partitions", "replicationFactor"] as const)
            .filter((name) => found[name] !== wanted[name])
            .map((name) => `${name} ${found[name]} -> ${wanted[name]}`),
        ...configDifferences(found.config, wanted.config),
    ];
    if (allowDestroy || differences.length === 0) {
        return undefined;
    }
    const lost =
        defaults && lostMessages(withDefaults(found.config, defaults), withDefaults(wanted.config, defaults));
    const change = `topic ${topic} of Project ${project} exists already, and would change: ${differences.join(", ")}`;
    return `${change}${lost ? `. It would lose ${lost}` : ""}. Correct its line in config; ${ifIntended(wanted)}`;
}

/**
 * Why the settings of a topic are not changed: messages would be deleted.
 *
 * @param before its settings of today, and the defaults of them
 * @returns undefined where none would be, or config allows that
 */
export function lossRefusal(
    before: { readonly config: Config; readonly defaults?: RetentionDefaults | undefined },
    wanted: TopicInputs,
): string | undefined {
    const { project, topic, config, defaults, allowDestroy } = wanted;
    if (allowDestroy || defaults === undefined) {
        return undefined;
    }
    const old = withDefaults(before.config, before.defaults ?? defaults);
    const now = withDefaults(config, defaults);
    const lost = lostMessages(old, now);
    if (lost === undefined) {
        return undefined;
    }
    const changes = configDifferences(old, now).join(", ");
    return `topic ${topic} of Project ${project} would lose ${lost} (${changes}); ${ifIntended(wanted)}`;
}

function configDifferences(before: Config, after: Config): string[] {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names
        .filter((name) => before[name] !== after[name])
        .map((name) => `${name} ${before[name] ?? "default"} -> ${after[name] ?? "default"}`);
}

function ifIntended({ project, topic }: TopicInputs): string {
    return `if that is intended, add ${topicKey(project, topic)} to allowDestroy and run this again`;
}

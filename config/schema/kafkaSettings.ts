/** The blocks of config that take settings of Kafka by their own names, each checked as Kafka would. */
import { z } from "zod";
import { brokerSettings, KAFKA_LINE, type KafkaSetting, topicSettings } from "../../common/kafkaSettings.ts";
import { nearest } from "../../common/nearest.ts";
import { isBlock } from "../raw.ts";
import { SETTING_VALUE, settingNumber, settingText } from "./fields.ts";
import { reservedBrokerSetting, reservedTopicSetting } from "./reservedSettings.ts";
import { type SettingValue, settingError } from "./settingValues.ts";

/** Typing errors up to which a setting may be meant. */
const MAX_EDITS = 3;

/** A block of settings of one kind. */
interface Kind {
    readonly what: "broker" | "topic";
    readonly settings: ReadonlyMap<string, KafkaSetting>;
    /** Why config may not set one, or undefined where it may. */
    readonly reserved: (name: string) => string | undefined;
    /** The setting of this kind that another kind's name stands for. */
    readonly synonyms: ReadonlyMap<string, string>;
    /** Whether a name that Kafka does not know is for one of the block's plugins. */
    readonly isPlugins: (block: object) => boolean;
}

/** Settings that name a class of somebody else's, which is given all settings and may have its own among them. */
const PLUGINS = [
    "alter.config.policy.class.name",
    "create.topic.policy.class.name",
    "kafka.metrics.reporters",
    "metric.reporters",
    "replica.selector.class",
];

const brokerNames = [...topicSettings].flatMap(([topic, { broker }]): [topic: string, broker: string][] =>
    broker === undefined ? [] : [[topic, broker]],
);

const BROKER: Kind = {
    what: "broker",
    settings: brokerSettings,
    reserved: reservedBrokerSetting,
    synonyms: new Map(brokerNames),
    isPlugins: (block) => {
        const ownClass = /^(org\.apache\.)?kafka\./;
        return PLUGINS.some((name) => {
            const value: unknown = Reflect.get(block, name);
            return typeof value === "string" && !ownClass.test(value);
        });
    },
};

const TOPIC: Kind = {
    what: "topic",
    settings: topicSettings,
    reserved: reservedTopicSetting,
    synonyms: new Map(brokerNames.map(([topic, broker]) => [broker, topic])),
    isPlugins: () => false,
};

/** `kafka.config`. */
export const brokerConfig = () => settingsBlock(BROKER, "must be a block of broker settings");

/** `config` of a topic. */
export const topicConfig = () => settingsBlock(TOPIC, "must be a block of topic settings");

function settingsBlock(kind: Kind, allowed: string) {
    const name = z.string().refine((key) => kind.reserved(key) === undefined, {
        error: ({ input }) => `is reserved: ${kind.reserved(String(input))}`,
    });
    const value = z.union([settingText(), settingNumber(), z.boolean()], { error: SETTING_VALUE });
    return z.record(name, value, { error: allowed }).superRefine(
        (block, context) => {
            const invalid = new Set(context.issues.map(({ path }) => path?.[0]));
            for (const [key, given] of Object.entries(block)) {
                // What is no text, number or boolean has its error already.
                if (invalid.has(key) || typeof given === "object") {
                    continue;
                }
                const message = messageOf(kind, block, key, given);
                if (message !== undefined) {
                    context.addIssue({ code: "custom", path: [key], message });
                }
            }
        },
        { when: ({ value }) => isBlock(value) },
    );
}

function messageOf(kind: Kind, block: object, name: string, value: SettingValue): string | undefined {
    const setting = kind.settings.get(name);
    if (setting !== undefined) {
        const allowed = settingError(name, setting, value);
        return allowed === undefined ? undefined : `must be ${allowed}`;
    }
    const documented = [...kind.settings].filter(([, { internal }]) => !internal).map(([key]) => key);
    const meant = kind.synonyms.get(name) ?? nearest(name.toLowerCase(), documented, MAX_EDITS);
    if (meant === undefined && kind.isPlugins(block) && /^[\w.-]+$/.test(name)) {
        return undefined;
    }
    const unknown = `is not a ${kind.what} setting of Kafka ${KAFKA_LINE}`;
    if (meant === undefined) {
        return unknown;
    }
    const reason = kind.reserved(meant);
    return `${unknown}; did you mean ${meant}?${reason === undefined ? "" : ` It is reserved: ${reason}`}`;
}

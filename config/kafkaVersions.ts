/** What the image's version of Kafka allows. */
import type { ConfigIssue } from "../common/configIssue.ts";
import { brokerSettings, type KafkaSetting, topicSettings } from "../common/kafkaSettings.ts";
import { kafkaVersionOf, parseImage } from "./image.ts";
import { blocksOf, isBlock, type Raw, valueAt } from "./raw.ts";
import { kafkaSchema } from "./schema/kafka.ts";
import { sizeOf } from "./sizes.ts";

const DEFAULT_PROTOCOL = kafkaSchema.shape.interBrokerProtocol.parse(undefined);

/** The version of the image; undefined where only a digest names it, or it is invalid. */
function versionOf(image: unknown): string | undefined {
    const reference = typeof image === "string" ? parseImage(image) : undefined;
    return typeof reference === "object" ? kafkaVersionOf(reference) : undefined;
}

/** Settings that are newer than the image, and protocols above it, in every layer. */
export function kafkaVersionIssues(raw: Raw): ConfigIssue[] {
    const version = versionOf(raw.image);
    if (version === undefined) {
        return [];
    }
    const layers: [path: string, kafka: unknown][] = [["kafka", raw.kafka]];
    if (isBlock(raw.sizes)) {
        for (const [name, size] of Object.entries(raw.sizes)) {
            layers.push([`sizes.${name}.kafka`, valueAt(size, ["kafka"])]);
        }
    }
    const topics: [path: string, topic: Raw][] = [];
    for (const [i, project] of blocksOf(raw.projects)) {
        layers.push([`projects[${i}].kafka`, project.kafka]);
        topics.push(
            ...blocksOf(project.topics).map(([j, topic]): [string, Raw] => [
                `projects[${i}].topics[${j}]`,
                topic,
            ]),
        );
    }
    return [
        ...defaultProtocolIssues(raw, version),
        ...layers.flatMap(([path, kafka]) => [
            ...protocolIssues(path, valueAt(kafka, ["interBrokerProtocol"]), version),
            ...newerIssues(path, valueAt(kafka, ["config"]), brokerSettings, version),
        ]),
        ...topics.flatMap(([path, { config }]) => newerIssues(path, config, topicSettings, version)),
    ];
}

/** The default is not the image's version, as that must not rise with the image: it is too high for an older one. */
function defaultProtocolIssues(raw: Raw, version: string): ConfigIssue[] {
    const hasDefault = blocksOf(raw.projects).some(([i, project]) =>
        [raw.kafka, sizeOf(raw, project, `projects[${i}]`)?.blocks.kafka, project.kafka].every(
            (kafka) => valueAt(kafka, ["interBrokerProtocol"]) === undefined,
        ),
    );
    return hasDefault ? protocolIssues("kafka", DEFAULT_PROTOCOL, version) : [];
}

function protocolIssues(path: string, protocol: unknown, version: string): ConfigIssue[] {
    if (typeof protocol !== "string" || !isAbove(protocol, version)) {
        return [];
    }
    const message = `${protocol} is above the Kafka ${version} of the image; set ${lineOf(version)} or lower`;
    return [{ path: `${path}.interBrokerProtocol`, message }];
}

function newerIssues(
    path: string,
    config: unknown,
    settings: ReadonlyMap<string, KafkaSetting>,
    version: string,
): ConfigIssue[] {
    return Object.keys(isBlock(config) ? config : {}).flatMap((name): ConfigIssue[] => {
        const since = settings.get(name)?.since;
        return since !== undefined && isAbove(since, version)
            ? [
                  {
                      path: `${path}.config.${name}`,
                      message: `is new in Kafka ${since}, and the image has ${version}`,
                  },
              ]
            : [];
    });
}

/** The line of a version: `3.9` of `3.9.2`. */
function lineOf(version: string): string {
    return version.split(".").slice(0, 2).join(".");
}

function isAbove(line: string, version: string): boolean {
    const minor = (text: string) => Number(text.split(".")[1]);
    return minor(line) > minor(version);
}

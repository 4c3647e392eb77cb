/** What config may say that no pod or Secret could carry. */
import type { ConfigIssue } from "../common/configIssue.ts";
import type { BridgeConfig, BridgeTopic } from "./schema/bridge.ts";
import type { ProjectConfig } from "./schema/environment.ts";
import type { IkpConfig } from "./schema/ikp.ts";

const KI = 1024;
/** All annotations of an object, which are a pod's files. Source: TotalAnnotationSizeLimitB of Kubernetes. */
const ANNOTATIONS = 256 * KI;
/** Of it, for the files and parts of files whose size does not follow from config. */
const OWN_FILES = 32 * KI;
const FILE_LIMIT = ANNOTATIONS - OWN_FILES;
/** One argument of a command, which the start script is. Source: MAX_ARG_STRLEN of Linux, 32 pages of 4 KiB. */
const ARGUMENT = 128 * KI;
/** Of it, for what does not follow from config. */
const OWN_SCRIPT = 8 * KI;
const OPTIONS_LIMIT = ARGUMENT - OWN_SCRIPT;
/** All values of a Secret. Source: MaxSecretSize of Kubernetes. */
const SECRET = 1024 * KI;

const size = (text: string) => Buffer.byteLength(text);
const sum = (sizes: readonly number[]) => sizes.reduce((all, one) => all + one, 0);

/** Settings, options and names that together are more than Kubernetes or Linux passes on to a server. */
export function podLimitIssues(
    projects: readonly Pick<ProjectConfig, "kafka" | "zookeeper" | "bridge">[],
    ikp: IkpConfig | undefined,
): ConfigIssue[] {
    return [
        ...projects.flatMap(({ kafka, zookeeper, bridge }, i) => [
            ...fileIssue(
                `projects[${i}].kafka.config`,
                settingsSize(kafka.config),
                "shorten values, or set them for topics",
            ),
            ...optionsIssue(`projects[${i}].kafka.jvmOptions`, kafka.jvmOptions),
            ...optionsIssue(`projects[${i}].zookeeper.jvmOptions`, zookeeper.jvmOptions),
            ...(bridge
                ? [
                      ...fileIssue(
                          `projects[${i}].bridge`,
                          bridgeSize(bridge),
                          "replicate fewer topics, under their own names where that is possible, or divide them among Projects",
                      ),
                      ...optionsIssue(`projects[${i}].bridge.jvmOptions`, bridge.jvmOptions),
                  ]
                : []),
        ]),
        ...(ikp ? secretIssue(ikp) : []),
    ];
}

/** Bytes of broker settings as lines of a file. */
function settingsSize(config: Readonly<Record<string, unknown>>): number {
    return sum(Object.entries(config).map(([key, value]) => size(`${key}=${String(value)}\n`)));
}

/** Bytes, or a few more, that the topics and groups of a bridge take in MirrorMaker's file. */
export function bridgeSize({ inbound, outbound, groups }: BridgeConfig): number {
    // A dot becomes `[.]`, and a group is in the list of each direction.
    const escaped = (name: string) => name.length + 2 * (name.split(".").length - 1) + 1;
    // A new name takes a step of its own, of three settings that begin with the names of both clusters.
    const topic = ({ from, to }: BridgeTopic) =>
        2 * escaped(from) + (from === to ? 0 : escaped(to) + RENAMING_STEP);
    return sum([...inbound, ...outbound].map(topic)) + 2 * sum(groups.map(escaped));
}
const RENAMING_STEP = 512;

/** Bytes of options of java, each in quotes. */
function optionsSize(options: readonly string[]): number {
    return sum(options.map((option) => size(option.replaceAll("'", "'\\''")) + 3));
}

function fileIssue(path: string, taken: number, advice: string): ConfigIssue[] {
    return taken > FILE_LIMIT
        ? [
              {
                  path,
                  message: `takes ${kibibytes(taken)} of a file of its pods, more than the ${FILE_LIMIT / KI} KiB that their annotations can carry; ${advice}`,
              },
          ]
        : [];
}

function optionsIssue(path: string, options: readonly string[]): ConfigIssue[] {
    const taken = optionsSize(options);
    return taken > OPTIONS_LIMIT
        ? [
              {
                  path,
                  message: `takes ${kibibytes(taken)}, more than the ${OPTIONS_LIMIT / KI} KiB that the command of a server can have; use fewer or shorter options`,
              },
          ]
        : [];
}

function secretIssue({ bootstrapServers, sasl, tls, authority }: IkpConfig): ConfigIssue[] {
    const values = [...bootstrapServers, ...Object.values(sasl ?? {}), ...Object.values(tls ?? {})];
    const taken = sum([...values, authority ?? ""].map(size));
    return taken > SECRET
        ? [
              {
                  path: "ikp",
                  message: `takes ${kibibytes(taken)}, more than the ${SECRET / KI} KiB that a Secret can have; leave out certificates that are not needed`,
              },
          ]
        : [];
}

/** Rounded up, so that it is never equal to the limit that it is above. */
const kibibytes = (bytes: number) => `${Math.ceil(bytes / KI)} KiB`;

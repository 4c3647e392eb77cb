/** Fields that several blocks share. Each describes in words what it allows, which an error shows. */
import { z } from "zod";
import { firstAddress } from "../../common/google/addresses.ts";
import { BYTES, bytes, CPU, rateOf, secondsOf } from "../../common/quantity.ts";
import type { Rule } from "./rules.ts";

/** A whole number from `min` to `max`, both included. */
export const whole = (min: number, max: number, unit = "") => {
    const allowed = `must be a whole number${unit && ` of ${unit}`} from ${min} to ${max}`;
    return z.int({ error: allowed }).min(min, { error: allowed }).max(max, { error: allowed });
};

/** Number of a client's key. */
export const keyNumber = () => whole(1, 999).default(1);

/** Memory or disk, such as `512Mi`. */
export const size = () => z.string({ error: SIZE }).regex(BYTES, { error: SIZE });
const SIZE = 'must be a size with its unit, such as "512Mi" or "10Gi"';

/** Heap of a Java server. */
export const heap = () =>
    size().refine((text) => !BYTES.test(text) || bytes(text) >= 64 * 1024 ** 2, {
        error: "must be 64Mi or more",
    });

/** Heap of a server that has memory left for all else that Java and the page cache take. */
export const heapFits: Rule<{ heap: string; memory: string }> = ({ heap, memory }, error) => {
    if (heap !== undefined && memory !== undefined && bytes(heap) > 0.75 * bytes(memory)) {
        error(["heap"], `${heap} is more than 3/4 of memory (${memory}); lower heap or raise memory`);
    }
};

/** Throughput, such as `30MB/s`. */
export const rate = () =>
    z.string({ error: RATE }).refine((text) => rateOf(text) !== undefined, { error: RATE });
const RATE = "must be a rate with its unit, such as 30MB/s or 500kB/s";

/** Duration, such as `24h`, or one of some words. */
export const duration = (error: string, words: readonly string[] = []) =>
    z.string({ error }).refine((text) => words.includes(text) || secondsOf(text) !== undefined, { error });
export const DURATION = "must be a time with its unit, such as 90m, 24h or 7d";

/** An option of java that config may add. The heap has a key of its own, which is checked against the memory. */
const jvmOption = () =>
    z
        .string({ error: JVM_OPTION })
        .regex(/^-\S/, { error: JVM_OPTION })
        .refine(hasNoControlCharacters, { error: JVM_OPTION })
        .refine((option) => !/^-(Xm[sx]|XX:(Max|Initial)(Heap|RAM))/.test(option), {
            error: "is reserved: set heap instead",
        });
const JVM_OPTION = "must be one option of java without control characters, such as -XX:MaxGCPauseMillis=50";

export const jvmOptions = () =>
    z
        .array(jvmOption(), { error: "must be a list of options of java" })
        .default([])
        .describe("Added after the explicit heap and collector flags.");

/** CPU, such as `500m` or `2`; a bare YAML number is taken too. */
export const cpu = () =>
    z
        .union([z.string(), z.number()], { error: CPU_ALLOWED })
        .transform(String)
        .refine((text) => CPU.test(text), { error: CPU_ALLOWED });
const CPU_ALLOWED = 'must be cores or thousandths of a core, such as 2 or "500m"';

/** A name as Kubernetes allows it for namespaces and objects: DNS-1123, at most 63 characters. */
export const dnsName = () => z.string({ error: NAME }).regex(DNS_NAME, { error: NAME });
export const DNS_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const NAME =
    "must be 1 to 63 lower-case letters, digits or dashes, beginning and ending with a letter or digit";

/** A text that is not empty, of one line: it may become part of a file. */
export const text = (allowed: string) =>
    z
        .string({ error: allowed })
        .min(1, { error: allowed })
        .refine(hasNoControlCharacters, { error: `${allowed} without control characters` });

/** Not a pattern, as editors' validators do not know `\p`. */
const hasNoControlCharacters = (value: string) => !/\p{Cc}/u.test(value);

/** A range of addresses as Kubernetes wants it, IPv4 or IPv6. */
export const addressRange = () =>
    z
        .union([z.cidrv4(), z.cidrv6()], { error: RANGE })
        .refine((range) => !range.endsWith("/0"), {
            error: "must not be all addresses; leave it out for that",
        })
        .refine((range) => range.includes(":") || firstAddress(range) === range, {
            error: ({ input }) => `must begin with its first address: ${firstAddress(String(input))}`,
        });
const RANGE = "must be a range of addresses, such as 198.51.100.0/24 or 198.51.100.7/32";

export const flag = () => z.boolean({ error: "must be true or false" });

/** Threshold of the servers' logs, written to standard output. */
export const logLevel = () =>
    z
        .enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"], {
            error: "must be TRACE, DEBUG, INFO, WARN or ERROR",
        })
        .describe("Threshold of the logs, which go to standard output.");

/** The probes of a server, with their defaults. */
export const probes = (startup: ProbeValues, liveness: ProbeValues, readiness: ProbeValues) =>
    z
        .strictObject(
            {
                startup: probe(startup).describe("The other probes start after it has succeeded once."),
                liveness: probe(liveness).describe("The kubelet restarts a server that fails it."),
                readiness: probe(readiness).describe("No connection goes to a server that fails it."),
            },
            { error: "must be a block with startup, liveness and readiness" },
        )
        .prefault({});

/** A probe of the kubelet; all times in seconds. */
const probe = (defaults: ProbeValues) =>
    z
        .strictObject(
            {
                initialDelaySeconds: whole(0, 3600, "seconds")
                    .default(defaults.initialDelaySeconds)
                    .describe("Time before the first probe."),
                periodSeconds: whole(1, 3600, "seconds")
                    .default(defaults.periodSeconds)
                    .describe("Time from one probe to the next."),
                timeoutSeconds: whole(1, 3600, "seconds")
                    .default(defaults.timeoutSeconds)
                    .describe("Time after which a probe has failed."),
                failureThreshold: whole(1, 100_000)
                    .default(defaults.failureThreshold)
                    .describe("Failures in a row that count."),
            },
            { error: "must be a block of probe settings" },
        )
        .prefault({});

export interface ProbeValues {
    initialDelaySeconds: number;
    periodSeconds: number;
    timeoutSeconds: number;
    failureThreshold: number;
}

/** The volume of each server of a StatefulSet. */
export const disk = () =>
    z
        .strictObject(
            {
                size: size().describe("Size of each server's volume. It can grow, never shrink."),
                storageClass: dnsName().describe(
                    "StorageClass of the PVCs. It never changes after creation.",
                ),
            },
            { error: "must have a size and a storageClass" },
        )
        .describe("The volume of each server.");

/** Longest text in Kafka's protocol, bytes. */
const TEXT_LIMIT = 32_767;
export const SETTING_VALUE = "must be one line of text without a backslash, a number, true or false";

/**
 * A broker's or topic's setting as text. Broker settings become lines of a file, where a line break would start
 * another setting and a backslash would join two.
 */
export const settingText = () =>
    z
        .string({ error: SETTING_VALUE })
        .refine((value) => !/[\\\p{Cc}]/u.test(value), { error: SETTING_VALUE })
        .refine((value) => Buffer.byteLength(value) <= TEXT_LIMIT, {
            error: `must be at most ${TEXT_LIMIT} bytes, which is all that Kafka's protocol can carry`,
        });

const EXACT = "is more than a YAML number holds exactly; write it in quotes";
export const settingNumber = () =>
    z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), { error: EXACT });

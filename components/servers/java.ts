import { mebibytes } from "../../common/quantity.ts";
import { log4jProperties } from "./log4j.ts";

const LIBS = "/opt/kafka/libs";
const METRICS_AGENT = `${LIBS}/jmx_prometheus_javaagent-1.0.1.jar`;

const SECURITY = "java.security";
const LOG4J = "log4j.properties";

/**
 * A pod that moved has a new address within seconds, and a server that starts beside its peers has a name only when it
 * has an address. Java keeps a name that it did not find for ten seconds, and takes another time from this file alone:
 * the system property for it has no effect.
 */
const SECURITY_PROPERTIES = "networkaddress.cache.ttl=5\nnetworkaddress.cache.negative.ttl=1\n";

/**
 * The files that {@link java} refers to, by name.
 * @param infoLoggers loggers whose messages of level INFO are wanted whatever the level of the others is
 */
export function javaFiles(logLevel: string, infoLoggers: readonly string[] = []): Record<string, string> {
    return { [SECURITY]: SECURITY_PROPERTIES, [LOG4J]: log4jProperties(logLevel, infoLoggers) };
}

export interface JavaArgs {
    readonly mainClass: string;
    /** Heap, both at first and at most, such as `512Mi`. */
    readonly heap: string;
    /** Folder of {@link javaFiles}. */
    readonly files: string;
    /** Folder of metrics.yaml. Default: the same. */
    readonly metricsFiles?: string;
    /** Where the agent exports metrics. Default: there is no agent. */
    readonly metricsPort?: number;
    readonly options: readonly string[];
}

/**
 * The command line of a server, explicit in all that matters: in a small container the JVM would choose a serial
 * collector and a quarter of the memory by itself, and the start scripts of images differ in what they add.
 */
export function java(args: JavaArgs): string {
    const { mainClass, heap, files, metricsFiles = files, metricsPort, options } = args;
    const heapSize = `${mebibytes(heap)}m`;
    return [
        "exec java",
        `-Xms${heapSize} -Xmx${heapSize}`,
        "-XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent",
        // A server without memory must not linger half alive: the kubelet restarts it.
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        `-Djava.security.properties=${files}/${SECURITY}`,
        `-Dlog4j.configuration=file:${files}/${LOG4J}`,
        ...(metricsPort === undefined
            ? []
            : [`-javaagent:${METRICS_AGENT}=${metricsPort}:${metricsFiles}/metrics.yaml`]),
        ...options.map(quote),
        `-cp '${LIBS}/*' ${mainClass}`,
    ].join(" \\\n  ");
}

/** One word for the shell, whatever is in it. */
function quote(word: string): string {
    return `'${word.replaceAll("'", "'\\''")}'`;
}

import { mebibytes } from "../../common/quantity.ts";

const LIBS = "/opt/kafka/libs";
const METRICS_AGENT = `${LIBS}/jmx_prometheus_javaagent-1.0.1.jar`;

export interface JavaArgs {
    readonly mainClass: string;
    /** Heap, both at first and at most, such as `512Mi`. */
    readonly heap: string;
    /** Folder of log4j.properties and metrics.yaml. */
    readonly files: string;
    readonly metricsPort: number;
    readonly options: readonly string[];
}

/**
 * The command line of a server, explicit in all that matters: in a small container the JVM would choose a serial
 * collector and a quarter of the memory by itself, and the start scripts of images differ in what they add.
 */
export function java({ mainClass, heap, files, metricsPort, options }: JavaArgs): string {
    const heapSize = `${mebibytes(heap)}m`;
    return [
        "exec java",
        `-Xms${heapSize} -Xmx${heapSize}`,
        "-XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent",
        // A server without memory must not linger half alive: the kubelet restarts it.
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        // A pod that moved has a new address within seconds.
        "-Dsun.net.inetaddr.ttl=5 -Dsun.net.inetaddr.negative.ttl=1",
        `-Dlog4j.configuration=file:${files}/log4j.properties`,
        `-javaagent:${METRICS_AGENT}=${metricsPort}:${files}/metrics.yaml`,
        ...options.map(quote),
        `-cp '${LIBS}/*' ${mainClass}`,
    ].join(" \\\n  ");
}

/** One word for the shell, whatever is in it. */
function quote(word: string): string {
    return `'${word.replaceAll("'", "'\\''")}'`;
}

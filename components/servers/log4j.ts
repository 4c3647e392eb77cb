/**
 * log4j.properties: one threshold, to standard output, where the cluster's log collector reads.
 * @param infoLoggers loggers with the threshold INFO
 */
export function log4jProperties(level: string, infoLoggers: readonly string[] = []): string {
    return `${[
        `log4j.rootLogger=${level}, stdout`,
        ...infoLoggers.map((logger) => `log4j.logger.${logger}=INFO`),
        "log4j.appender.stdout=org.apache.log4j.ConsoleAppender",
        "log4j.appender.stdout.layout=org.apache.log4j.PatternLayout",
        "log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %m (%c)%n",
    ].join("\n")}\n`;
}

/** log4j.properties of both servers: one threshold, to standard output, where the cluster's log collector reads. */
export function log4jProperties(level: string): string {
    return `${[
        `log4j.rootLogger=${level}, stdout`,
        "log4j.appender.stdout=org.apache.log4j.ConsoleAppender",
        "log4j.appender.stdout.layout=org.apache.log4j.PatternLayout",
        "log4j.appender.stdout.layout.ConversionPattern=%d{ISO8601} %p %m (%c)%n",
    ].join("\n")}\n`;
}

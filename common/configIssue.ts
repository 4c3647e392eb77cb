/** What is wrong with one value of the config. */
export interface ConfigIssue {
    /** Path of the value in the stack file, such as `projects[0].kafka.brokers`. */
    readonly path: string;
    /** What is wrong and what is allowed, to be read after the path. */
    readonly message: string;
}

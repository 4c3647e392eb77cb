import { unlessAborted, Watchdog } from "../../common/abort.ts";
import { temporaryTopicName } from "../../kafka/client/temporaryTopic.ts";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import { openProjectKafka } from "../../kafka/open.ts";
import { clusterChoice } from "../clusterChoice.ts";
import { exitCode, UnityError } from "../errors.ts";
import type { OutputOptions, ProjectOptions } from "../options.ts";
import { openInputFile } from "../transfer/inputFile.ts";
import {
    differencesInWords,
    isVerified,
    jsonReport,
    type Mode,
    type Report,
    summary,
} from "../transfer/report.ts";
import { roundTrip, silentInput } from "../transfer/roundTrip.ts";

export interface SendOptions extends ProjectOptions, OutputOptions {
    /** How long there may be no progress, in seconds. */
    readonly timeout: number;
    readonly debug?: boolean;
}

/**
 * `unity FILENAME`: sends a file through a Project's Kafka and proves that all of it arrived.
 * @param interrupted aborts when the user wants to stop
 * @throws UnityError, ConnectionError
 */
export async function send(fileName: string, options: SendOptions, interrupted: AbortSignal): Promise<void> {
    const mode: Mode = options.local ? "LOCAL" : "REMOTE";
    const announce = (line: string): boolean =>
        (options.output === "json" ? process.stderr : process.stdout).write(`${line}\n`);
    announce(`Running in ${mode} mode`);
    announce(options.namespace ? `Using namespace: ${options.namespace}` : "No namespace provided");
    announce(`Processing file: ${fileName}`);

    try {
        await sendFile(fileName, mode, options, interrupted);
    } catch (error) {
        // Whatever failed then, failed because of it.
        if (interrupted.aborted && interrupted.reason instanceof UnityError) {
            const { message, code } = interrupted.reason;
            throw new UnityError(message, "The file was not sent to its end; run it again", code, error);
        }
        throw error;
    }
}

async function sendFile(
    fileName: string,
    mode: Mode,
    options: SendOptions,
    interrupted: AbortSignal,
): Promise<void> {
    const waiting = new Watchdog(options.timeout * 1000, () => silentInput(options.timeout));
    const opening = openInputFile(fileName, AbortSignal.any([interrupted, waiting.signal]));
    const file = await opening.finally(() => waiting.stop());
    try {
        const cluster = openCluster(clusterChoice(options));
        const debug = options.debug ? (line: string) => void process.stderr.write(`${line}\n`) : undefined;
        const connecting = openProjectKafka(cluster, options.namespace, debug);
        const { project, kafka } = await unlessAborted(connecting, interrupted);
        const topic = temporaryTopicName("file");
        const { namespace } = project;
        const outcome = await roundTrip({
            kafka,
            namespace,
            file,
            topic,
            timeout: options.timeout,
            interrupted,
        });
        const report: Report = { mode, project, file: fileName, topic, ...outcome };
        process.stdout.write(options.output === "json" ? jsonReport(report) : summary(report));
        if (!isVerified(outcome.result)) {
            const message = `Records did not arrive as they were sent: ${differencesInWords(outcome.result)}`;
            const hint = `Check the logs of the brokers in namespace ${namespace}`;
            throw new UnityError(message, hint, exitCode.unhealthy);
        }
    } finally {
        await file.close();
    }
}

import { unlessAborted } from "../../common/abort.ts";
import { temporaryTopicName } from "../../kafka/client/temporaryTopic.ts";
import { clientCertificateOf, readClientSecret } from "../../kafka/kubernetes/clientSecrets.ts";
import { openCluster } from "../../kafka/kubernetes/cluster.ts";
import { findProject } from "../../kafka/kubernetes/projects.ts";
import { connectThroughKubernetes } from "../../kafka/open.ts";
import { clusterChoice } from "../clusterChoice.ts";
import { exitCode, UnityError } from "../errors.ts";
import { openInputFile } from "../transfer/inputFile.ts";
import {
    differencesInWords,
    isVerified,
    jsonReport,
    type Mode,
    type Report,
    summary,
} from "../transfer/report.ts";
import { roundTrip } from "../transfer/roundTrip.ts";

export interface SendOptions {
    /** The embedded platform instead of the current kube context. */
    readonly local?: boolean;
    readonly namespace?: string;
    readonly context?: string;
    /** `json`: stdout has nothing but one JSON document. */
    readonly output: "text" | "json";
    /** How long nothing may move, in seconds. */
    readonly timeout: number;
    readonly debug?: boolean;
}

/**
 * `unity FILENAME`: sends a file through a Project's Kafka and proves that all of it arrived.
 * @param interrupted aborts when the user wants to stop
 * @throws UnityError, ConnectionProblem
 */
export async function send(fileName: string, options: SendOptions, interrupted: AbortSignal): Promise<void> {
    const mode: Mode = options.local ? "LOCAL" : "REMOTE";
    const announce = (line: string): boolean =>
        (options.output === "json" ? process.stderr : process.stdout).write(`${line}\n`);
    announce(`Running in ${mode} mode`);
    announce(
        options.namespace === undefined ? "No namespace provided" : `Using namespace: ${options.namespace}`,
    );
    announce(`Processing file: ${fileName}`);

    const file = await openInputFile(fileName);
    try {
        const cluster = openCluster(clusterChoice(options));
        const place = await unlessAborted(findProject(cluster, options.namespace), interrupted);
        const debug = options.debug ? (line: string) => void process.stderr.write(`${line}\n`) : undefined;
        const secret = await unlessAborted(readClientSecret(cluster, place.namespace), interrupted);
        const kafka = connectThroughKubernetes(cluster, place, { ssl: clientCertificateOf(secret), debug });
        const topic = temporaryTopicName("file");
        const { namespace } = place;
        const outcome = await roundTrip({
            kafka,
            namespace,
            file,
            topic,
            timeout: options.timeout,
            interrupted,
        });
        const report: Report = { mode, place, file: fileName, topic, ...outcome };
        process.stdout.write(options.output === "json" ? jsonReport(report) : summary(report));
        if (!isVerified(outcome.result)) {
            const what = `Records did not arrive as they were sent: ${differencesInWords(outcome.result)}`;
            const nextStep = `Look at the brokers' logs in namespace ${place.namespace}`;
            throw new UnityError(what, nextStep, exitCode.unhealthy);
        }
    } finally {
        await file.close();
    }
}

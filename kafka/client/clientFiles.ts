/** What a client needs in order to connect, as files for the usual tools. */
import { stringify } from "yaml";

/** Where a pod mounts its Secret. */
export const CLIENT_FOLDER = "/etc/kafka-client";

export interface ClientFilesArgs {
    /** host:port for the first connection. */
    readonly bootstrap: string;
    /** The client's certificate, PEM. */
    readonly certificate: string;
    /** Its private key, PKCS #8 in PEM. */
    readonly key: string;
    /** Certificates of those who sign the brokers' certificates, PEM. */
    readonly authorities: string;
    /** Where the files will lie, as some of them name others. Default: {@link CLIENT_FOLDER}. */
    readonly folder?: string;
}

/** The files, by name. */
export function clientFiles({
    bootstrap,
    certificate,
    key,
    authorities,
    folder = CLIENT_FOLDER,
}: ClientFilesArgs): Record<string, string> {
    const path = { certificate: `${folder}/tls.crt`, key: `${folder}/tls.key`, ca: `${folder}/ca.crt` };
    return {
        "bootstrap.servers": bootstrap,
        "tls.crt": certificate,
        "tls.key": key,
        "ca.crt": authorities,
        "client.properties": lines({
            "bootstrap.servers": bootstrap,
            "security.protocol": "SSL",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.certificate.chain": inProperties(certificate),
            "ssl.keystore.key": inProperties(key),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.certificates": inProperties(authorities),
        }),
        "librdkafka.conf": lines({
            "bootstrap.servers": bootstrap,
            "security.protocol": "ssl",
            "ssl.ca.location": path.ca,
            "ssl.certificate.location": path.certificate,
            "ssl.key.location": path.key,
        }),
        "kafkajs.json": `${JSON.stringify(
            { brokers: [bootstrap], ssl: { ca: authorities, cert: certificate, key } },
            null,
            4,
        )}\n`,
        "kafkactl.yaml": stringify({
            contexts: {
                default: {
                    brokers: [bootstrap],
                    tls: { enabled: true, ca: path.ca, cert: path.certificate, certKey: path.key },
                },
            },
            "current-context": "default",
        }),
    };
}

function lines(settings: Record<string, string>): string {
    return Object.entries(settings)
        .map(([key, value]) => `${key}=${value}\n`)
        .join("");
}

/** A text of several lines as one value of a properties file. */
function inProperties(text: string): string {
    return text.trim().split("\n").join("\\n");
}

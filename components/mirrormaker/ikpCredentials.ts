/** What the bridge needs in order to log in to IKP, as files of a Secret and as settings that refer to them. */
import type { IkpConfig } from "../../config/schema/ikp.ts";
import { propertiesFile } from "../servers/propertiesFile.ts";

/** Where the bridge's pods mount the Secret. */
export const IKP_FOLDER = "/etc/ikp";

/** The CAs that Java trusts, where both images have them. */
const JAVA_CAS = "/usr/lib/jvm/jre-17/lib/security/cacerts";

export interface IkpCredentials {
    /** Contents by file name: all that may be secret. */
    readonly files: Record<string, string>;
    /** Settings of Kafka's clients. */
    readonly settings: Record<string, string>;
}

export function ikpCredentials({
    bootstrapServers,
    sasl,
    tls,
    authority,
}: Omit<IkpConfig, "ranges">): IkpCredentials {
    const files: Record<string, string> = { "bootstrap.servers": bootstrapServers.join(",") };
    const settings: Record<string, string> = {
        "bootstrap.servers": file("bootstrap.servers"),
        "security.protocol": sasl ? "SASL_SSL" : "SSL",
        "ssl.truststore.location": JAVA_CAS,
        "ssl.truststore.type": "JKS",
    };
    if (authority !== undefined) {
        files["ca.crt"] = authority;
        settings["ssl.truststore.location"] = `${IKP_FOLDER}/ca.crt`;
        settings["ssl.truststore.type"] = "PEM";
    }
    if (sasl) {
        files["sasl.jaas.config"] = jaas(sasl);
        settings["sasl.mechanism"] = sasl.mechanism;
        settings["sasl.jaas.config"] = file("sasl.jaas.config");
    }
    if (tls) {
        files["tls.crt"] = tls.certificate;
        files["tls.key"] = tls.key;
        settings["ssl.keystore.type"] = "PEM";
        settings["ssl.keystore.certificate.chain"] = file("tls.crt");
        settings["ssl.keystore.key"] = file("tls.key");
    }
    return { files, settings };
}

/** The properties file of Kafka's tools for IKP. They have no option for the addresses but that on the command line. */
export function ikpToolProperties({ settings }: Pick<IkpCredentials, "settings">): string {
    return propertiesFile({
        ...settings,
        "config.providers": "directory",
        "config.providers.directory.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
        "config.providers.directory.param.allowed.paths": IKP_FOLDER,
    });
}

/** A reference that MirrorMaker resolves in its memory only: neither its file nor its topics hold the value. */
const file = (name: string) => `\${directory:${IKP_FOLDER}:${name}}`;

function jaas({ mechanism, username, password }: NonNullable<IkpConfig["sasl"]>): string {
    const module =
        mechanism === "PLAIN"
            ? "org.apache.kafka.common.security.plain.PlainLoginModule"
            : "org.apache.kafka.common.security.scram.ScramLoginModule";
    const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
    return `${module} required username=${quoted(username)} password=${quoted(password)};`;
}

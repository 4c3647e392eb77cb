import { KEY_STORE, TRUST_STORE } from "./serverSecret.ts";

/**
 * Settings with the paths of a server's key store and trust store. Kafka and ZooKeeper spell the two words differently.
 *
 * @param folder where the Secret is mounted
 * @param words `keystore` and `truststore` as the server writes them
 */
export function storeSettings(
    prefix: string,
    folder: string,
    [keystore, truststore]: readonly [string, string] = ["keystore", "truststore"],
): Record<string, string> {
    return {
        [`${prefix}.${keystore}.location`]: `${folder}/${KEY_STORE}`,
        [`${prefix}.${keystore}.type`]: "PEM",
        [`${prefix}.${truststore}.location`]: `${folder}/${TRUST_STORE}`,
        [`${prefix}.${truststore}.type`]: "PEM",
    };
}

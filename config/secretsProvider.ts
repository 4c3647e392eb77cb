import type { ConfigIssue } from "../common/configIssue.ts";
import { isBlock, type Raw } from "./raw.ts";

const FIX =
    "which everybody who runs pulumi has to know, and nobody can take back; on Google Cloud encrypt them by a key of Cloud KMS (docs/prerequisites.md): pulumi stack change-secrets-provider gcpkms://KEY --stack STACK";

/**
 * The error of an environment on GKE whose secrets are encrypted by a passphrase: the keys of all servers and clients,
 * and the credentials of IKP, would be as safe as that.
 *
 * @param text the stack file, into which Pulumi writes what encrypts the secrets; without that, it is Pulumi Cloud
 * @param raw the program's keys in it
 */
export function secretsProviderIssues(text: string, raw: Raw): ConfigIssue[] {
    const [, provider] = /^["']?secretsprovider["']?:\s*["']?([^\s"'#]+)/m.exec(text) ?? [];
    const path = provider === undefined ? "encryptionsalt" : "secretsprovider";
    const byPassphrase =
        provider === undefined ? /^["']?encryptionsalt["']?:/m.test(text) : provider === "passphrase";
    return byPassphrase && isBlock(raw.gke)
        ? [{ path, message: `says that this stack's secrets are encrypted by a passphrase, ${FIX}` }]
        : [];
}

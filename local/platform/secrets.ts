import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { EMBEDDED_CONTEXT, kubeconfigPath } from "../../common/paths.ts";
import { type IssuedCertificate, newKey, type Subject, selfSigned, signed } from "../../provider/x509.ts";
import { allNodes, apiUrl, componentKubeconfig, network, secretsDir } from "./layout.ts";

/** Ten years: longer than any platform lives. */
const VALID_DAYS = 3650;

/** A file of {@link secretsDir}. */
export const secret = (file: string) => join(secretsDir, file);

/** Certificate and key of a node's kubelet. */
export const nodeCertificate = (node: string) => ({
    certificate: secret(`${node}.crt`),
    key: secret(`${node}.key`),
});

/** The users of the API server, and the groups that give them their permissions. */
const users: readonly { readonly file: string; readonly user: string; readonly groups: string }[] = [
    { file: "admin", user: "unity-admin", groups: "system:masters" },
    { file: "kube-controller-manager", user: "system:kube-controller-manager", groups: "" },
    { file: "kube-scheduler", user: "system:kube-scheduler", groups: "" },
    { file: "kube-proxy", user: "system:kube-proxy", groups: "" },
    { file: "kube-router", user: "unity:kube-router", groups: "" },
    { file: "coredns", user: "unity:coredns", groups: "" },
    { file: "provisioner", user: "unity:provisioner", groups: "" },
    ...allNodes.map(({ name }) => ({ file: name, user: `system:node:${name}`, groups: "system:nodes" })),
];

/**
 * Creates the platform's CA, certificates, tokens and kubeconfigs: all of them or none, and only once. They include
 * those of every possible node, as the API server reads its tokens only when it starts.
 */
export async function ensureSecrets(): Promise<void> {
    if (!existsSync(secretsDir)) {
        const unfinished = `${secretsDir}.new`;
        rmSync(unfinished, { recursive: true, force: true });
        mkdirSync(unfinished, { recursive: true, mode: 0o700 });
        await createCertificates(unfinished);
        createTokens(unfinished);
        renameSync(unfinished, secretsDir);
    }
    mkdirSync(dirname(kubeconfigPath), { recursive: true });
    writeFileSync(kubeconfigPath, readFileSync(componentKubeconfig("admin")), { mode: 0o600 });
}

async function createCertificates(folder: string): Promise<void> {
    const validity = { issuedAt: new Date().toISOString(), days: VALID_DAYS };
    const ca = await selfSigned({ commonName: "unity-embedded", ...validity }, await newKey());
    writeCertificate(folder, "ca", ca);
    const issue = async (file: string, subject: Subject) =>
        writeCertificate(folder, file, await signed({ ...subject, ...validity }, ca));
    await Promise.all([
        issue("apiserver", {
            commonName: "kube-apiserver",
            dnsNames: ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"],
            ipAddresses: [network.controlAddress, network.apiServiceAddress, "127.0.0.1"],
            usages: ["server"],
        }),
        // The API server's own, with which it asks a kubelet for logs, or to run something in a pod.
        issue("apiserver-client", {
            commonName: "unity:kube-apiserver",
            organization: "system:masters",
            dnsNames: [],
            usages: ["client"],
        }),
        ...allNodes.map(({ name, address }) =>
            issue(name, {
                commonName: `system:node:${name}`,
                organization: "system:nodes",
                dnsNames: [name],
                ipAddresses: [address],
                usages: ["server"],
            }),
        ),
    ]);
    writeFileSync(join(folder, "service-accounts.key"), serviceAccountKey(), { mode: 0o600 });
}

function writeCertificate(
    folder: string,
    name: string,
    { certificate, privateKey }: IssuedCertificate,
): void {
    writeFileSync(join(folder, `${name}.crt`), certificate);
    writeFileSync(join(folder, `${name}.key`), privateKey, { mode: 0o600 });
}

/** Signs the tokens of service accounts. The API server reads an EC key in SEC 1 form only, not as PKCS #8. */
function serviceAccountKey(): string {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

function createTokens(folder: string): void {
    const tokens: string[] = [];
    const ca = readFileSync(join(folder, "ca.crt")).toString("base64");
    for (const { file, user, groups } of users) {
        const token = randomBytes(32).toString("hex");
        tokens.push(`${token},${user},${file},"${groups}"`);
        writeFileSync(join(folder, `${file}.kubeconfig`), kubeconfig(user, token, ca), {
            mode: 0o600,
        });
    }
    writeFileSync(join(folder, "tokens.csv"), `${tokens.join("\n")}\n`, { mode: 0o600 });
}

function kubeconfig(user: string, token: string, ca: string): string {
    const cluster = EMBEDDED_CONTEXT;
    return stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: cluster, cluster: { server: apiUrl, "certificate-authority-data": ca } }],
        users: [{ name: user, user: { token } }],
        contexts: [{ name: EMBEDDED_CONTEXT, context: { cluster, user } }],
        "current-context": EMBEDDED_CONTEXT,
    });
}

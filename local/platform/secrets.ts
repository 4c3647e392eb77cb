import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { EMBEDDED_CONTEXT, kubeconfigPath } from "../../common/paths.ts";
import { run } from "../exec.ts";
import { allNodes, apiUrl, componentKubeconfig, network, secretsDir } from "./layout.ts";

/** Ten years: the platform is thrown away long before. */
const VALID_DAYS = "3650";

/** A file of {@link secretsDir}. */
export const secret = (file: string) => join(secretsDir, file);

/** Certificate of a node's kubelet; the key is beside it. */
export const nodeCertificate = (node: string) => ({
    certificate: secret(`${node}.crt`),
    key: secret(`${node}.key`),
});

/** Who may talk to the API server, and the groups that give them their rights. */
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
 * Creates the platform's authority, certificates, tokens and kubeconfigs, all at once or not at all; once there,
 * they stay. Credentials of every possible node are among them, since the API server reads tokens only once.
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
    const authority = { certificate: join(folder, "ca.crt"), key: join(folder, "ca.key") };
    await certify(folder, "ca", { subject: { CN: "unity-embedded" }, extensions: authorityExtensions });
    const sign = (name: string, subject: Subject, usage: string, names?: readonly string[]) => {
        const extensions = ["basicConstraints=critical,CA:FALSE", `extendedKeyUsage=${usage}`];
        if (names !== undefined) {
            extensions.push(`subjectAltName=${names.join(",")}`);
        }
        return certify(folder, name, { subject, extensions, authority });
    };
    const apiNames = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"];
    const apiAddresses = [network.controlAddress, network.apiServiceAddress, "127.0.0.1"];
    await Promise.all([
        sign("apiserver", { CN: "kube-apiserver" }, "serverAuth", [
            ...apiNames.map((name) => `DNS:${name}`),
            ...apiAddresses.map((address) => `IP:${address}`),
        ]),
        // What the API server shows to the kubelets when it asks for logs, or to run something in a pod.
        sign("apiserver-client", { CN: "unity:kube-apiserver", O: "system:masters" }, "clientAuth"),
        ...allNodes.map(({ name, address }) =>
            sign(name, { CN: `system:node:${name}`, O: "system:nodes" }, "serverAuth", [
                `DNS:${name}`,
                `IP:${address}`,
            ]),
        ),
    ]);
    writeFileSync(join(folder, "service-accounts.key"), newKey(), { mode: 0o600 });
}

function createTokens(folder: string): void {
    const tokens: string[] = [];
    const authority = readFileSync(join(folder, "ca.crt")).toString("base64");
    for (const { file, user, groups } of users) {
        const token = randomBytes(32).toString("hex");
        tokens.push(`${token},${user},${file},"${groups}"`);
        writeFileSync(join(folder, `${file}.kubeconfig`), kubeconfig(user, token, authority), {
            mode: 0o600,
        });
    }
    writeFileSync(join(folder, "tokens.csv"), `${tokens.join("\n")}\n`, { mode: 0o600 });
}

function kubeconfig(user: string, token: string, authority: string): string {
    const cluster = EMBEDDED_CONTEXT;
    return stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: cluster, cluster: { server: apiUrl, "certificate-authority-data": authority } }],
        users: [{ name: user, user: { token } }],
        contexts: [{ name: EMBEDDED_CONTEXT, context: { cluster, user } }],
        "current-context": EMBEDDED_CONTEXT,
    });
}

interface Subject {
    readonly CN: string;
    readonly O?: string;
}

interface Request {
    readonly subject: Subject;
    readonly extensions: readonly string[];
    /** Who signs; default: the certificate's own key. */
    readonly authority?: { readonly certificate: string; readonly key: string };
}

const authorityExtensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];

async function certify(folder: string, name: string, request: Request): Promise<void> {
    const key = join(folder, `${name}.key`);
    writeFileSync(key, newKey(), { mode: 0o600 });
    const config = [
        "[req]\nprompt=no\ndistinguished_name=subject\nx509_extensions=extensions",
        `[subject]\n${Object.entries(request.subject)
            .map(([field, value]) => `${field}=${value}`)
            .join("\n")}`,
        `[extensions]\n${request.extensions.join("\n")}\n`,
    ].join("\n");
    const signer =
        request.authority === undefined
            ? []
            : ["-CA", request.authority.certificate, "-CAkey", request.authority.key];
    const configPath = join(folder, `${name}.cnf`);
    writeFileSync(configPath, config);
    const out = ["-days", VALID_DAYS, "-out", join(folder, `${name}.crt`)];
    await run(["openssl", "req", "-x509", "-new", "-config", configPath, "-key", key, ...signer, ...out]);
    rmSync(configPath);
}

function newKey(): string {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

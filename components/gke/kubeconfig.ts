import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root, stateDir } from "../../common/paths.ts";
import { contextName, type GkeConfig } from "../../config/schema/gke.ts";

/** What a client needs to know of a cluster's control plane. */
export interface ControlPlane {
    /** Address of the Kubernetes API, without a scheme. */
    readonly endpoint: string;
    /** Certificate of the cluster's CA, PEM in base64. A DNS endpoint has one of a public CA instead. */
    readonly caCertificate?: string | undefined;
}

type Identity = Pick<GkeConfig, "project" | "location" | "cluster">;

/**
 * Text of a kubeconfig for a GKE cluster. It holds no credentials: for each call Google's plugin takes a
 * short-lived token from the Application Default Credentials, the same login that creates the cluster and its pools.
 */
export function renderKubeconfig(gke: Identity, { endpoint, caCertificate }: ControlPlane): string {
    const name = contextName(gke);
    const config = {
        apiVersion: "v1",
        kind: "Config",
        clusters: [
            {
                name,
                cluster: {
                    server: `https://${endpoint}`,
                    ...(caCertificate && { "certificate-authority-data": caCertificate }),
                },
            },
        ],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
        users: [
            {
                name,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "gke-gcloud-auth-plugin",
                        args: ["--use_application_default_credentials"],
                        installHint: "Install it with: gcloud components install gke-gcloud-auth-plugin",
                        interactiveMode: "Never",
                        provideClusterInfo: true,
                    },
                },
            },
        ],
    };
    return `${JSON.stringify(config, null, 4)}\n`;
}

/**
 * Writes the kubeconfig of a GKE cluster into the folder, if it differs.
 *
 * @returns its path from the project's folder: Pulumi's providers are started there, and a path that is the same on
 * every machine leaves the state as it was.
 */
export function writeKubeconfig(
    gke: Identity,
    controlPlane: ControlPlane,
    folder = join(stateDir, "kubeconfig"),
): string {
    const path = join(folder, `${contextName(gke)}.json`);
    const text = renderKubeconfig(gke, controlPlane);
    if (read(path) !== text) {
        mkdirSync(dirname(path), { recursive: true });
        // Whole or not at all: another run may be reading it.
        const draft = `${path}.${process.pid}`;
        writeFileSync(draft, text, { mode: 0o600 });
        renameSync(draft, path);
    }
    return `./${relative(root, path)}`;
}

function read(path: string): string | undefined {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return undefined;
    }
}

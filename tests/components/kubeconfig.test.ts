import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join, relative } from "node:path";
import { root, stateDir } from "../../common/paths.ts";
import { renderKubeconfig, writeKubeconfig } from "../../components/gke/kubeconfig.ts";

const gke = { project: "unity-test", location: "europe-west1", cluster: "kafka" };
const controlPlane = { endpoint: "203.0.113.10", caCertificate: "Y2VydGlmaWNhdGU=" };
const NAME = "gke_unity-test_europe-west1_kafka";

describe("the kubeconfig of a GKE cluster", () => {
    it("has the address of the cluster and no credentials", () => {
        assert.deepEqual(JSON.parse(renderKubeconfig(gke, controlPlane)), {
            apiVersion: "v1",
            kind: "Config",
            clusters: [
                {
                    name: NAME,
                    cluster: {
                        server: "https://203.0.113.10",
                        "certificate-authority-data": "Y2VydGlmaWNhdGU=",
                    },
                },
            ],
            contexts: [{ name: NAME, context: { cluster: NAME, user: NAME } }],
            "current-context": NAME,
            users: [
                {
                    name: NAME,
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
        });
    });

    describe("as a file", () => {
        let folder: string;
        const write = (endpoint = controlPlane.endpoint) =>
            writeKubeconfig(gke, { ...controlPlane, endpoint }, folder);
        const file = () => join(folder, `${NAME}.json`);
        beforeEach(() => {
            mkdirSync(stateDir, { recursive: true });
            folder = mkdtempSync(join(stateDir, "kubeconfig-"));
        });
        afterEach(() => rmSync(folder, { recursive: true }));

        it("is for its owner only, and named from the project's folder", () => {
            assert.equal(write(), `./${relative(root, file())}`);
            assert.equal(readFileSync(file(), "utf8"), renderKubeconfig(gke, controlPlane));
            assert.equal(statSync(file()).mode & 0o777, 0o600);
        });

        it("is replaced by a new address, and leaves no draft behind", () => {
            write();
            write("203.0.113.20");
            const text = renderKubeconfig(gke, { ...controlPlane, endpoint: "203.0.113.20" });
            assert.equal(readFileSync(file(), "utf8"), text);
            assert.deepEqual(readdirSync(folder), [`${NAME}.json`]);
        });

        it("is left alone as long as nothing changes", () => {
            write();
            utimesSync(file(), 1, 1);
            write();
            assert.equal(statSync(file()).mtimeMs, 1000);
        });
    });
});

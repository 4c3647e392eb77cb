import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ConnectionError } from "../../kafka/errors.ts";
import { loadKubeconfig } from "../../kafka/kubernetes/kubeconfig.ts";

/** A kubeconfig with a context of its own, and a cluster and a user whose names other files have too. */
function kubeconfig(name: string, over: object = {}): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": name,
        contexts: [{ name, context: { cluster: "shared", user: "shared" } }],
        clusters: [{ name: "shared", cluster: { server: `https://${name}` } }],
        users: [{ name: "shared", user: { token: name } }],
        ...over,
    });
}

describe("the cluster of a kubeconfig", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
        const files = {
            a: kubeconfig("a"),
            b: kubeconfig("b"),
            "no-current": kubeconfig("n", { "current-context": "" }),
            dangling: kubeconfig("d", { "current-context": "other" }),
            alone: kubeconfig("alone", {
                contexts: [{ name: "alone", context: { cluster: "mine", user: "mine" } }],
                clusters: [{ name: "mine", cluster: { server: "https://mine" } }],
                users: [{ name: "mine", user: { token: "mine" } }],
            }),
            empty: "",
            comment: "# nothing yet\n",
            broken: "[\n",
            token: "token",
        };
        for (const [name, text] of Object.entries(files)) {
            writeFileSync(join(folder, name), text);
        }
        mkdirSync(join(folder, "home/.kube"), { recursive: true });
        writeFileSync(join(folder, "home/.kube/config"), kubeconfig("home"));
    });
    after(() => rmSync(folder, { recursive: true }));

    const POD = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    /** What is chosen: context, address and token; or the message of an error. */
    function chosen(
        files: readonly string[] | undefined,
        { home = "home", env = {}, token = "none" }: { home?: string; env?: object; token?: string } = {},
    ): string {
        const list = files?.map((file) => (file === "" ? "" : join(folder, file))).join(delimiter);
        try {
            const config = loadKubeconfig(undefined, {
                env: { ...env, ...(list !== undefined && { KUBECONFIG: list }) },
                home: join(folder, home),
                tokenFile: join(folder, token),
            });
            const server = config.getCurrentCluster()?.server ?? "no cluster";
            return [config.getCurrentContext(), server, config.getCurrentUser()?.token]
                .filter(Boolean)
                .join(" ");
        } catch (error) {
            assert(error instanceof ConnectionError, String(error));
            return error.message.replaceAll(`${folder}/`, "");
        }
    }

    // Each as `kubectl config view --minify` 1.32 shows it, or as kubectl fails.
    const NONE = "There is no kubeconfig";
    const table: [title: string, actual: () => string, expected: string][] = [
        ["is that of ~/.kube/config without KUBECONFIG", () => chosen(undefined), "home https://home home"],
        ["is that of ~/.kube/config where KUBECONFIG is empty", () => chosen([""]), "home https://home home"],
        ["is that of the one file", () => chosen(["a"]), "a https://a a"],
        ["is by the current context of the first file", () => chosen(["a", "b"]), "a https://a a"],
        ["is by the order of the files", () => chosen(["b", "a"]), "b https://b b"],
        [
            "is by the current context of the second file where the first has none, with the first's cluster",
            () => chosen(["no-current", "a"]),
            "a https://n n",
        ],
        ["comes from the file that has it", () => chosen(["no-current", "alone"]), "alone https://mine mine"],
        ["passes over missing files", () => chosen(["missing", "b"]), "b https://b b"],
        ["passes over empty names", () => chosen(["", "a", ""]), "a https://a a"],
        ["passes over empty files", () => chosen(["empty", "comment", "a"]), "a https://a a"],
        ["is one, however often a file is named", () => chosen(["a", "a"]), "a https://a a"],
        ["is none where no file has a current context", () => chosen(["no-current"]), "no cluster"],
        ["is none where the current context is missing", () => chosen(["dangling", "a"]), "other no cluster"],
        [
            "is never that of ~/.kube/config where KUBECONFIG names another file",
            () => chosen(["missing"]),
            `${NONE} at missing, where KUBECONFIG points to`,
        ],
        ["needs a file", () => chosen(undefined, { home: "nobody" }), NONE],
        [
            "is the pod's own where there is no file",
            () => chosen(undefined, { home: "nobody", env: POD, token: "token" }),
            "inClusterContext https://10.0.0.1:443",
        ],
        [
            "is the pod's own where KUBECONFIG names a missing file",
            () => chosen(["missing"], { env: POD, token: "token" }),
            "inClusterContext https://10.0.0.1:443",
        ],
        [
            "is that of a file within a pod too",
            () => chosen(["a"], { env: POD, token: "token" }),
            "a https://a a",
        ],
        ["is not the pod's own without a token", () => chosen(undefined, { home: "nobody", env: POD }), NONE],
        [
            "is not the pod's own outside a pod",
            () => chosen(undefined, { home: "nobody", token: "token" }),
            NONE,
        ],
    ];
    for (const [title, actual, expected] of table) {
        it(title, () => {
            const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
            // client-node reads these two by itself.
            Object.assign(process.env, POD);
            try {
                assert.equal(actual(), expected);
            } finally {
                for (const [name, value] of Object.entries({
                    KUBERNETES_SERVICE_HOST: host,
                    KUBERNETES_SERVICE_PORT: port,
                })) {
                    if (value === undefined) {
                        delete process.env[name];
                    } else {
                        process.env[name] = value;
                    }
                }
            }
        });
    }

    it("is refused with the name of the file that is broken, or no file", () => {
        assert.match(chosen(["broken", "a"]), /^The kubeconfig broken cannot be read: \S/);
        assert.match(chosen(["home", "a"]), /^The kubeconfig home cannot be read: EISDIR/);
        assert.throws(() => loadKubeconfig(join(folder, "missing")), /missing cannot be read: ENOENT/);
    });
});

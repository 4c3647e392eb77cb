/** The text of a kubeconfig for an API server of a test, which speaks HTTP on this machine. */
export function fakeKubeconfig(port: number): string {
    return JSON.stringify({
        "current-context": "test",
        contexts: [{ name: "test", context: { cluster: "c", user: "u" } }],
        clusters: [
            { name: "c", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } },
        ],
        users: [{ name: "u", user: {} }],
    });
}

import assert from "node:assert/strict";
import { chmodSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { newRootCertificate } from "../provider/fixtures.ts";
import { cluster, folder, kubeconfig, type Outcome, serve, UNITY, unity } from "./fakeCluster.ts";

let file = "";

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
}

const project = (name: string): unknown => ({
    metadata: { name, labels: { "unity-kafka/project": name.replace("unity-", "") } },
});
const PROJECTS = "/api/v1/namespaces?labelSelector=unity-kafka/project,!unity-kafka/namespace";
/** The operator's Secret, with a certificate as good as any. */
async function operatorSecret(): Promise<object> {
    const { certificate, privateKey } = await newRootCertificate();
    const files = { "tls.crt": certificate, "tls.key": privateKey, "ca.crt": certificate };
    const data = Object.entries(files).map(([name, pem]) => [name, Buffer.from(pem).toString("base64")]);
    return { metadata: { name: "kafka-operator" }, data: Object.fromEntries(data) as object };
}
const OPERATOR = "/api/v1/namespaces/mine/secrets/kafka-operator";
const announced = (mode: string, namespace: string, name: string): string =>
    `Running in ${mode} mode\n${namespace}\nProcessing file: ${name}\n`;

function assertFailed({ status, stderr }: Outcome, code: number, line: RegExp): void {
    assert.match(stderr, line);
    assert.equal(stderr.trimEnd().split("\n").length, 1, `one line: ${stderr}`);
    assert.match(stderr, /^unity: \S.*\.\n$/);
    assert.equal(status, code);
}

describe("unity", function () {
    this.timeout(30_000);

    before(() => {
        file = join(folder, "file.txt");
        writeFileSync(file, "one\ntwo\n");
    });

    const wrong: Record<string, [string[], RegExp]> = {
        "no file name": [[], /Missing required argument 'FILENAME'\. See unity --help\./],
        "two file names": [["a", "b"], /Too many arguments/],
        "an unknown option": [["--bogus", "a"], /Unknown option '--bogus'/],
        "an unknown format": [["-o", "xml", "a"], /Allowed choices are text, json/],
        "a namespace without a name": [["a", "--namespace"], /argument missing/],
        "a time limit of nothing": [["--timeout", "0", "a"], /number of seconds/],
        "a time limit that is no number": [["--timeout", "soon", "a"], /number of seconds/],
    };
    for (const [name, [args, line]] of Object.entries(wrong)) {
        it(`refuses ${name} (exit 2)`, async () => {
            const outcome = await unity(args);
            assertFailed(outcome, 2, line);
            assert.equal(outcome.stdout, "");
        });
    }

    it("explains itself, with its exit codes", async () => {
        const { status, stdout, stderr } = await unity(["--help"]);
        assert.deepEqual([status, stderr], [0, ""]);
        assert.match(stdout, /unity \[--local\] \[--namespace NAME\] FILENAME/);
        for (const code of ["0", "1", "2", "10", "130, 143"]) {
            assert.match(stdout, new RegExp(`^  ${code} +[a-z]`, "m"));
        }
    });

    it("refuses a file that is not there (exit 2), after saying what it is about to do", async () => {
        const outcome = await unity(["--namespace", "demo", "no/such.txt"]);
        assertFailed(outcome, 2, /no\/such\.txt does not exist/);
        assert.equal(outcome.stdout, announced("REMOTE", "Using namespace: demo", "no/such.txt"));
    });

    for (const [word, command] of [
        ["stauts", "status"],
        ["Status", "status"],
        ["chekc", "check"],
        ["previw", "preview"],
        ["hlep", "help"],
        ["sz", undefined],
        ["nothing", undefined],
        ["stauts.txt", undefined],
    ] as const) {
        const meant = command === undefined ? "a file that does not exist" : `a mistyped ${command}`;
        it(`takes ${word} for ${meant} (exit 2)`, async () => {
            const outcome = await unity([word, ...(command ? ["--watch", "x"] : [])]);
            const line = command
                ? `^unity: Unknown command ${word}, and there is no file of that name\\. Did you mean unity ${command}\\?`
                : `^unity: ${word.replace(".", "\\.")} does not exist\\.`;
            assertFailed(outcome, 2, new RegExp(line));
            assert.equal(outcome.stdout, command ? "" : announced("REMOTE", "No namespace provided", word));
        });
    }

    it("sends a file that is named like a mistyped command", async () => {
        writeFileSync(join(folder, "stauts"), "one\n");
        assertFailed(await unity(["stauts"]), 1, /There is no kubeconfig/);
        rmSync(join(folder, "stauts"));
    });

    it("refuses an empty namespace, as an unset variable gives it (exit 2)", async () => {
        const outcome = await unity(["--namespace", "", file]);
        assertFailed(outcome, 2, /^unity: No namespace provided\. Give --namespace a name, or leave it out/);
        assert.equal(outcome.stdout, announced("REMOTE", "No namespace provided", file));
        assertFailed(await unity(["status", "--namespace="]), 2, /^unity: No namespace provided\./);
    });

    it("refuses an empty file and a folder (exit 2)", async () => {
        writeFileSync(join(folder, "empty"), "");
        assertFailed(await unity(["empty"]), 2, /empty is empty/);
        const outcome = await unity(["--local", "."]);
        assertFailed(outcome, 2, /\. is a folder/);
        assert.equal(outcome.stdout, announced("LOCAL", "No namespace provided", "."));
    });

    it("refuses a file without the permission to read it (exit 2)", async () => {
        writeFileSync(join(folder, "secret"), "x");
        chmodSync(join(folder, "secret"), 0);
        // Root may read everything, unless it has been told to forgo that.
        const asOthers = ["--bounding-set=-dac_override,-dac_read_search", UNITY, "secret"];
        const refused = process.getuid?.() === 0 ? unity(asOthers, {}, "setpriv") : unity(["secret"]);
        assertFailed(await refused, 2, /secret cannot be read: permission denied/);
    });

    it("needs a kubeconfig (exit 1)", async () => {
        assertFailed(await unity([file], { KUBECONFIG: "/nonexistent" }), 1, /\/nonexistent/);
        const outcome = await unity([file]);
        assertFailed(outcome, 1, /There is no kubeconfig/);
        assert.equal(outcome.stdout, announced("REMOTE", "No namespace provided", file));
    });

    it("needs a cluster that answers (exit 1)", async () => {
        const outcome = await unity([file], kubeconfig(await closedPort()));
        assertFailed(
            outcome,
            1,
            /The cluster "test" at http:\/\/127\.0\.0\.1:\d+ does not answer \(.*ECONNREFUSED/,
        );
    });

    it("does not wait for ever for a cluster that says nothing (exit 1)", async () => {
        const env = await serve(() => undefined);
        const started = Date.now();
        assertFailed(await unity([file], env), 1, /does not answer \(no answer within 8 s/);
        assert.ok(Date.now() - started < 20_000);
    });

    it("says that the cluster rejected the credentials (exit 1)", async () => {
        assertFailed(
            await unity([file], await cluster({ [PROJECTS]: 401 })),
            1,
            /rejected your credentials \(401\)\. Log in/,
        );
    });

    it("refuses a context that does not exist (exit 2)", async () => {
        assertFailed(
            await unity(["--context", "other", file], kubeconfig(1)),
            2,
            /no kube context "other".*test/,
        );
    });

    it("lists the Projects when there are several to choose from, or none (exit 2)", async () => {
        const items = [project("unity-b"), project("unity-a")];
        const several = await unity([file], await cluster({ [PROJECTS]: { items } }));
        assertFailed(several, 2, /There are 2 Projects: unity-a, unity-b\. Choose one with --namespace/);
        assertFailed(
            await unity([file], await cluster({ [PROJECTS]: { items: [] } })),
            2,
            /There is no Project/,
        );
        assertFailed(await unity([file], await cluster({})), 2, /not allowed to list the Projects/);
    });

    it("refuses a namespace that is no Project, and lists those that are (exit 2)", async () => {
        const env = await cluster({
            [PROJECTS]: { items: [project("unity-a")] },
            "/api/v1/namespaces/other": { metadata: { name: "other" } },
            "/api/v1/namespaces/nowhere": 404,
        });
        const other = await unity(["--namespace", "other", file], env);
        assertFailed(other, 2, /"other" is not a Project .*Choose one of: unity-a\./);
        assert.equal(other.stdout, announced("REMOTE", "Using namespace: other", file));
        assertFailed(
            await unity(["--namespace", "nowhere", file], env),
            2,
            /does not exist .*Choose one of: unity-a\./,
        );
    });

    it("asks for nothing but the Project's own namespace when it is named", async () => {
        const sets = "/apis/apps/v1/namespaces/mine/statefulsets/kafka";
        const named = ["--namespace", "mine", file];
        assertFailed(
            await unity(named, await cluster({})),
            1,
            /not allowed to read StatefulSets in namespace "mine"/,
        );
        assertFailed(await unity(named, await cluster({ [sets]: 404 })), 2, /"mine" is not a Project/);
        const set = { [sets]: { metadata: { name: "kafka" }, spec: { replicas: 3 } } };
        assertFailed(await unity(named, await cluster(set)), 1, /permission to get Secret kafka-operator/);
        const undeployed = await cluster({ ...set, [OPERATOR]: 404 });
        assertFailed(
            await unity(named, undeployed),
            1,
            /has no Secret kafka-operator\. Complete the deployment/,
        );
        const env = await cluster({ ...set, [OPERATOR]: await operatorSecret() });
        assertFailed(await unity(named, env), 1, /not allowed to forward ports .*create pods\/portforward/);
    });

    it("says when a Project's Kafka does not answer (exit 1)", async () => {
        const env = await cluster({
            "/api/v1/namespaces/mine": project("mine"),
            "/apis/apps/v1/namespaces/mine/statefulsets/kafka": { metadata: {}, spec: { replicas: 3 } },
            [OPERATOR]: await operatorSecret(),
            ...Object.fromEntries(
                [0, 1, 2].map((n) => [`/api/v1/namespaces/mine/pods/kafka-${n}/portforward?ports=9092`, 404]),
            ),
        });
        const outcome = await unity(["--timeout", "2", "--namespace", "mine", file], env);
        assertFailed(outcome, 1, /No progress for 2 seconds .*mine\/kafka-\d:9092.*404/);
    });

    it("keeps stdout for JSON when asked to", async () => {
        const { status, stdout, stderr } = await unity(["-o", "json", file], kubeconfig(1));
        assert.deepEqual([status, stdout], [1, ""]);
        assert.ok(stderr.startsWith(announced("REMOTE", "No namespace provided", file)));
        assert.equal(stderr.trimEnd().split("\n").length, 4);
    });

    it("shows where an error comes from with --debug only", async () => {
        const { status, stderr } = await unity(["--debug", file], { KUBECONFIG: "/nonexistent" });
        assert.equal(status, 1);
        assert.match(stderr, /\n {4}at /);
    });

    it("works through symlinks", async () => {
        symlinkSync(UNITY, join(folder, "direct"));
        symlinkSync("direct", join(folder, "link"));
        assertFailed(await unity(["nothing"], {}, join(folder, "link")), 2, /nothing does not exist/);
    });
});

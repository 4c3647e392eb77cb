import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Answer, googleChecks } from "../../cli/doctor/google.ts";
import { AUTH_PLUGIN, googleLogin, pulumiChecks, type Run } from "../../cli/doctor/tools.ts";
import { root } from "../../common/paths.ts";
import { environmentOf, projectOf } from "../config/fixtures.ts";

const CREATE = {
    network: "vpc",
    subnetwork: "nodes",
    podRange: "pods",
    serviceRange: "services",
    controlPlaneRange: "172.16.0.0/28",
    authorizedNetworks: [{ name: "office", range: "198.51.100.0/24" }],
    secretsKey: "projects/keys/locations/europe-west1/keyRings/ring/cryptoKeys/secrets",
};

/** What programs say: their standard output by command line, or that they are missing or fail. */
const saying =
    (answers: Readonly<Record<string, string | Error>>): Run =>
    async (program, args) => {
        const answer = answers[[program, ...args].join(" ")];
        return answer === undefined
            ? { missing: true }
            : answer instanceof Error
              ? { failure: answer.message }
              : { stdout: answer };
    };

const PULUMI = {
    "pulumi version": "v3.259.0",
    "pulumi whoami --json": '{"user":"me","url":"gs://state"}',
    "pulumi stack ls --json": '[{"name":"organization/unity-kafka/dev"}]',
};

const lines = (checks: readonly { state: string; about: string; what: string; next?: string }[]) =>
    checks.map(({ state, about, what, next }) => [state, about, what, ...(next ? [next] : [])].join(" | "));

describe("unity doctor, about Pulumi", () => {
    it("finds the CLI, the backend and the stack, and asks for a key that the workflows have", async () => {
        assert.deepEqual(lines(await pulumiChecks("dev", true, saying(PULUMI))), [
            "ok | Pulumi's CLI | 3.259.0",
            "ok | backend | gs://state",
            "ok | stack | dev exists",
            "problem | secrets provider | the stack's secrets are encrypted by a passphrase, which the workflows do not have | Change it: pulumi stack change-secrets-provider gcpkms://KEY --stack dev",
        ]);
    });

    it("says what to do about an old CLI, a backend without login and a missing stack", async () => {
        const about = async (answers: object) =>
            lines(await pulumiChecks("local", false, saying({ ...PULUMI, ...answers }))).slice(0, -1);
        assert.equal(
            (await about({ "pulumi version": "v3.99.1" }))[0],
            "problem | Pulumi's CLI | 3.99.1 is older than the SDK (3.259.0) | Install 3.259.0 or later",
        );
        assert.deepEqual((await about({ "pulumi whoami --json": new Error("no login") })).slice(1), [
            "problem | backend | no login | Log in with pulumi login gs://BUCKET, or set PULUMI_BACKEND_URL",
            "not checked | stack | that takes the backend",
        ]);
        assert.deepEqual((await about({})).slice(1), [
            "ok | backend | gs://state",
            "problem | stack | the backend has no stack local | Create it: pulumi stack init local",
        ]);
    });

    it("checks nothing that takes a CLI which is missing", async () => {
        assert.deepEqual(lines(await pulumiChecks("local", false, saying({}))), [
            "problem | Pulumi's CLI | it is not on PATH | Install version 3.259.0",
            "not checked | backend | that takes Pulumi's CLI",
            "not checked | stack | that takes Pulumi's CLI",
            "ok | secrets provider | a passphrase",
        ]);
    });
});

describe("unity doctor, about the login to Google", () => {
    const VERSION = { [`${AUTH_PLUGIN} --version`]: "v1" };
    const LOGIN = `${AUTH_PLUGIN} --use_application_default_credentials`;

    it("gets a token by the plugin that Kubernetes takes it from", async () => {
        const found = await googleLogin(saying({ ...VERSION, [LOGIN]: '{"status":{"token":"secret"}}' }));
        assert.equal(found.token, "secret");
        assert.deepEqual(lines(found.checks), [
            `ok | ${AUTH_PLUGIN} | found`,
            "ok | Google credentials | a token was issued",
        ]);
    });

    it("tells a missing plugin from a missing login", async () => {
        const missing = await googleLogin(saying({}));
        assert.equal(missing.token, undefined);
        assert.deepEqual(lines(missing.checks), [
            `problem | ${AUTH_PLUGIN} | it is not on PATH | Install it: gcloud components install ${AUTH_PLUGIN}`,
            "not checked | Google credentials | that takes the plugin",
        ]);
        const loggedOut = await googleLogin(saying({ ...VERSION, [LOGIN]: new Error("no credentials") }));
        assert.deepEqual(lines(loggedOut.checks).slice(1), [
            "problem | Google credentials | no credentials | Log in: gcloud auth application-default login",
        ]);
    });
});

describe("unity doctor, about Google Cloud", () => {
    const environment = environmentOf([projectOf("one")]);
    const creating = { ...environment.gke!, create: CREATE } as NonNullable<typeof environment.gke>;
    const API = /serviceusage/;
    const CLUSTER = /clusters\/unity$/;
    const REGION = /regions\/europe-west1$/;
    const ROUTERS = /routers$/;
    const services = (enabled: (name: string) => boolean) => (url: string) => ({
        services: [...new URL(url).searchParams.getAll("names")].map((name) => ({
            name: name.replace("acme-unity", "123"),
            state: enabled(name) ? "ENABLED" : "DISABLED",
        })),
    });

    /** Where nothing answers. */
    const address = "127.0.0.1:1";

    async function checks(
        answers: readonly (readonly [RegExp, number, object | ((url: string) => object)])[],
        gke = environment.gke!,
    ): Promise<string[]> {
        const get = async (url: string): Promise<Answer> => {
            const [, status, body] = answers.find(([pattern]) => pattern.test(url)) ?? [url, 403, {}];
            return { status, body: typeof body === "function" ? body(url) : body };
        };
        return lines(await googleChecks(environment, gke, get));
    }

    it("finds everything in order before the cluster is created", async () => {
        const found = await checks(
            [
                [API, 200, services(() => true)],
                [CLUSTER, 404, {}],
                [REGION, 200, { quotas: [{ metric: "N2_CPUS", limit: 500 }] }],
                [ROUTERS, 200, { items: [{ network: "https://x/networks/vpc", nats: [{}] }] }],
            ],
            creating,
        );
        assert.deepEqual(found, [
            "ok | Google's APIs | 6 are enabled",
            "ok | cluster | unity does not exist yet; unity up creates it",
            "not checked | Kubernetes API | there is no cluster yet",
            "ok | quota | N2_CPUS: 12 of 500 in europe-west1",
            "ok | Cloud NAT | network vpc has it in europe-west1",
        ]);
    });

    it("says what to do about each thing that is missing", async () => {
        const found = await checks(
            [
                [API, 200, services((name) => !name.includes("kms"))],
                [CLUSTER, 200, { status: "RUNNING", endpoint: address }],
                [REGION, 200, { quotas: [{ metric: "N2_CPUS", limit: 8 }] }],
                [ROUTERS, 200, { items: [{ network: "https://x/networks/other", nats: [{}] }] }],
            ],
            creating,
        );
        assert.deepEqual(found, [
            "problem | Google's APIs | cloudkms.googleapis.com is not enabled | Enable: gcloud services enable --project acme-unity cloudkms.googleapis.com",
            "ok | cluster | unity is RUNNING",
            "problem | Kubernetes API | https://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1 | Work from a network that the cluster authorizes, or open its DNS endpoint to external traffic",
            "problem | quota | N2_CPUS: 12 vCPUs are needed and 8 allowed in europe-west1 | Ask for more in Google's console under IAM, Quotas",
            "problem | Cloud NAT | network vpc has none in europe-west1, so private nodes cannot pull images from the internet | Create it as docs/prerequisites.md says, or use an image in Artifact Registry",
        ]);
    });

    it("goes by the DNS endpoint where that is open, and misses a cluster that nothing creates", async () => {
        const dnsEndpointConfig = { endpoint: "127.0.0.1:2", allowExternalTraffic: true };
        const cluster = {
            status: "RUNNING",
            endpoint: "10.0.0.2",
            controlPlaneEndpointsConfig: { dnsEndpointConfig },
        };
        assert.match(
            (await checks([[CLUSTER, 200, cluster]]))[2]!,
            /https:\/\/127\.0\.0\.1:2: connect ECONNREFUSED/,
        );
        assert.match(
            (await checks([[CLUSTER, 404, {}]]))[1]!,
            /^problem \| cluster \| europe-west1 of acme-unity has no cluster unity \| Correct gke\.project/,
        );
    });

    it("does not take what it may not see for a problem, nor Google's silence", async () => {
        const denied = await checks([[/./, 403, { error: { message: "denied\nmore" } }]], creating);
        assert(
            denied.every((line) => line.startsWith("not checked | ")),
            denied.join("\n"),
        );
        assert.equal(
            denied[0],
            "not checked | Google's APIs | denied | Grant the account serviceusage.services.get, or ask somebody who has it",
        );
        const silent = await googleChecks(environment, environment.gke!, async () => {
            throw new Error("no answer");
        });
        assert(silent.every(({ state }) => state === "not checked"));
        assert.equal(silent[0]?.what, "Google does not answer: no answer");
    });
});

describe("unity doctor", () => {
    const folder = mkdtempSync(join(tmpdir(), "unity-doctor-"));
    after(() => rmSync(folder, { recursive: true }));

    function doctor(...args: string[]) {
        const fake = `#!/bin/sh\ncase "$*" in
  version) echo v3.259.0 ;;
  "whoami --json") echo '{"url":"file:///state"}' ;;
  "stack ls --json") echo '[{"name":"local"}]' ;;
esac\n`;
        writeFileSync(join(folder, "pulumi"), fake, { mode: 0o755 });
        writeFileSync(join(folder, AUTH_PLUGIN), '#!/bin/sh\n[ "$1" = --version ]\n', { mode: 0o755 });
        return spawnSync(join(root, "cli/unity"), ["doctor", ...args], {
            cwd: root,
            encoding: "utf8",
            env: { PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter) },
        });
    }

    it("shows each check with its result (exit 0 without a problem)", () => {
        const { status, stdout, stderr } = doctor("--stack", "local");
        assert.deepEqual([status, stderr], [0, ""]);
        assert.equal(
            stdout,
            `OK           config            Pulumi.local.yaml is valid
OK           Pulumi's CLI      3.259.0
OK           backend           file:///state
OK           stack             local exists
OK           secrets provider  a passphrase
not checked  Kubernetes API    the stack is for the embedded platform
                               Next: Start it with npm start

No problem was found.
`,
        );
    });

    it("exits with 10 where there is a problem, and prints JSON on request", () => {
        const { status, stdout } = doctor("--stack", "dev", "-o", "json");
        assert.equal(status, 10);
        const { stack, checks } = JSON.parse(stdout);
        assert.equal(stack, "dev");
        assert.deepEqual(
            checks.find(({ about }: { about: string }) => about === "stack"),
            {
                state: "problem",
                about: "stack",
                what: "the backend has no stack dev",
                next: "Create it: pulumi stack init dev --secrets-provider gcpkms://KEY",
            },
        );
    });

    it("needs a stack that exists (exit 2)", () => {
        assert.equal(doctor("--stack", "nope").status, 2);
    });
});

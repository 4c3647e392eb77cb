/** What Google Cloud says of the project, network and cluster of an environment. */
import { regionOf } from "../../common/google/locations.ts";
import type { Environment } from "../../config/schema/environment.ts";
import { noAnswerFrom } from "../../kafka/kubernetes/reachability.ts";
import { pack } from "../../planning/binPacking.ts";
import { nodesKept } from "../../planning/cost.ts";
import { familyOf, machine } from "../../planning/machineTypes.ts";
import { type Check, notChecked, ok, problem } from "./check.ts";

type Gke = NonNullable<Environment["gke"]>;

/** An answer of Google's: its HTTP status, and its JSON. */
export interface Answer {
    readonly status: number;
    readonly body: unknown;
}

/** Asks Google for a URL. @throws Error where nothing answers */
export type Get = (url: string) => Promise<Answer>;

/** APIs that an environment on GKE needs. */
const APIS = ["compute", "container", "cloudkms", "iam", "cloudresourcemanager", "storage"];

/** Compute Engine's quota of CPUs by family of machines, where it is known to this program. */
const CPU_QUOTA: Readonly<Record<string, string>> = {
    e2: "CPUS",
    n2: "N2_CPUS",
    n2d: "N2D_CPUS",
    c2: "C2_CPUS",
    c2d: "C2D_CPUS",
    c3: "C3_CPUS",
    t2d: "T2D_CPUS",
};

/** Asks with the token of the login, for ten seconds at most. */
export function getWith(token: string): Get {
    return async (url) => {
        const response = await fetch(url, {
            headers: { authorization: `Bearer ${token}` },
            signal: AbortSignal.timeout(10_000),
        });
        return { status: response.status, body: await response.json().catch(() => ({})) };
    };
}

/** All checks that take Google's answers, beside each other. */
export async function googleChecks(environment: Environment, gke: Gke, get: Get): Promise<Check[]> {
    const checks: [about: string, check: Promise<Check[]>][] = [
        ["Google's APIs", apiCheck(gke, get)],
        ["cluster", clusterChecks(gke, get)],
        ["quota", quotaChecks(environment, gke, get)],
        ["Cloud NAT", natCheck(gke, get)],
    ];
    const found = checks.map(([about, check]) =>
        check.catch((error: unknown) => [
            notChecked(about, `Google does not answer: ${(error as Error).message}`),
        ]),
    );
    return (await Promise.all(found)).flat();
}

/** The check of an answer that is a refusal, or undefined where it is none. */
function refusal(about: string, { status, body }: Answer, permission: string): Check[] | undefined {
    if (status < 400) {
        return undefined;
    }
    const { error } = body as { error?: { message?: string } };
    const what = error?.message?.split("\n")[0] ?? `HTTP ${status}`;
    const next = status === 403 ? `Grant the account ${permission}, or ask somebody who has it` : undefined;
    return [notChecked(about, what, next)];
}

async function apiCheck({ project }: Gke, get: Get): Promise<Check[]> {
    const about = "Google's APIs";
    const names = APIS.map((name) => `${name}.googleapis.com`);
    const query = names.map((name) => `names=projects/${project}/services/${name}`).join("&");
    const answer = await get(
        `https://serviceusage.googleapis.com/v1/projects/${project}/services:batchGet?${query}`,
    );
    const refused = refusal(about, answer, "serviceusage.services.get");
    if (refused) {
        return refused;
    }
    const { services = [] } = answer.body as { services?: { name: string; state: string }[] };
    const enabled = services
        .filter(({ state }) => state === "ENABLED")
        .map(({ name }) => name.split("/").at(-1));
    const missing = names.filter((name) => !enabled.includes(name));
    return [
        missing.length === 0
            ? ok(about, `${names.length} are enabled`)
            : problem(
                  about,
                  `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not enabled`,
                  `Enable: gcloud services enable --project ${project} ${missing.join(" ")}`,
              ),
    ];
}

async function clusterChecks(gke: Gke, get: Get): Promise<Check[]> {
    const { project, location, cluster, create } = gke;
    const answer = await get(
        `https://container.googleapis.com/v1/projects/${project}/locations/${location}/clusters/${cluster}`,
    );
    if (answer.status === 404) {
        return [
            create
                ? ok("cluster", `${cluster} does not exist yet; unity up creates it`)
                : problem(
                      "cluster",
                      `${location} of ${project} has no cluster ${cluster}`,
                      "Correct gke.project, gke.location or gke.cluster, or add gke.create",
                  ),
            notChecked("Kubernetes API", "there is no cluster yet"),
        ];
    }
    const refused = refusal("cluster", answer, "container.clusters.get");
    if (refused) {
        return [...refused, notChecked("Kubernetes API", "that takes the address of the cluster")];
    }
    const found = answer.body as {
        status?: string;
        endpoint?: string;
        controlPlaneEndpointsConfig?: {
            dnsEndpointConfig?: { endpoint?: string; allowExternalTraffic?: boolean };
        };
    };
    const dns = found.controlPlaneEndpointsConfig?.dnsEndpointConfig;
    const address = dns?.allowExternalTraffic && dns.endpoint ? dns.endpoint : found.endpoint;
    const status = found.status ?? "of unknown status";
    const isRunning = status === "RUNNING" || status === "RECONCILING";
    return [
        isRunning
            ? ok("cluster", `${cluster} is ${status}`)
            : problem("cluster", `${cluster} is ${status}`, "Wait, or see why in Google's console"),
        await reachable(address),
    ];
}

async function reachable(address: string | undefined): Promise<Check> {
    const about = "Kubernetes API";
    if (address === undefined) {
        return notChecked(about, "the cluster has no address yet");
    }
    const reason = await noAnswerFrom(`https://${address}`);
    return reason === undefined
        ? ok(about, `${address} answers`)
        : problem(
              about,
              reason,
              "Work from a network that the cluster authorizes, or open its DNS endpoint to external traffic",
          );
}

/** vCPUs that the nodes of an environment take by families, against the quotas of the region. */
async function quotaChecks(environment: Environment, gke: Gke, get: Get): Promise<Check[]> {
    const region = regionOf(gke.location);
    const answer = await get(
        `https://compute.googleapis.com/compute/v1/projects/${gke.project}/regions/${region}`,
    );
    const refused = refusal("quota", answer, "compute.regions.get");
    if (refused) {
        return refused;
    }
    const { quotas = [] } = answer.body as { quotas?: { metric: string; limit: number }[] };
    const packing = pack(environment, gke);
    const needed = new Map<string, number>();
    for (const pool of gke.nodePools) {
        const family = familyOf(pool.machineType);
        const nodes = [...nodesKept(pool, packing).values()].reduce((all, each) => all + each, 0);
        needed.set(family, (needed.get(family) ?? 0) + nodes * (machine(pool.machineType)?.cpus ?? 0));
    }
    return [...needed].map(([family, cpus]) => {
        const metric = CPU_QUOTA[family];
        const limit = quotas.find((quota) => quota.metric === metric)?.limit;
        if (limit === undefined) {
            return notChecked("quota", `that of ${family} in ${region} is not known here`);
        }
        return cpus <= limit
            ? ok("quota", `${metric}: ${cpus} of ${limit} in ${region}`)
            : problem(
                  "quota",
                  `${metric}: ${cpus} vCPUs are needed and ${limit} allowed in ${region}`,
                  "Ask for more in Google's console under IAM, Quotas",
              );
    });
}

/** Whether private nodes reach the internet, and with it the registry of the image. */
async function natCheck({ project, location, create }: Gke, get: Get): Promise<Check[]> {
    const about = "Cloud NAT";
    if (!create) {
        return [notChecked(about, "the network is that of the existing cluster")];
    }
    const region = regionOf(location);
    const answer = await get(
        `https://compute.googleapis.com/compute/v1/projects/${project}/regions/${region}/routers`,
    );
    const refused = refusal(about, answer, "compute.routers.list");
    if (refused) {
        return refused;
    }
    const { items = [] } = answer.body as { items?: { network?: string; nats?: unknown[] }[] };
    const has = items.some(
        ({ network, nats = [] }) => network?.endsWith(`/networks/${create.network}`) && nats.length > 0,
    );
    return [
        has
            ? ok(about, `network ${create.network} has it in ${region}`)
            : problem(
                  about,
                  `network ${create.network} has none in ${region}, so private nodes cannot pull images from the internet`,
                  "Create it as docs/prerequisites.md says, or use an image in Artifact Registry",
              ),
    ];
}

/** Asks a registry of images, by the API that OCI's distribution specification describes. */
import { createHash } from "node:crypto";
import type { ImageReference } from "../config/image.ts";
import { reasonOf } from "../kafka/errors.ts";
import { exitCode, UnityError } from "./errors.ts";

/** Time for one answer, ms. */
const TIME_LIMIT = 30_000;

/** The index of all platforms where there is one: its digest is the same on every machine. */
const MANIFESTS = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const DOCKER_HUB = /^((registry-1|index|www)\.)?docker\.io$/;

/**
 * The digest that a tag stands for now, such as `sha256:...`.
 *
 * @throws UnityError when the registry cannot be reached, has no such tag or asks for a login
 */
export async function digestOf({ registry, repository }: ImageReference, tag: string): Promise<string> {
    const isHub = registry === undefined || DOCKER_HUB.test(registry);
    const host = isHub ? "registry-1.docker.io" : registry;
    const path = isHub && !repository.includes("/") ? `library/${repository}` : repository;
    // Registries on this machine have no certificates, as for docker.
    const scheme = /^(localhost|127\.[\d.]+)(:\d+)?$/.test(host) ? "http" : "https";
    const url = `${scheme}://${host}/v2/${path}/manifests/${tag}`;
    const image = `${path}:${tag}`;
    const headers: Record<string, string> = { Accept: MANIFESTS };
    let answer = await ask(url, "HEAD", headers, host);
    if (answer.status === 401) {
        const token = await tokenFor(answer.headers.get("www-authenticate") ?? "", url, host);
        if (token !== undefined) {
            headers.Authorization = `Bearer ${token}`;
            answer = await ask(url, "HEAD", headers, host);
        }
    }
    if (answer.status === 401 || answer.status === 403) {
        throw new UnityError(
            `${host} does not let everybody read ${image} (HTTP ${answer.status})`,
            "Get the digest with a tool that is logged in, and write @sha256:... after the tag in the stack file",
            exitCode.failed,
        );
    }
    if (answer.status === 404) {
        throw new UnityError(
            `${host} has no image ${image}`,
            "Correct image in the stack file",
            exitCode.failed,
        );
    }
    if (!answer.ok) {
        throw new UnityError(
            `${host} answered HTTP ${answer.status} for ${image}`,
            "Try again later",
            exitCode.failed,
        );
    }
    return (
        answer.headers.get("docker-content-digest") ?? digestOfContent(await ask(url, "GET", headers, host))
    );
}

async function digestOfContent(answer: Response): Promise<string> {
    return `sha256:${createHash("sha256")
        .update(Buffer.from(await answer.arrayBuffer()))
        .digest("hex")}`;
}

/** A token for anonymous reading, where the registry says who issues one. */
async function tokenFor(challenge: string, url: string, host: string): Promise<string | undefined> {
    const fields = Object.fromEntries(
        [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    if (!/^bearer /i.test(challenge) || !URL.canParse(fields.realm ?? "", url)) {
        return undefined;
    }
    const issuer = new URL(fields.realm!, url);
    for (const name of ["service", "scope"]) {
        if (fields[name] !== undefined) {
            issuer.searchParams.set(name, fields[name]);
        }
    }
    const answer = await ask(issuer.href, "GET", {}, host);
    if (!answer.ok) {
        return undefined;
    }
    const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string };
    return token ?? access_token;
}

async function ask(
    url: string,
    method: "GET" | "HEAD",
    headers: Record<string, string>,
    host: string,
): Promise<Response> {
    try {
        return await fetch(url, { method, headers, signal: AbortSignal.timeout(TIME_LIMIT) });
    } catch (error) {
        const cause = (error as Error).cause ?? error;
        throw new UnityError(
            `The registry ${host} cannot be reached (${reasonOf(cause)})`,
            "Check the network, and image in the stack file",
            exitCode.failed,
            error,
        );
    }
}

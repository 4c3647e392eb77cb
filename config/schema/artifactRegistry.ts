/** Where images are, and whether nodes without public addresses reach it. */
import { parseImage } from "../image.ts";

/** A repository of Artifact Registry. */
export interface ArtifactRepository {
    readonly project: string;
    /** Region or multi-region. */
    readonly location: string;
    readonly repository: string;
}

const DOCKER_HUB = "docker.io";

/** Registry of an image, as its name says it: `quay.io` of `quay.io/strimzi/kafka:1`. */
export function registryOf(image: string): string {
    return partsOf(image).registry;
}

/** @param image a valid image, which the schema has checked */
function partsOf(image: string): { readonly registry: string; readonly path: string } {
    const reference = parseImage(image);
    const registry = typeof reference === "object" ? reference.registry : undefined;
    return registry === undefined
        ? { registry: DOCKER_HUB, path: image }
        : { registry, path: image.slice(registry.length + 1) };
}

/** Repositories of Artifact Registry behind the host names of the former Container Registry. */
const GCR_LOCATIONS: Readonly<Record<string, string>> = {
    "gcr.io": "us",
    "us.gcr.io": "us",
    "eu.gcr.io": "europe",
    "asia.gcr.io": "asia",
};

/** The repository of Artifact Registry that an image is in; undefined for an image of any other registry. */
export function artifactRepositoryOf(image: string): ArtifactRepository | undefined {
    const { registry, path } = partsOf(image);
    const [project = "", repository = ""] = path.split("/");
    if (Object.hasOwn(GCR_LOCATIONS, registry)) {
        return { project, location: GCR_LOCATIONS[registry]!, repository: registry };
    }
    const [, location] = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(registry) ?? [];
    return location === undefined ? undefined : { project, location, repository };
}

/** The name of an image of another registry, pulled through a remote repository of Artifact Registry. */
export function throughRepository(
    image: string,
    { project, location, repository }: ArtifactRepository,
): string {
    return `${location}-docker.pkg.dev/${project}/${repository}/${partsOf(image).path}`;
}

/** Address of a registry as a remote repository wants it. */
export function upstreamOf(registry: string): string {
    return `https://${registry === DOCKER_HUB ? "registry-1.docker.io" : registry}`;
}

/** The image of the servers: its name in the grammar of OCI, and what its tag says. */

/** A reference to an image, such as `quay.io/strimzi/kafka:0.45.2-kafka-3.9.2@sha256:...`. */
export interface ImageReference {
    /** Host and port; absent for Docker Hub. */
    readonly registry?: string;
    readonly repository: string;
    readonly tag?: string;
    readonly digest?: string;
}

export const IMAGE =
    "must be an image with a tag that ends in a version of Kafka 3, such as repository/kafka:0.45.2-kafka-3.9.2, or with a sha256 digest";

const COMPONENT = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;
const REGISTRY = /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:\d{1,5})?$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MAX_NAME = 255;

/** The parts of an image's name, or what is wrong with it. */
export function parseImage(image: string): ImageReference | string {
    const [name = "", digest, ...others] = image.split("@");
    if (others.length > 0 || (digest !== undefined && !DIGEST.test(digest))) {
        return "must have a digest of sha256: and 64 digits from 0 to 9 and a to f";
    }
    const slash = name.lastIndexOf("/");
    const colon = name.indexOf(":", slash + 1);
    const tag = colon === -1 ? undefined : name.slice(colon + 1);
    if (tag !== undefined && !TAG.test(tag)) {
        return "must have a tag of 1 to 128 letters, digits, dots, dashes or underscores";
    }
    const path = (colon === -1 ? name : name.slice(0, colon)).split("/");
    const first = path[0]!;
    const hasRegistry = path.length > 1 && (/[.:]/.test(first) || first === "localhost");
    const repository = (hasRegistry ? path.slice(1) : path).join("/");
    if (hasRegistry && !REGISTRY.test(first)) {
        return "must begin with the host of a registry, such as quay.io";
    }
    if (/[A-Z]/.test(repository)) {
        return `must have a repository without capital letters: ${repository.toLowerCase()}`;
    }
    if (!repository.split("/").every((part) => COMPONENT.test(part)) || repository.length > MAX_NAME) {
        return "must have a repository of lower-case letters and digits, with single dots, dashes and underscores between them";
    }
    return {
        ...(hasRegistry && { registry: first }),
        repository,
        ...(tag !== undefined && { tag }),
        ...(digest !== undefined && { digest }),
    };
}

/** Lines of Strimzi whose images have the metrics agent where the servers load it from. */
const STRIMZI = { first: 42, last: 45 } as const;

/** Repositories on Docker Hub whose images have no metrics agent, with which no server starts. */
const WITHOUT_AGENT = /^(apache\/kafka(-native)?|bitnami(legacy)?\/kafka)$/;

/** The version of Kafka that an image has, as its tag ends in it; undefined where there is none. */
export function kafkaVersionOf({ tag }: ImageReference): string | undefined {
    return /(?:^|[^\d.])(3\.\d+\.\d+)$/.exec(tag ?? "")?.[1];
}

/** What is wrong with an image, to be read after its path; undefined where the servers may start with it. */
export function imageError(image: string): string | undefined {
    const reference = parseImage(image);
    if (typeof reference === "string") {
        return reference;
    }
    const { registry, repository, tag, digest } = reference;
    // Kafka 4 has no ZooKeeper mode, and a tag without a version could change under running clusters.
    const isPinned = digest !== undefined && !/(^|[^\d.])([4-9]|\d\d+)\.\d+\.\d+$/.test(tag ?? "");
    if (!isPinned && (kafkaVersionOf(reference) === undefined || tag!.includes("latest"))) {
        return IMAGE;
    }
    const isHub = registry === undefined || /^(.+\.)?docker\.io$/.test(registry);
    if (isHub && WITHOUT_AGENT.test(repository)) {
        return "is an image without the Prometheus JMX agent, with which no server starts; use one of Strimzi";
    }
    const line = /^0\.(\d+)\.\d+-kafka-/.exec(tag ?? "")?.[1];
    if (line !== undefined && Number(line) > STRIMZI.last) {
        return `is of Strimzi 0.${line}, which has no ZooKeeper and has the Prometheus JMX agent elsewhere; use 0.${STRIMZI.last}`;
    }
    if (line !== undefined && Number(line) < STRIMZI.first) {
        return `is of Strimzi 0.${line}, which has an older Prometheus JMX agent, with which no server starts; use 0.${STRIMZI.last}`;
    }
    return undefined;
}

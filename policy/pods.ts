/** Rules over what a pod is made from and how it is run. */
import { rulesOf } from "./rule.ts";
import { someKnown, valueOr } from "./unknown.ts";
import { anyContainer, type Container, podOf, SERVERS, WORKLOADS, type Workload } from "./workload.ts";

/** Whether an image is named by a digest, or by the tag of a version. */
function isPinned(image: string): boolean {
    if (/@sha256:[0-9a-f]{64}$/.test(image)) {
        return true;
    }
    const tag = /:([^:/@]+)$/.exec(image)?.[1];
    return tag !== undefined && !tag.includes("latest");
}

/** Whether an environment variable holds a secret itself, rather than the path of its file. */
function hasSecretVariable({ env = [], envFrom = [] }: Container): boolean {
    return (
        someKnown(envFrom, ({ secretRef }) => secretRef !== undefined) ||
        someKnown(
            env,
            (variable) =>
                variable.valueFrom?.secretKeyRef !== undefined ||
                (/PASSWORD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL/i.test(variable.name) &&
                    !/_(FILE|PATH)$/i.test(variable.name) &&
                    // A value that is unknown yet is one all the same.
                    valueOr(true, () => Boolean(variable.value))),
        )
    );
}

function isMemoryFixed({ resources }: Container): boolean {
    const [request, limit] = [resources?.requests?.memory, resources?.limits?.memory];
    return request !== undefined && request === limit;
}

const imageAndResources = rulesOf<Workload>(WORKLOADS, {
    "pod-image-pinned": {
        description: "Every image is named with a version.",
        remediation: "Name the image with a tag other than latest, or with a sha256 digest.",
        violates: (workload) => anyContainer(workload, ({ image }) => !isPinned(image ?? "")),
    },
    "pod-no-secret-variables": {
        description:
            "No secret is in the environment of a container, where every child process and every dump shows it.",
        remediation: "Mount the secret as a file, and pass the path of the file if need be.",
        violates: (workload) => anyContainer(workload, hasSecretVariable),
    },
    "pod-fixed-memory": {
        description: "Every container is scheduled with all the memory that it may use.",
        remediation:
            "Set resources.limits.memory to the value of resources.requests.memory, in each container.",
        violates: (workload) => anyContainer(workload, (container) => !isMemoryFixed(container)),
    },
    "pod-requests-cpu": {
        description: "Every container asks for CPU, so that a node is not filled beyond what it has.",
        remediation: "Set resources.requests.cpu of each container.",
        violates: (workload) =>
            anyContainer(workload, ({ resources }) => resources?.requests?.cpu === undefined),
    },
});

const probes = rulesOf<Workload>(SERVERS, {
    "pod-probes": {
        description: "Every server has a startup, a liveness and a readiness probe.",
        remediation: "Set startupProbe, livenessProbe and readinessProbe of each container.",
        violates: (workload) =>
            someKnown(
                podOf(workload).containers,
                ({ startupProbe, livenessProbe, readinessProbe }) =>
                    !(startupProbe && livenessProbe && readinessProbe),
            ),
    },
});

export const podRules = [...imageAndResources, ...probes];

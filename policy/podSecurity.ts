/**
 * Rules over what a pod may do on its node. Most are the Pod Security Standard `restricted` once more: the namespace
 * would refuse the pod in the middle of a roll, a preview refuses it before.
 */
import { rulesOf } from "./rule.ts";
import { someKnown } from "./unknown.ts";
import { anyContainer, podOf, WORKLOADS, type Workload } from "./workload.ts";

/** Users of a host have lower numbers; checkov draws the same line (CKV_K8S_40). */
const HIGHEST_HOST_USER = 10_000;

export const podSecurityRules = rulesOf<Workload>(WORKLOADS, {
    "pod-non-root": {
        description: "No container runs as root.",
        remediation: "Set runAsNonRoot to true in the securityContext of the pod.",
        violates: (workload) =>
            anyContainer(
                workload,
                ({ securityContext: own }, { securityContext: shared }) =>
                    (own?.runAsNonRoot ?? shared?.runAsNonRoot) !== true,
            ),
    },
    "pod-high-user": {
        description: `Every container runs as a user above ${HIGHEST_HOST_USER}, which no host uses.`,
        remediation: `Set runAsUser in the securityContext of the pod to a number above ${HIGHEST_HOST_USER}.`,
        violates: (workload) =>
            anyContainer(
                workload,
                ({ securityContext: own }, { securityContext: shared }) =>
                    !((own?.runAsUser ?? shared?.runAsUser ?? 0) > HIGHEST_HOST_USER),
            ),
    },
    "pod-no-escalation": {
        description: "No container is privileged or can become so.",
        remediation:
            "Set allowPrivilegeEscalation to false in the securityContext of each container, and leave out privileged.",
        violates: (workload) =>
            anyContainer(
                workload,
                ({ securityContext }) =>
                    securityContext?.allowPrivilegeEscalation !== false ||
                    securityContext.privileged === true,
            ),
    },
    "pod-no-capabilities": {
        description: "No container has Linux capabilities.",
        remediation:
            "Set capabilities to {drop: [ALL]} in the securityContext of each container, and add none.",
        violates: (workload) =>
            anyContainer(workload, ({ securityContext }) => {
                const { drop = [], add = [] } = securityContext?.capabilities ?? {};
                return !drop.includes("ALL") || add.length > 0;
            }),
    },
    "pod-read-only-root": {
        description: "No container writes to its root file system.",
        remediation:
            "Set readOnlyRootFilesystem to true in the securityContext of each container, and mount volumes to write to.",
        violates: (workload) =>
            anyContainer(workload, ({ securityContext }) => securityContext?.readOnlyRootFilesystem !== true),
    },
    "pod-seccomp": {
        description: "Every container runs under a seccomp profile.",
        remediation: "Set seccompProfile to {type: RuntimeDefault} in the securityContext of the pod.",
        violates: (workload) =>
            anyContainer(workload, ({ securityContext: own }, { securityContext: shared }) => {
                const profile = own?.seccompProfile ?? shared?.seccompProfile;
                return !["RuntimeDefault", "Localhost"].includes(profile?.type ?? "");
            }),
    },
    "pod-no-token": {
        description: "No pod holds a token for the Kubernetes API.",
        remediation: "Set automountServiceAccountToken of the pod to false.",
        violates: (workload) => podOf(workload).automountServiceAccountToken !== false,
    },
    "pod-no-host-namespaces": {
        description: "No pod shares network, processes or ports with its host.",
        remediation: "Leave out hostNetwork, hostPID, hostIPC and hostPort.",
        violates: (workload) => {
            const { hostNetwork, hostPID, hostIPC } = podOf(workload);
            return (
                [hostNetwork, hostPID, hostIPC].includes(true) ||
                anyContainer(workload, ({ ports = [] }) =>
                    someKnown(ports, ({ hostPort }) => Boolean(hostPort)),
                )
            );
        },
    },
    "pod-no-host-path": {
        description: "No pod mounts a folder of its host.",
        remediation: "Replace hostPath by a PVC, an emptyDir or a projected volume.",
        violates: (workload) =>
            someKnown(podOf(workload).volumes ?? [], ({ hostPath }) => hostPath !== undefined),
    },
});

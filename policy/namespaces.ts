/** Rules over namespaces: every pod meets the Pod Security Standard `restricted`. */
import type { NamespaceArgs } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { Unwrap } from "@pulumi/pulumi";
import { PROJECT_LABEL } from "../common/names.ts";
import { rulesOf } from "./rule.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";

const label = ({ metadata }: Unwrap<NamespaceArgs>, name: string): string => metadata?.labels?.[name] ?? "";

export const namespaceRules = rulesOf<NamespaceArgs>(["kubernetes:core/v1:Namespace"], {
    "namespace-restricted": {
        description: "Every namespace enforces the Pod Security Standard restricted.",
        remediation: `Set the label ${ENFORCE} of the namespace to restricted.`,
        violates: (namespace) => label(namespace, ENFORCE) !== "restricted",
    },
    "namespace-standard-pinned": {
        description: "Every namespace pins the version of its Pod Security Standard.",
        remediation: `Set the label ${ENFORCE}-version to a version such as v1.34: with latest, an upgrade of the cluster could refuse running servers.`,
        violates: (namespace) => !/^v1\.\d+$/.test(label(namespace, `${ENFORCE}-version`)),
    },
    "namespace-project": {
        description: "Every namespace names its Project.",
        remediation: `Set the label ${PROJECT_LABEL} of the namespace to the Project's name.`,
        violates: (namespace) => label(namespace, PROJECT_LABEL) === "",
    },
});

/** Rules over permissions in Kubernetes and in the Google Cloud project. */
import type { IAMMemberArgs } from "@pulumi/gcp/projects/iammember.js";
import type { ServiceAccountArgs } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { rulesOf } from "./rule.ts";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";

/** Google's basic roles that can change nearly everything in a project. */
const BROAD_ROLES = ["roles/owner", "roles/editor"];
const EVERYBODY = ["allUsers", "allAuthenticatedUsers"];

export const accountRules = rulesOf<ServiceAccountArgs>(["kubernetes:core/v1:ServiceAccount"], {
    "account-no-token": {
        description: "No service account mounts its token into pods.",
        remediation: "Set automountServiceAccountToken of the service account to false.",
        violates: ({ automountServiceAccountToken }) => automountServiceAccountToken !== false,
    },
});

export const roleRules = rulesOf<unknown>(
    ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].map((kind) => `${RBAC}:${kind}`),
    {
        "no-kubernetes-roles": {
            description: "Nothing that this program creates may use the Kubernetes API.",
            remediation: "Leave out the role or its binding: servers need nothing of the Kubernetes API.",
            violates: () => true,
        },
    },
);

const GRANTS = [
    "gcp:projects/iAMMember:IAMMember",
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
];

const members = rulesOf<Pick<IAMMemberArgs, "role" | "member">>(GRANTS, {
    "grant-narrow-role": {
        description: "Nobody is granted a basic role of Google's.",
        remediation: `Grant the narrowest role that does, such as roles/container.defaultNodeServiceAccount to nodes; not ${BROAD_ROLES.join(" or ")}.`,
        violates: ({ role }) => BROAD_ROLES.includes(role),
    },
    "grant-known-member": {
        description: "No role is granted to everybody.",
        remediation: `Name the account or group; not ${EVERYBODY.join(" or ")}.`,
        violates: ({ member }) => EVERYBODY.includes(member),
    },
});

const authoritative = rulesOf<unknown>(
    ["gcp:projects/iAMBinding:IAMBinding", "gcp:projects/iAMPolicy:IAMPolicy"],
    {
        "grant-adds-only": {
            description: "Grants of others in the Google Cloud project are left alone.",
            remediation:
                "Use IAMMember, which adds one grant; IAMBinding and IAMPolicy remove all that they do not name.",
            violates: () => true,
        },
    },
);

export const grantRules = [...members, ...authoritative];

/** Rules over who may do what, in Kubernetes and in the Google Cloud project. */
import type { IAMMemberArgs } from "@pulumi/gcp/projects/iammember.js";
import type { ServiceAccountArgs } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { rulesOf } from "./rule.ts";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";

/** Google's basic roles that can change nearly everything in a project. */
const BROAD_ROLES = ["roles/owner", "roles/editor"];
const EVERYBODY = ["allUsers", "allAuthenticatedUsers"];

export const accountRules = rulesOf<ServiceAccountArgs>(["kubernetes:core/v1:ServiceAccount"], {
    "account-no-token": {
        description: "No service account hands its token to pods unasked.",
        fix: "Set automountServiceAccountToken of the service account to false.",
        broken: ({ automountServiceAccountToken }) => automountServiceAccountToken !== false,
    },
});

export const roleRules = rulesOf<unknown>(
    ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].map((kind) => `${RBAC}:${kind}`),
    {
        "no-kubernetes-roles": {
            description: "Nothing that this program makes may use the Kubernetes API.",
            fix: "Leave out the role or its binding: servers need nothing of the Kubernetes API.",
            broken: () => true,
        },
    },
);

const members = rulesOf<IAMMemberArgs>(["gcp:projects/iAMMember:IAMMember"], {
    "grant-narrow-role": {
        description: "Nobody is granted a basic role of Google's.",
        fix: `Grant the narrowest role that does, such as roles/container.defaultNodeServiceAccount to nodes; not ${BROAD_ROLES.join(" or ")}.`,
        broken: ({ role }) => BROAD_ROLES.includes(role),
    },
    "grant-known-member": {
        description: "Nothing is granted to everybody.",
        fix: `Name the account or group that is meant; not ${EVERYBODY.join(" or ")}.`,
        broken: ({ member }) => EVERYBODY.includes(member),
    },
});

const authoritative = rulesOf<unknown>(
    ["gcp:projects/iAMBinding:IAMBinding", "gcp:projects/iAMPolicy:IAMPolicy"],
    {
        "grant-adds-only": {
            description: "Grants of others in the Google Cloud project are left alone.",
            fix: "Use IAMMember, which adds one grant; IAMBinding and IAMPolicy take away all that they do not name.",
            broken: () => true,
        },
    },
);

export const grantRules = [...members, ...authoritative];

import { createHash } from "node:crypto";
import { IAMMember } from "@pulumi/gcp/projects/iammember.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "../../config/schema/gke.ts";

export interface NodeServiceAccountArgs {
    readonly gke: Pick<GkeConfig, "project" | "location" | "cluster">;
}

/** All that a node needs, by Google's "Harden your cluster security": to write logs and metrics, to pull images. */
const ROLE = "roles/container.defaultNodeServiceAccount";

/** The account that the nodes run as, instead of the project's default account, which may edit everything. */
export class NodeServiceAccount extends pulumi.ComponentResource {
    public readonly email: pulumi.Output<string>;

    constructor(name: string, args: NodeServiceAccountArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:NodeAccount", name, {}, opts);
        const { project, location, cluster } = args.gke;
        const account = new Account(
            `${name}-account`,
            {
                project,
                accountId: accountId(args.gke),
                displayName: `Nodes for Kafka in ${location}/${cluster}`,
            },
            { parent: this },
        );
        new IAMMember(
            `${name}-role`,
            { project, role: ROLE, member: pulumi.interpolate`serviceAccount:${account.email}` },
            { parent: this },
        );
        this.email = account.email;
        this.registerOutputs({ email: this.email });
    }
}

/** 6 to 30 characters, as Google wants; clusters of one name in several places must not share an account. */
function accountId({ location, cluster }: NodeServiceAccountArgs["gke"]): string {
    const hash = createHash("sha256").update(`${location}/${cluster}`).digest("hex").slice(0, 6);
    return `${cluster.slice(0, 17)}-nodes-${hash}`;
}

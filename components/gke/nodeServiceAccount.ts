import { RepositoryIamMember } from "@pulumi/gcp/artifactregistry/repositoryIamMember.js";
import { IAMMember } from "@pulumi/gcp/projects/iammember.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import * as pulumi from "@pulumi/pulumi";
import { artifactRepositoryOf } from "../../config/schema/artifactRegistry.ts";
import type { GkeConfig } from "../../config/schema/gke.ts";
import { digest } from "../digest.ts";

export interface NodeServiceAccountArgs {
    readonly gke: Pick<GkeConfig, "project" | "location" | "cluster">;
    /** Image of the servers: the nodes may read its repository, if that is of Artifact Registry. */
    readonly image: string;
}

/** The least that a node needs, by Google's "Harden your cluster security": to write logs and metrics. */
const ROLE = "roles/container.defaultNodeServiceAccount";
/** To pull the images of a repository, which {@link ROLE} does not include. */
const READER = "roles/artifactregistry.reader";

/** The service account of the nodes, instead of the project's default one, which may edit everything. */
export class NodeServiceAccount extends pulumi.ComponentResource {
    public readonly email: pulumi.Output<string>;

    constructor(name: string, args: NodeServiceAccountArgs, opts?: pulumi.ComponentResourceOptions) {
        super(
            "unity-kafka:index:NodeServiceAccount",
            name,
            {},
            pulumi.mergeOptions(opts, { aliases: [{ type: "unity-kafka:index:NodeAccount" }] }),
        );
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
        const member = pulumi.interpolate`serviceAccount:${account.email}`;
        new IAMMember(`${name}-role`, { project, role: ROLE, member }, { parent: this });
        const repository = artifactRepositoryOf(args.image);
        if (repository) {
            new RepositoryIamMember(
                `${name}-reader`,
                { ...repository, role: READER, member },
                // This program may be about to create the repository.
                { parent: this, dependsOn: opts?.dependsOn ?? [] },
            );
        }
        this.email = account.email;
        this.registerOutputs({ email: this.email });
    }
}

/** 6 to 30 characters, as Google wants; clusters of one name in several places must not share an account. */
function accountId({ location, cluster }: NodeServiceAccountArgs["gke"]): string {
    return `${cluster.slice(0, 17)}-nodes-${digest(`${location}/${cluster}`).slice(0, 6)}`;
}

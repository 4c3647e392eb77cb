import { Repository } from "@pulumi/gcp/artifactregistry/repository.js";
import * as pulumi from "@pulumi/pulumi";
import { regionOf } from "../../common/google/locations.ts";
import type { GkeConfig } from "../../config/schema/gke.ts";

export interface RemoteRepositoryArgs {
    readonly gke: Pick<GkeConfig, "project" | "location">;
    readonly remoteRepository: NonNullable<GkeConfig["remoteRepository"]>;
    /** Its labels. */
    readonly resourceLabels: Readonly<Record<string, string>> | undefined;
}

/**
 * A remote repository of Artifact Registry: nodes pull images of another registry through it, without a way to the
 * internet of their own, and go on doing so while that registry is down.
 */
export class RemoteRepository extends pulumi.ComponentResource {
    constructor(name: string, args: RemoteRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:RemoteRepository", name, {}, opts);
        const { gke, remoteRepository, resourceLabels } = args;
        new Repository(
            `${name}-repository`,
            {
                project: gke.project,
                location: regionOf(gke.location),
                repositoryId: remoteRepository.name,
                description: `Images of ${remoteRepository.upstream}`,
                format: "DOCKER",
                labels: resourceLabels,
                mode: "REMOTE_REPOSITORY",
                remoteRepositoryConfig: { commonRepository: { uri: remoteRepository.upstream } },
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

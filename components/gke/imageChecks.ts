/** Whether nodes without public addresses can pull an image, as Google says at this moment. */
import { getRepository } from "@pulumi/gcp/artifactregistry/getRepository.js";
import { getRouters } from "@pulumi/gcp/compute/getRouters.js";
import type * as pulumi from "@pulumi/pulumi";
import { regionOf } from "../../common/google/locations.ts";
import { artifactRepositoryOf, registryOf } from "../../config/schema/artifactRegistry.ts";
import type { GkeConfig } from "../../config/schema/gke.ts";
import { isNotFound } from "./googleApi.ts";

/**
 * Why nodes could not pull the image, or nothing. Of a cluster that this program creates, config has been checked.
 *
 * @param network network of the cluster: its name, or `projects/PROJECT/global/networks/NAME`
 * @throws Error where Google's API does not answer
 */
export async function imageErrors(
    gke: GkeConfig,
    image: string,
    network: string,
    opts: pulumi.InvokeOptions,
): Promise<string[]> {
    const repository = artifactRepositoryOf(image);
    if (repository) {
        return gke.remoteRepository ? [] : await repositoryErrors(repository, opts);
    }
    if (gke.create || gke.otherEgress) {
        return [];
    }
    const [, project = gke.project] = /projects\/([^/]+)\/global\/networks\//.exec(network) ?? [];
    const region = regionOf(gke.location);
    const { routers } = await getRouters({ project, region }, opts);
    const name = network.split("/").at(-1);
    const hasNat = routers.some(
        (router) => router.network.split("/").at(-1) === name && router.nats.length > 0,
    );
    return hasNat
        ? []
        : [
              `The image is on ${registryOf(image)}, which the nodes do not reach: they have no public addresses, and network ${name} has no Cloud NAT in ${region}. Next: add gke.remoteRepository (docs/gke.md), or a Cloud NAT, or set gke.otherEgress: true if there is another way out`,
          ];
}

async function repositoryErrors(
    { project, location, repository }: NonNullable<ReturnType<typeof artifactRepositoryOf>>,
    opts: pulumi.InvokeOptions,
): Promise<string[]> {
    try {
        await getRepository({ project, location, repositoryId: repository }, opts);
        return [];
    } catch (error) {
        if (!isNotFound(error)) {
            throw error;
        }
        return [
            `There is no repository ${repository} in ${location} of project ${project}, where the image should be. Next: correct image (gcloud artifacts repositories list --project ${project} lists them), or add gke.remoteRepository`,
        ];
    }
}

/** A look at what exists in Google Cloud, before anything is registered. */
import { type GetClusterResult, getCluster } from "@pulumi/gcp/container/getCluster.js";
import * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "../../config/schema/gke.ts";
import { apiError, isNotFound } from "./googleApi.ts";
import { errorText, missingCluster, runPreflightChecks } from "./preflightChecks.ts";

export interface InspectionOptions {
    /** Whether this stack creates the cluster, if config says how; then it may be missing, and is not checked. */
    readonly base: boolean;
    /** The provider to ask. */
    readonly provider: pulumi.ProviderResource;
}

/**
 * The cluster as Google describes it; undefined where this stack is about to create it. Warnings are logged.
 *
 * @throws pulumi.RunError with all errors of the pre-flight checks, or that of Google's API
 */
export async function inspectCluster(
    gke: GkeConfig,
    { base, provider }: InspectionOptions,
): Promise<GetClusterResult | undefined> {
    const { project, location, cluster: name } = gke;
    const creates = base && gke.create !== undefined;
    const found = await getCluster({ project, location, name }, { provider }).catch((error: unknown) => {
        if (!isNotFound(error)) {
            throw apiError(error, `the GKE cluster ${name} in ${location} of project ${project}`, project);
        }
        if (!creates) {
            throw new pulumi.RunError(errorText(gke, [missingCluster(gke)]));
        }
        return undefined;
    });
    if (found === undefined || creates) {
        return found;
    }
    const { errors, warnings } = runPreflightChecks(found, gke);
    if (errors.length > 0) {
        throw new pulumi.RunError(errorText(gke, errors));
    }
    for (const warning of warnings) {
        await pulumi.log.warn(warning);
    }
    return found;
}

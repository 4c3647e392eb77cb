/** A look at what exists in Google Cloud, before anything is registered. */
import { type GetClusterResult, getCluster } from "@pulumi/gcp/container/getCluster.js";
import * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "../../config/schema/gke.ts";
import type { Collector } from "../../config/schema/monitoring.ts";
import { apiError, apiErrorText, isNotFound } from "./googleApi.ts";
import { imageErrors } from "./imageChecks.ts";
import { machineTypeErrors } from "./machineTypes.ts";
import { errorText, missingCluster, type PreflightResult, runPreflightChecks } from "./preflightChecks.ts";

export interface InspectionOptions {
    /** Whether this stack creates the cluster, if config says how; then it may be missing, and is not checked. */
    readonly base: boolean;
    /** Image of the servers. */
    readonly image: string;
    /** What is to collect metrics. */
    readonly collector: Collector;
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
    { base, image, collector, provider }: InspectionOptions,
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
    const { errors, warnings } =
        found && !creates ? runPreflightChecks(found, gke, collector) : { errors: [], warnings: [] };
    if (base) {
        const live = await liveChecks(gke, image, found?.network ?? "", provider);
        errors.push(...live.errors);
        warnings.push(...live.warnings);
    }
    if (errors.length > 0) {
        throw new pulumi.RunError(errorText(gke, errors));
    }
    for (const warning of warnings) {
        await pulumi.log.warn(warning);
    }
    return found;
}

/** What only Google knows of zones and repositories. An account that may not ask gets a warning instead. */
async function liveChecks(
    gke: GkeConfig,
    image: string,
    network: string,
    provider: pulumi.ProviderResource,
): Promise<PreflightResult> {
    const checks: [what: string, errors: Promise<string[]>][] = [
        ["the machine types of the zones", machineTypeErrors(gke, { provider })],
        ["whether nodes reach the image", imageErrors(gke, image, network, { provider })],
    ];
    const result: PreflightResult = { errors: [], warnings: [] };
    await Promise.all(
        checks.map(([what, errors]) =>
            errors.then(
                (lines) => result.errors.push(...lines),
                (error: unknown) => result.warnings.push(apiErrorText(error, what, gke.project)),
            ),
        ),
    );
    return result;
}

import { Router } from "@pulumi/gcp/compute/router.js";
import { RouterNat } from "@pulumi/gcp/compute/routerNat.js";
import * as pulumi from "@pulumi/pulumi";
import { regionOf } from "../../common/google/locations.ts";
import type { GkeConfig } from "../../config/schema/gke.ts";
import type { GkeCreation } from "../../config/schema/gkeCreation.ts";

export interface NatArgs {
    readonly gke: Pick<GkeConfig, "project" | "location" | "cluster">;
    readonly create: Pick<GkeCreation, "network" | "subnetwork">;
}

/** Cloud NAT for the nodes of a cluster and its pods alone: a way out to the internet, and none in. */
export class Nat extends pulumi.ComponentResource {
    constructor(name: string, args: NatArgs, opts?: pulumi.ComponentResourceOptions) {
        super("unity-kafka:index:Nat", name, {}, opts);
        const { gke, create } = args;
        const place = { project: gke.project, region: regionOf(gke.location) };
        const router = new Router(
            `${name}-router`,
            { ...place, name: `${gke.cluster}-nat`, network: create.network },
            { parent: this },
        );
        new RouterNat(
            `${name}-gateway`,
            {
                ...place,
                name: `${gke.cluster}-nat`,
                router: router.name,
                natIpAllocateOption: "AUTO_ONLY",
                // Other subnetworks may have a NAT already, and a subnetwork can have only one.
                sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
                subnetworks: [{ name: create.subnetwork, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
                logConfig: { enable: true, filter: "ERRORS_ONLY" },
            },
            { parent: this },
        );
        this.registerOutputs({});
    }
}

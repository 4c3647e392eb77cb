/** Whether the zones of node pools have their machine types, as Google says at this moment. */
import { getMachineTypes } from "@pulumi/gcp/compute/getMachineTypes.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GkeConfig } from "../../config/schema/gke.ts";
import { allPools } from "../../planning/model.ts";

/**
 * One line for each pool with a machine type that zones of it do not have. No table can tell: Google brings families
 * to zones every month.
 *
 * @throws Error where Google's API does not answer
 */
export async function machineTypeErrors(gke: GkeConfig, opts: pulumi.InvokeOptions): Promise<string[]> {
    const pools = allPools(gke);
    const zones = [...new Set(pools.flatMap((pool) => pool.zones))];
    const found = new Map(
        await Promise.all(
            zones.map(async (zone): Promise<[string, string[]]> => {
                const wanted = pools.filter((pool) => pool.zones.includes(zone));
                const filter = [...new Set(wanted.map(({ machineType }) => machineType))]
                    .map((type) => `(name = "${type}")`)
                    .join(" OR ");
                const { machineTypes } = await getMachineTypes({ project: gke.project, zone, filter }, opts);
                return [zone, machineTypes.map(({ name }) => name)];
            }),
        ),
    );
    return pools.flatMap(({ name, machineType, zones: own }) => {
        const without = own.filter((zone) => !found.get(zone)!.includes(machineType));
        return without.length === 0
            ? []
            : [
                  `Pool ${name}: ${without.join(" and ")} ${without.length > 1 ? "have" : "has"} no ${machineType}. Next: choose another machine type or other zones (gcloud compute machine-types list --project ${gke.project} --zones ${without.join(",")} lists those that exist)`,
              ];
    });
}

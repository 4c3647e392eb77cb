/** What config may say of a cluster on GKE that this program creates. */
import { z } from "zod";
import { clientRangeError, controlPlaneRangeError, firstAddress } from "../../common/google/addresses.ts";
import { maintenanceError, RECURRENCE } from "../../common/google/maintenance.ts";
import { duplicates } from "../errors.ts";
import { flag, text, whole } from "./fields.ts";
import { googleName, kmsKey, matching, networkName, subnetworkName } from "./googleNames.ts";
import { systemPoolSchema } from "./nodePools.ts";
import { withRules } from "./rules.ts";

const CIDR = "must be a range of addresses, such as 10.0.0.0/8";
const RRULE =
    "must be FREQ=DAILY, or FREQ=WEEKLY with days from SU, MO, TU, WE, TH, FR, SA, such as FREQ=WEEKLY;BYDAY=SA,SU";
const TIME = 'must be a time of day in UTC, in quotes, such as "02:00"';

/** Most networks of a cluster whose nodes are private. Source: GKE's documentation of authorized networks, as of 2025-08-01. */
const MOST_NETWORKS = 50;

/** A range that GKE takes for its purpose. */
const range = (errorOf: (range: string) => string | undefined) =>
    z
        .cidrv4({ error: CIDR, abort: true })
        .refine((written) => firstAddress(written) === written, {
            error: ({ input }) => `must begin with its first address: ${firstAddress(String(input))}`,
            abort: true,
        })
        .refine((written) => errorOf(written) === undefined, {
            error: ({ input }) => errorOf(String(input)) ?? CIDR,
        });

function controlPlaneError(written: string): string | undefined {
    return written.endsWith("/28")
        ? controlPlaneRangeError(written)
        : "must be a range of 16 addresses, such as 172.16.0.0/28";
}

export const createSchema = withRules(
    z.strictObject(
        {
            network: networkName().describe("VPC network."),
            subnetwork: subnetworkName().describe("Subnetwork of the nodes."),
            podRange: googleName("a secondary range").describe("Secondary range of the pods."),
            serviceRange: googleName("a secondary range").describe("Secondary range of services."),
            controlPlaneRange: range(controlPlaneError).describe(
                "Addresses of the control plane, a /28 that nothing else uses.",
            ),
            authorizedNetworks: z
                .array(
                    z.strictObject(
                        {
                            name: text("must be a name").describe("Name of the network, for people."),
                            range: range(clientRangeError).describe("Its addresses."),
                        },
                        { error: "must be a block with name and range" },
                    ),
                    { error: "must be a list of networks" },
                )
                .min(1, { error: "must name one network or more, or the API is unreachable" })
                .max(MOST_NETWORKS, { error: `must be at most ${MOST_NETWORKS} networks` })
                .optional()
                .describe(
                    "Networks that are allowed to reach the Kubernetes API by its IP address. Default: none, it has no IP endpoint.",
                ),
            dnsEndpoint: flag()
                .default(true)
                .describe(
                    "Whether the Kubernetes API has a DNS endpoint, which IAM guards: for pipelines, whose addresses are not known.",
                ),
            secretsKey: kmsKey().describe("Cloud KMS key that encrypts Secrets in the cluster's database."),
            systemPool: systemPoolSchema.describe(
                "Node pool without a taint, in every zone, for the cluster's own pods: DNS, konnectivity-agent, metrics-server.",
            ),
            nat: flag()
                .default(false)
                .describe(
                    "Whether to create a Cloud NAT for the nodes: a way to the internet, which they lack without public addresses.",
                ),
            releaseChannel: z
                .enum(["REGULAR", "STABLE", "EXTENDED"], { error: "must be REGULAR, STABLE or EXTENDED" })
                .default("REGULAR")
                .describe("GKE release channel."),
            deletionProtection: flag()
                .default(true)
                .describe(
                    "Whether Google refuses to delete the cluster. To delete it, set false and run `up` first.",
                ),
            maintenance: withRules(
                z.strictObject(
                    {
                        start: matching(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, TIME)
                            .default("02:00")
                            .describe("Start of a maintenance window, UTC."),
                        hours: whole(4, 24, "hours").default(6).describe("Length of a window, hours."),
                        recurrence: matching(RECURRENCE, RRULE)
                            .default("FREQ=WEEKLY;BYDAY=SA,SU")
                            .describe("Days of the windows. GKE requires 48 hours of them in 32 days."),
                    },
                    { error: "must be a block with start, hours and recurrence" },
                ),
                [
                    ({ recurrence, hours }, error) => {
                        const tooFew = recurrence && hours && maintenanceError(recurrence, hours);
                        if (tooFew) {
                            error(["recurrence"], tooFew);
                        }
                    },
                ],
            )
                .prefault({})
                .describe("When Google may upgrade the control plane and the nodes."),
        },
        { error: "must be a block that describes the cluster to create" },
    ),
    [
        ({ podRange, serviceRange }, error) => {
            if (podRange !== undefined && podRange === serviceRange) {
                error(["serviceRange"], `${serviceRange} is podRange too; pods and services need one each`);
            }
        },
        ({ authorizedNetworks, dnsEndpoint }, error, invalid) => {
            if (
                dnsEndpoint === false &&
                authorizedNetworks === undefined &&
                !invalid.has("authorizedNetworks")
            ) {
                error(["dnsEndpoint"], "must be true without authorizedNetworks, or the API is unreachable");
            }
        },
        ({ nat, network }, error) => {
            if (nat && network?.includes("/")) {
                error(["nat"], "must be false with a network of another project; create the NAT there");
            }
        },
        ({ authorizedNetworks = [] }, error) => {
            for (const { index, message } of duplicates(authorizedNetworks.map((network) => network.range))) {
                error(["authorizedNetworks", index, "range"], message);
            }
        },
    ],
);

/** A cluster to create. */
export type GkeCreation = z.output<typeof createSchema>;

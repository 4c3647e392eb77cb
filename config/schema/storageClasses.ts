/** What config may say of storage classes. */
import { z } from "zod";
import { GOOGLE_DISKS, HYPERDISK as LIMITS } from "../../common/google/disks.ts";
import { dnsName, text, whole } from "./fields.ts";
import { kmsKey } from "./googleNames.ts";
import { withRules } from "./rules.ts";

const HYPERDISK = "hyperdisk-balanced";

/** Most parameters of a StorageClass, and bytes of them all. Source: validation of Kubernetes' storage API. */
const PARAMETERS = { count: 512, size: 256 * 1024 } as const;
const sizeOf = (parameters: Record<string, string>) =>
    Buffer.byteLength(Object.entries(parameters).flat().join(""));

const reclaimPolicy = () =>
    z.enum(["Retain", "Delete"]).default("Retain").describe("What happens to a disk whose PVC is deleted.");

const googleClassSchema = withRules(
    z.strictObject({
        name: dnsName().describe("Name of the StorageClass."),
        disk: z.enum(GOOGLE_DISKS).describe("Type of Google's disk. Either this, existing or provisioner."),
        iops: whole(...LIMITS.iops)
            .optional()
            .describe(
                "Provisioned IOPS of each disk, for hyperdisk-balanced only; at most 500 for each GiB. Default: Google's.",
            ),
        throughput: whole(...LIMITS.throughput, "MiB/s")
            .optional()
            .describe(
                "Provisioned MiB/s of each disk, for hyperdisk-balanced only; at most iops / 4. Default: Google's.",
            ),
        encryptionKey: kmsKey()
            .optional()
            .describe("Cloud KMS key of yours that encrypts the disks. Default: Google's key."),
        reclaimPolicy: reclaimPolicy(),
    }),
    [
        // The performance of the other disks follows from their size.
        ({ disk, iops, throughput }, error) => {
            for (const [key, value] of Object.entries({ iops, throughput })) {
                if (disk !== undefined && disk !== HYPERDISK && value !== undefined) {
                    error([key], `is for ${HYPERDISK} only, not for ${disk}`);
                }
            }
        },
        ({ disk, iops, throughput }, error) => {
            if (
                disk === HYPERDISK &&
                iops !== undefined &&
                throughput !== undefined &&
                throughput * LIMITS.iopsPerThroughput > iops
            ) {
                error(["throughput"], `${throughput} is more than a quarter of iops (${iops})`);
            }
        },
    ],
);

export const storageClassSchema = z.union(
    [
        z.strictObject({
            name: dnsName().describe("Name of the StorageClass."),
            existing: z
                .literal(true)
                .describe(
                    "The class exists in the cluster already; it is used unchanged. Either this, disk or provisioner.",
                ),
        }),
        googleClassSchema,
        z.strictObject({
            name: dnsName().describe("Name of the StorageClass."),
            provisioner: text("must be the name of a provisioner").describe(
                "Any other provisioner. Either this, existing or disk.",
            ),
            parameters: z
                .record(z.string(), z.string())
                .refine((parameters) => Object.keys(parameters).length <= PARAMETERS.count, {
                    error: `must have at most ${PARAMETERS.count} entries`,
                })
                .refine((parameters) => sizeOf(parameters) <= PARAMETERS.size, {
                    error: `must have at most ${PARAMETERS.size} bytes in all`,
                })
                .default({})
                .describe("Passed to the provisioner, such as {type: gp3}."),
            reclaimPolicy: reclaimPolicy(),
        }),
    ],
    {
        error: `must have a name and one of: disk (${GOOGLE_DISKS.join(", ")}; optionally iops, throughput, encryptionKey and reclaimPolicy Retain or Delete), provisioner (optionally parameters of text and reclaimPolicy) or existing: true`,
    },
);

export type StorageClassConfig = z.output<typeof storageClassSchema>;

export type GoogleDiskClass = z.output<typeof googleClassSchema>;

export function isGoogleDisk(storageClass: StorageClassConfig): storageClass is GoogleDiskClass {
    return "disk" in storageClass;
}

/** Google's disks as servers take them: a dated table of their limits and of the machines that take them. */

const GIB = 1024 ** 3;
const TIB = 1024 * GIB;

/** Day of the tables of this file. */
export const DISKS_DATE = "2025-08-01";

/** Disk types that config may name: pd-standard is too slow. */
export const GOOGLE_DISKS = ["pd-balanced", "pd-ssd", "hyperdisk-balanced"] as const;
export type GoogleDisk = (typeof GOOGLE_DISKS)[number];

const PERSISTENT_DISKS = ["pd-balanced", "pd-ssd"] as const;
const HYPERDISKS = ["hyperdisk-balanced"] as const;

/**
 * The disk types that machines of a family take, for booting and for data, the usual one first. Source: Compute
 * Engine's documentation, "Machine family resource and comparison guide" and "About Hyperdisk", as of
 * {@link DISKS_DATE}, and the refusals of Google's API.
 */
const DISKS_OF: Readonly<Record<string, readonly GoogleDisk[]>> = {
    e2: PERSISTENT_DISKS,
    n2: PERSISTENT_DISKS,
    n2d: PERSISTENT_DISKS,
    n4: HYPERDISKS,
    n4d: HYPERDISKS,
    c2: PERSISTENT_DISKS,
    c2d: PERSISTENT_DISKS,
    c3: GOOGLE_DISKS,
    c3d: GOOGLE_DISKS,
    c4: HYPERDISKS,
    t2d: PERSISTENT_DISKS,
};

/** The disk types that machines of a family take, the usual one first; none for a family that is not known. */
export function disksOf(family: string): readonly GoogleDisk[] {
    return Object.hasOwn(DISKS_OF, family) ? DISKS_OF[family]! : [];
}

/** Largest disk of any of these types, bytes. Source: Compute Engine's documentation, "Persistent Disk" and "Hyperdisk". */
export const LARGEST_DISK = 64 * TIB;

/** Limits of a hyperdisk-balanced. Source: Compute Engine's documentation, "Hyperdisk Balanced", as of {@link DISKS_DATE}. */
export const HYPERDISK = {
    /** Smallest disk, bytes. Persistent disks have no such limit: their driver rounds up. */
    smallest: 4 * GIB,
    /** Provisioned IOPS, from and to. */
    iops: [3000, 160_000],
    /** Most provisioned IOPS for each GiB. */
    iopsPerGib: 500,
    /** Provisioned MiB/s, from and to. */
    throughput: [140, 2400],
    /** IOPS that each MiB/s requires: 256 operations of 4 KiB carry a MiB. Google's limit is this number. */
    iopsPerThroughput: 4,
} as const;

/** Why Google refuses a disk of so many bytes, or undefined where it does not; to be read after the size. */
export function diskSizeError(type: string, size: number): string | undefined {
    if (size > LARGEST_DISK) {
        return `is more than the ${LARGEST_DISK / TIB}Ti of Google's largest ${type}`;
    }
    return type === "hyperdisk-balanced" && size < HYPERDISK.smallest
        ? `is less than the ${HYPERDISK.smallest / GIB}Gi of Google's smallest ${type}`
        : undefined;
}

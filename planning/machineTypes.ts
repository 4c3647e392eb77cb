/** Machine types of Compute Engine as nodes of GKE: their shapes, and what of them is allocatable to pods. */

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const SHAPES = ["standard", "highmem", "highcpu"] as const;
type Shape = (typeof SHAPES)[number];

interface Family {
    /** Memory for each vCPU, GiB, of the shapes that the family has. */
    readonly memory: Partial<Record<Shape, number>>;
    /** Numbers of vCPUs that a machine may have; some shapes lack the largest. */
    readonly cpus: readonly number[];
    /** The most vCPUs of a shape that stops before the others. */
    readonly most?: Partial<Record<Shape, number>>;
    /** Machines whose memory is not their vCPUs times the memory for each, GiB. */
    readonly odd?: Readonly<Record<string, number>>;
}

/** Source: the tables of Compute Engine's documentation of machine families; checked against its list of 2026-08. */
const FAMILIES: Readonly<Record<string, Family>> = {
    e2: { memory: { standard: 4, highmem: 8, highcpu: 1 }, cpus: [2, 4, 8, 16, 32], most: { highmem: 16 } },
    n2: {
        memory: { standard: 4, highmem: 8, highcpu: 1 },
        cpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128],
        most: { highcpu: 96 },
        odd: { "n2-highmem-128": 864 },
    },
    n2d: {
        memory: { standard: 4, highmem: 8, highcpu: 1 },
        cpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224],
        most: { highmem: 96 },
    },
    n4: { memory: { standard: 4, highmem: 8, highcpu: 2 }, cpus: [2, 4, 8, 16, 32, 48, 64, 80] },
    n4d: { memory: { standard: 4, highmem: 8, highcpu: 2 }, cpus: [2, 4, 8, 16, 32, 48, 64, 80, 96] },
    c2: { memory: { standard: 4 }, cpus: [4, 8, 16, 30, 60] },
    c2d: { memory: { standard: 4, highmem: 8, highcpu: 2 }, cpus: [2, 4, 8, 16, 32, 56, 112] },
    c3: { memory: { standard: 4, highmem: 8, highcpu: 2 }, cpus: [4, 8, 22, 44, 88, 176] },
    c3d: {
        memory: { standard: 4, highmem: 8, highcpu: 2 },
        cpus: [4, 8, 16, 30, 60, 90, 180, 360],
        odd: {
            "c3d-highcpu-30": 59,
            "c3d-highcpu-60": 118,
            "c3d-highcpu-90": 177,
            "c3d-highcpu-180": 354,
            "c3d-highcpu-360": 708,
        },
    },
    c4: {
        // Whole GiB: Google rounds those with 2 vCPUs down.
        memory: { standard: 3.75, highmem: 7.75, highcpu: 2 },
        cpus: [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288],
    },
    t2d: { memory: { standard: 4 }, cpus: [2, 4, 8, 16, 32, 48, 60] },
};

/** Families that this program knows. */
export const KNOWN_FAMILIES: readonly string[] = Object.keys(FAMILIES);

export interface Resources {
    /** Cores. */
    readonly cpu: number;
    /** Bytes. */
    readonly memory: number;
}

/** vCPUs and nominal memory (bytes) of a machine type such as `n2-standard-8`; undefined for one that is not known. */
export function machine(type: string): { readonly cpus: number; readonly memory: number } | undefined {
    const [, name = "", shape = "", digits = ""] =
        /^([a-z0-9]+)-(standard|highmem|highcpu)-([0-9]+)$/.exec(type) ?? [];
    const family = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
    const each = family?.memory[shape as Shape];
    const cpus = Number(digits);
    if (!family || each === undefined || !family.cpus.includes(cpus)) {
        return undefined;
    }
    if (cpus > (family.most?.[shape as Shape] ?? Number.POSITIVE_INFINITY)) {
        return undefined;
    }
    return { cpus, memory: (family.odd?.[type] ?? Math.floor(cpus * each)) * GIB };
}

/** The family of a machine type: `n2` of `n2-standard-8`. */
export function familyOf(type: string): string {
    return type.split("-")[0]!;
}

/**
 * Memory that the operating system of a node does not see, bytes: its table of pages takes 64 bytes for each page of
 * 4 KiB, firmware and kernel 114 to 197 MiB on nodes of 32 to 512 GiB; a little more is left.
 * Source: the capacity that nodes of GKE 1.25 reported, 131919220Ki of 128 GiB for one
 * (2i2c-org/infrastructure on GitHub, number 2121).
 */
function unseen(nominal: number): number {
    return nominal / 64 + 256 * MIB;
}

/** What GKE keeps of each step, from the bottom. Source: GKE's documentation, "Plan node sizes". */
const MEMORY_STEPS: readonly (readonly [width: number, share: number])[] = [
    [4 * GIB, 0.25],
    [4 * GIB, 0.2],
    [8 * GIB, 0.1],
    [112 * GIB, 0.06],
    [Number.POSITIVE_INFINITY, 0.02],
];
const CPU_STEPS: readonly (readonly [width: number, share: number])[] = [
    [1, 0.06],
    [1, 0.01],
    [2, 0.005],
    [Number.POSITIVE_INFINITY, 0.0025],
];
/** Below so much free memory the kubelet evicts pods; it is kept besides. Source: the same page. */
const EVICTION = 100 * MIB;

function kept(amount: number, steps: typeof CPU_STEPS): number {
    let below = 0;
    let sum = 0;
    for (const [width, share] of steps) {
        sum += share * Math.min(width, Math.max(0, amount - below));
        below += width;
    }
    return sum;
}

/**
 * What a node of so many vCPUs that sees so much memory offers to pods of any kind, as GKE reports it.
 *
 * @param memory bytes that the operating system sees
 */
export function reported(cpus: number, memory: number): Resources {
    return { cpu: cpus - kept(cpus, CPU_STEPS), memory: memory - kept(memory, MEMORY_STEPS) - EVICTION };
}

/**
 * What GKE's own pods request on each node (logs, metrics, network, disks, DNS). An allowance of this program, not
 * a figure of Google's: 454m and 656Mi were seen in 2024 (2i2c-org/infrastructure on GitHub, number 4131).
 */
export const SYSTEM_PODS: Resources = { cpu: 0.46, memory: 700 * MIB };

/**
 * What the pods that a cluster has once, or few times, request in total: DNS, konnectivity-agent, metrics-server,
 * their autoscalers, and Managed Prometheus. An allowance of this program: kube-dns alone is two pods of 270m.
 */
export const CLUSTER_PODS: Resources = { cpu: 1, memory: GIB };

/**
 * What a node of a machine type leaves for the pods of Projects; undefined for a type that is not known.
 * It errs on the small side: by up to 100 MiB where nodes were measured.
 */
export function allocatable(type: string): Resources | undefined {
    const shape = machine(type);
    if (!shape) {
        return undefined;
    }
    const node = reported(shape.cpus, shape.memory - unseen(shape.memory));
    return {
        cpu: Math.max(0, node.cpu - SYSTEM_PODS.cpu),
        memory: Math.max(0, node.memory - SYSTEM_PODS.memory),
    };
}

/** Whether a node with so much room takes a pod. A thousandth of a core is Kubernetes' finest. */
export function fits(pod: Resources, room: Resources): boolean {
    return pod.cpu <= room.cpu + 1e-6 && pod.memory <= room.memory;
}

/**
 * The machine type of a family with the fewest vCPUs, and of those the least memory, that takes one pod;
 * undefined where none does, or the family is not known.
 */
export function machineFor(family: string, pod: Resources): string | undefined {
    const known = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined;
    const types = (known?.cpus ?? []).flatMap((cpus) => SHAPES.map((shape) => `${family}-${shape}-${cpus}`));
    return types
        .flatMap((type) => {
            const [shape, room] = [machine(type), allocatable(type)];
            return shape && room && fits(pod, room) ? [{ type, ...shape }] : [];
        })
        .sort((a, b) => a.cpus - b.cpus || a.memory - b.memory)[0]?.type;
}

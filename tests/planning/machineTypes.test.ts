import assert from "node:assert/strict";
import {
    allocatable,
    KNOWN_FAMILIES,
    machine,
    machineFor,
    reported,
    SYSTEM_PODS,
} from "../../planning/machineTypes.ts";

const GIB = 1024 ** 3;

describe("machine types", () => {
    it("have the vCPUs and memory of Google's tables", () => {
        const shapes = {
            "e2-standard-4": [4, 16],
            "e2-highmem-16": [16, 128],
            "e2-highcpu-8": [8, 8],
            "n2-standard-8": [8, 32],
            "n2-highmem-128": [128, 864],
            "n2-highcpu-2": [2, 2],
            "n2d-standard-224": [224, 896],
            "n4-highcpu-2": [2, 4],
            "c3-highcpu-22": [22, 44],
            "c3-standard-4": [4, 16],
            "c3d-highcpu-30": [30, 59],
            "c4-standard-2": [2, 7],
            "c4-standard-8": [8, 30],
            "c4-highmem-8": [8, 62],
            "t2d-standard-60": [60, 240],
        };
        const found = Object.keys(shapes).map((type) => {
            const { cpus, memory } = machine(type)!;
            return [type, [cpus, memory / GIB]];
        });
        assert.deepEqual(Object.fromEntries(found), shapes);
    });

    it("are unknown where Google has none of the name", () => {
        const none = [
            "n2-standard-12",
            "e2-highmem-32",
            "n2-highcpu-128",
            "t2d-highmem-4",
            "e2-medium",
            "x9-standard-4",
            "toString-standard-4",
            "n2-standard-8-lssd",
        ];
        assert.deepEqual(
            none.filter((type) => machine(type) !== undefined || allocatable(type) !== undefined),
            [],
        );
    });
});

describe("what a node offers to pods", () => {
    /** Nodes of GKE as they described themselves: vCPUs, KiB of capacity, allocatable cores and KiB. */
    const MEASURED = [
        ["n2-highmem-4", 4, 32_880_872, 3.92, 29_085_928],
        ["n2-highmem-16", 16, 131_919_220, 15.89, 122_210_676],
        ["n2-highmem-64", 64, 528_365_196, 63.77, 510_603_916],
    ] as const;

    for (const [type, cpus, capacity, cpu, memory] of MEASURED) {
        it(`follows from GKE's formulas, as ${type} shows`, () => {
            const node = reported(cpus, capacity * 1024);
            assert.equal(Math.round(node.cpu * 1000) / 1000, cpu);
            // Within 32 MiB: GKE rounds on its way.
            assert(Math.abs(node.memory / 1024 - memory) <= 32 * 1024, String(node.memory / 1024));
        });

        it(`is never more than ${type} really has, and at most 0.7 % less`, () => {
            const planned = allocatable(type)!.memory + SYSTEM_PODS.memory;
            assert(planned <= memory * 1024, `${planned} is more than ${memory * 1024}`);
            assert(planned >= memory * 1024 * 0.993, `${planned} is far less than ${memory * 1024}`);
        });
    }

    it("is close to the node of 4 vCPUs and 16 GiB in GKE's documentation", () => {
        const planned = allocatable("e2-standard-4")!;
        assert.equal(Math.round((planned.cpu + SYSTEM_PODS.cpu) * 1000), 3920);
        const share = (planned.memory + SYSTEM_PODS.memory) / (13_498_416 * 1024);
        assert(share <= 1 && share > 0.99, String(share));
    });
});

describe("the machine type for a pod", () => {
    it("is the smallest of the family that takes it", () => {
        assert.equal(machineFor("n2", { cpu: 1, memory: 4 * GIB }), "n2-standard-2");
        assert.equal(machineFor("n2", { cpu: 1, memory: 10 * GIB }), "n2-highmem-2");
        assert.equal(machineFor("n2", { cpu: 4, memory: 4 * GIB }), "n2-highcpu-8");
        assert.equal(machineFor("n2", { cpu: 7, memory: 23 * GIB }), "n2-standard-8");
        assert.equal(machineFor("t2d", { cpu: 7, memory: 200 * GIB }), "t2d-standard-60");
    });

    it("takes it for certain, and no smaller one of its shape does", () => {
        for (const family of KNOWN_FAMILIES) {
            for (const cpu of [0.5, 1.5, 3, 8, 20]) {
                for (const memory of [1, 7, 15, 60].map((size) => size * GIB)) {
                    const type = machineFor(family, { cpu, memory });
                    if (type === undefined) {
                        continue;
                    }
                    const room = allocatable(type)!;
                    assert(room.cpu >= cpu && room.memory >= memory, `${type} for ${cpu}, ${memory}`);
                    const { cpus } = machine(type)!;
                    const shape = type.slice(0, type.lastIndexOf("-"));
                    for (let fewer = cpus - 1; fewer > 0; fewer--) {
                        const other = allocatable(`${shape}-${fewer}`);
                        assert(!other || other.cpu < cpu || other.memory < memory, `${shape}-${fewer}`);
                    }
                }
            }
        }
    });

    it("is undefined where the family has none that large, or is unknown", () => {
        assert.equal(machineFor("e2", { cpu: 40, memory: GIB }), undefined);
        assert.equal(machineFor("x9", { cpu: 1, memory: GIB }), undefined);
    });
});

import assert from "node:assert/strict";
import { BuildProgress, downloadProgress } from "../../local/tools/buildProgress.ts";

describe("the progress of the downloads", () => {
    it("is told at once, and every 30 seconds", () => {
        const told: string[] = [];
        let now = 5000;
        const downloading = downloadProgress(
            ["kube", "pulumi"],
            (text) => told.push(`${now / 1000} s: ${text}`),
            () => now,
        );
        for (let i = 0; i < 100; i++) {
            now += 700;
            downloading();
        }
        assert.deepEqual(told, [
            "5 s: downloading the sources of kube, pulumi",
            "35.1 s: downloading the sources of kube, pulumi: module 43",
            "65.2 s: downloading the sources of kube, pulumi: module 86",
        ]);
    });
});

describe("the progress of the builds", () => {
    const builds = [
        { name: "kube", packages: 300 },
        { name: "pulumi", packages: 100 },
    ];

    /** Two builds, of which each package takes two seconds. */
    function reports(cached = 0): string[] {
        const told: string[] = [];
        let now = 0;
        const progress = new BuildProgress(
            builds,
            (text) => told.push(`${now / 1000} s: ${text}`),
            () => now,
        );
        for (const { name, packages } of builds) {
            progress.begin(name);
            for (let i = cached; i < packages; i++) {
                now += 2000;
                progress.compiling();
            }
        }
        return told;
    }

    it("is told every 30 seconds, after a minute with the time that is left", () => {
        const told = reports();
        assert.deepEqual(told.slice(0, 4), [
            "0 s: building kube from source (1 of 2): 0 of 300 packages",
            "30 s: building kube from source (1 of 2): 15 of 300 packages",
            "60 s: building kube from source (1 of 2): 30 of 300 packages, about 12 min left in all",
            "90 s: building kube from source (1 of 2): 45 of 300 packages, about 12 min left in all",
        ]);
        assert.deepEqual(told.slice(-2), [
            "750 s: building pulumi from source (2 of 2): 75 of 100 packages, about 1 min left in all",
            "780 s: building pulumi from source (2 of 2): 90 of 100 packages, about 1 min left in all",
        ]);
    });

    it("counts packages that were in Go's cache as done when their build is", () => {
        assert(
            reports(50).includes(
                "500 s: building pulumi from source (2 of 2): 0 of 100 packages, about 3 min left in all",
            ),
        );
    });
});

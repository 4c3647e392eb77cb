import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { logDir, root } from "../../common/paths.ts";
import { run } from "../../local/exec.ts";
import { build } from "../../local/tools/build.ts";
import { goTools } from "../../local/tools/goTools.ts";
import { METRIC } from "../../monitoring/metrics.ts";
import { DASHBOARDS, monitoringFiles } from "../../monitoring/write.ts";

/** A dashboard of Grafana, as far as it is read. */
interface Grafana {
    readonly panels: readonly {
        readonly id: number;
        readonly type: string;
        readonly title: string;
        readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
        readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
    }[];
}

describe("the files of monitoring/", () => {
    for (const [path, text] of monitoringFiles()) {
        it(`have ${path.slice(root.length + 1)} as its source says (npm run monitoring writes it)`, () => {
            assert.equal(readFileSync(path, "utf8"), text);
        });
    }
});

describe("the dashboards", () => {
    const rendered = DASHBOARDS.map(({ name, ofOneProject, rows }) => {
        const [, text] = [...monitoringFiles()].find(([path]) => path.endsWith(`${name}.json`))!;
        return { ofOneProject, rows, panels: (JSON.parse(text) as Grafana).panels };
    });
    const queries = rendered.flatMap(({ ofOneProject, panels }) =>
        panels.flatMap(({ title, targets = [] }) =>
            targets.map(({ expr }) => ({ ofOneProject, title, expr })),
        ),
    );

    it("have every panel once, in its row, beside the others", () => {
        for (const { rows, panels } of rendered) {
            assert.deepEqual(
                panels.map(({ title }) => title),
                rows.flatMap((row) => [row.title, ...row.panels.map(({ title }) => title)]),
            );
            const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
                Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
            );
            assert.equal(new Set(cells).size, cells.length);
            assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
        }
    });

    it("ask in PromQL that Prometheus takes", async function () {
        // promtool is built on first use.
        this.timeout("15m");
        const promtool = await build(goTools.promtool, join(logDir, "tools.log"));
        const folder = mkdtempSync(join(tmpdir(), "unity-dashboards-"));
        const file = join(folder, "rules.yaml");
        try {
            const rules = queries.map(({ expr }, i) => ({ record: `panel_${i}`, expr }));
            writeFileSync(file, stringify({ groups: [{ name: "panels", rules }] }));
            await run([promtool, "check", "rules", file]);
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("of a Project show its namespace alone, and those of all Projects tell which one it is", () => {
        for (const { ofOneProject, title, expr } of queries) {
            const selected = [...expr.matchAll(/\w+\{namespace="\$namespace"[^}]*\}/g)].length;
            const metrics = [...expr.matchAll(new RegExp(METRIC, "g"))].length;
            assert(metrics > 0, title);
            assert.equal(selected, ofOneProject ? metrics : 0, title);
            assert(ofOneProject || expr.includes("by (namespace)"), title);
        }
    });
});

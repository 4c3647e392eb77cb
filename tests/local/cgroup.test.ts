import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
    ensureGroup,
    freezeGroup,
    groupFolders,
    killGroup,
    processesOf,
    removeGroup,
} from "../../local/platform/cgroup.ts";

const GROUP = "unity-test-frozen";

describe("a control group", () => {
    it("is killed with what is frozen below it, as a bench that was killed leaves it", async () => {
        ensureGroup(`${GROUP}/below`);
        const child = spawn("sleep", ["60"]);
        try {
            for (const folder of groupFolders(`${GROUP}/below`)) {
                writeFileSync(join(folder, "cgroup.procs"), `${child.pid}`);
            }
            freezeGroup(`${GROUP}/below`);
            const ended = once(child, "exit");
            assert.deepEqual(processesOf(GROUP), [child.pid]);
            await killGroup(GROUP);
            assert.deepEqual(await ended, [null, "SIGKILL"]);
        } finally {
            child.kill("SIGKILL");
            await removeGroup(GROUP);
        }
    });
});

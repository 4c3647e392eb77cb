import { existsSync, rmSync } from "node:fs";
import { stateDir } from "../../common/paths.ts";
import { killGroup, processesOf, removeGroup } from "./cgroup.ts";
import { groups, runDir } from "./layout.ts";
import { checkOwner, checkRights, readOwner, releaseMachine } from "./machine.ts";
import { mountsBelow, unmountBelow } from "./mounts.ts";
import { removeNetwork } from "./network.ts";

/**
 * Removes the embedded Kubernetes with all its data, from whatever state it is in, and makes the machine as it
 * was before. Nothing there is as good.
 *
 * @returns what was removed, in words; empty when there was nothing.
 * @throws Error when the platform belongs to another checkout, or this user may not.
 */
export async function removePlatform(): Promise<readonly string[]> {
    const processes = processesOf(groups.all).length;
    const mounts = mountsBelow(runDir).length;
    const nothing = processes === 0 && mounts === 0 && readOwner() === undefined;
    const removed: string[] = [];
    if (!nothing || existsSync("/run/netns/unity-control")) {
        checkRights();
        checkOwner("stop it there");
        await killGroup(groups.all);
        if (processes > 0) {
            removed.push(`${processes} processes`);
        }
        if (mounts > 0) {
            removed.push(`${mounts} mounts`);
        }
        unmountBelow(runDir);
        const namespaces = await removeNetwork();
        if (namespaces > 0) {
            removed.push(`${namespaces} network namespaces`);
        }
        await removeGroup(groups.all);
        releaseMachine();
    }
    if (existsSync(stateDir)) {
        rmSync(stateDir, { recursive: true, force: true });
        removed.push(stateDir);
    }
    return removed;
}

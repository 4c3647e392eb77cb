import { existsSync, rmSync } from "node:fs";
import { stateDir } from "../../common/paths.ts";
import { killGroup, processesOf, removeGroup } from "./cgroup.ts";
import { groups, runDir } from "./layout.ts";
import { checkOwner, checkRights, readOwner, restoreMachine } from "./machine.ts";
import { mountsBelow, unmountBelow } from "./mounts.ts";
import { removeNetwork } from "./network.ts";

/**
 * Removes the embedded Kubernetes with all its data, whatever state it is in, and restores the machine. Does
 * nothing when there is no platform.
 *
 * @returns what was removed, in words; empty when there was nothing.
 * @throws Error when the platform belongs to another checkout, or this user is not root.
 */
export async function removePlatform(): Promise<readonly string[]> {
    const processes = processesOf(groups.all).length;
    const mounts = mountsBelow(runDir).length;
    const nothing = processes === 0 && mounts === 0 && readOwner() === undefined;
    const removed: string[] = [];
    if (!nothing || existsSync("/run/netns/unity-control")) {
        checkRights();
        checkOwner();
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
        restoreMachine();
    }
    if (existsSync(stateDir)) {
        rmSync(stateDir, { recursive: true, force: true });
        removed.push(stateDir);
    }
    return removed;
}

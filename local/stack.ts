import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { pulumiBackendDir } from "../common/paths.ts";
import { PROGRAM } from "../config/setting.ts";
import { statusOf } from "./platform/client.ts";
import { LOCAL_STACK, runPulumi } from "./pulumi.ts";
import { clusterConfig, ownCluster } from "./target.ts";

/** The name in Pulumi.yaml. */

/** Whoever is at work on the stack, as Pulumi's file backend notes it down. */
interface Lock {
    readonly pid?: number;
}

/** What was under way when a run ended. */
interface PendingOperation {
    /** `creating`, `updating`, `deleting` and others. */
    readonly type: string;
    readonly resource: { readonly type: string; readonly inputs?: Partial<KubernetesObject> };
}

/**
 * Makes the stack usable after a run that was killed: removes the locks of those who are no more, and compares
 * what Pulumi was in the middle of with what there is.
 *
 * @throws Error when another Pulumi is at work on the stack right now.
 */
export async function repairStack(onStep: (text: string) => void = () => {}): Promise<void> {
    removeStaleLocks();
    const pending = pendingOperations();
    if (pending.length === 0) {
        return;
    }
    onStep(`clearing up after an interrupted run: ${pending.length} objects`);
    const created = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
    // In a cluster of the user's own, what has the name of ours need not be ours.
    if (ownCluster() === undefined) {
        for (const resource of created) {
            await removeHalfMade(resource);
        }
    }
    await runPulumi([
        "refresh",
        "--stack",
        LOCAL_STACK,
        "--yes",
        "--skip-preview",
        "--clear-pending-creates",
    ]);
}

function removeStaleLocks(): void {
    const folder = join(pulumiBackendDir, ".pulumi", "locks", "organization", PROGRAM, LOCAL_STACK);
    if (!existsSync(folder)) {
        return;
    }
    for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".json"))) {
        const path = join(folder, name);
        const { pid } = readJson<Lock>(path) ?? {};
        if (pid !== undefined && isPulumi(pid)) {
            throw new Error(
                `another pulumi (process ${pid}) is at work on the stack ${LOCAL_STACK}; wait for it`,
            );
        }
        rmSync(path);
    }
}

/** The number may belong to any other process by now. */
function isPulumi(pid: number): boolean {
    try {
        return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "pulumi";
    } catch {
        return false;
    }
}

function pendingOperations(): readonly PendingOperation[] {
    const path = join(pulumiBackendDir, ".pulumi", "stacks", PROGRAM, `${LOCAL_STACK}.json`);
    const state = readJson<{ checkpoint?: { latest?: { pending_operations?: PendingOperation[] } } }>(path);
    return state?.checkpoint?.latest?.pending_operations ?? [];
}

/**
 * Removes an object that Pulumi has asked for without learning that it was made. Made once more, it would be in
 * the way: the newer of its Kubernetes providers calls it an error, the older a conflict.
 */
async function removeHalfMade({ type, inputs }: PendingOperation["resource"]): Promise<void> {
    const { apiVersion, kind, metadata } = inputs ?? {};
    if (!type.startsWith("kubernetes:") || !apiVersion || !kind || !metadata?.name) {
        return;
    }
    const { name, namespace } = metadata;
    const object = {
        apiVersion,
        kind,
        metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    };
    const api = KubernetesObjectApi.makeApiClient(clusterConfig());
    try {
        await api.delete(object, undefined, undefined, undefined, undefined, "Foreground");
        for (;;) {
            await api.read(object);
            await sleep(200);
        }
    } catch (error) {
        if (statusOf(error) !== 404) {
            throw error;
        }
    }
}

function readJson<T>(path: string): T | undefined {
    try {
        return JSON.parse(readFileSync(path, "utf8")) as T;
    } catch {
        return undefined;
    }
}

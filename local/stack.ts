import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { pulumiBackendDir } from "../common/paths.ts";
import { PROGRAM } from "../config/setting.ts";
import { httpStatus } from "../kafka/kubernetes/cluster.ts";
import { clusterConfig } from "./cluster.ts";
import { LOCAL_STACK, runPulumi } from "./pulumi.ts";
import { ownCluster } from "./target.ts";

/** The process that holds the stack, as Pulumi's file backend records it. */
interface Lock {
    readonly pid?: number;
}

/** An operation that had not ended when a run was killed. */
interface PendingOperation {
    /** `creating`, `updating`, `deleting` and others. */
    readonly type: string;
    readonly resource: { readonly type: string; readonly inputs?: Partial<KubernetesObject> };
}

/**
 * Makes the stack usable after a run that was killed: removes the locks of ended processes, and refreshes the resources
 * of pending operations from the cluster.
 *
 * @throws Error when another Pulumi holds the lock of the stack.
 */
export async function repairStack(onStep: (text: string) => void = () => {}): Promise<void> {
    removeStaleLocks();
    const pending = pendingOperations();
    if (pending.length === 0) {
        return;
    }
    onStep(`repairing the stack after an interrupted run: ${pending.length} pending operations`);
    const created = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
    // On the user's own cluster, an object of the same name need not be ours.
    if (ownCluster() === undefined) {
        for (const resource of created) {
            await deletePending(resource);
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
                `the stack ${LOCAL_STACK} is locked by another pulumi (process ${pid}): wait until it has ended`,
            );
        }
        rmSync(path);
    }
}

/** The id may have been given to another process since. */
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
 * Deletes an object whose creation Pulumi requested without getting the answer. Creating it again would fail with a
 * conflict.
 */
async function deletePending({ type, inputs }: PendingOperation["resource"]): Promise<void> {
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
        if (httpStatus(error) !== 404) {
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

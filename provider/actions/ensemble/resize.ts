/** The way of an ensemble that serves from one number of servers to another. */
import { unlessAborted } from "../../../common/abort.ts";
import { ZOOKEEPER } from "../../../common/names.ts";
import type { KubeCluster } from "../../../kafka/kubernetes/cluster.ts";
import type { CallContext } from "../../callContext.ts";
import { clusterOf } from "../../cluster.ts";
import type { EnsembleSizeInputs } from "../../resources/ensembleSize.ts";
import { endInitialization, hasDisks } from "../initialization.ts";
import { type OpenMembership, openMembership } from "../rolling/membership.ts";
import { Progress } from "../rolling/progress.ts";
import { restartOutdated, stopped } from "../rolling/roll.ts";
import { isObserved, readServers } from "../rolling/servers.ts";
import { nextPosition, type Position, positionOf, SERVER_LISTS, type ServerList } from "./quorums.ts";
import { type FoundLists, findLists, setList } from "./serverLists.ts";

/**
 * Whether servers have another list than they are to have in the end.
 * @throws Error of one line where that may not be read; ConnectionError when the cluster does not answer
 */
export async function isChanging(inputs: EnsembleSizeInputs): Promise<boolean> {
    const found = await findLists(clusterOf(inputs.cluster), inputs);
    return found?.inUse.some((position) => position !== positionOf(inputs.servers)) ?? false;
}

/**
 * Takes an ensemble so far that the list of so many servers may be the next of all its servers. Goes on from wherever a
 * former `up` was ended. Does nothing where there is no ensemble yet.
 *
 * @param former servers that it had by the last `up`
 * @throws Error of one line that ends in the next step, when it cannot begin, does not go on, or was ended
 */
export async function resize(
    inputs: EnsembleSizeInputs,
    former: number,
    context: CallContext,
): Promise<void> {
    const cluster = clusterOf(inputs.cluster);
    const set = { ...inputs, statefulSet: ZOOKEEPER.name };
    const membership = openMembership(cluster, set);
    try {
        const resizing = new Resizing(cluster, set, former, membership, context);
        await unlessAborted(resizing.run(), context.signal);
    } catch (error) {
        throw stopped(`the change of zookeeper.servers of Project ${inputs.project}`, error, context);
    } finally {
        await membership.close();
    }
}

class Resizing {
    readonly #cluster: KubeCluster;
    readonly #inputs: EnsembleSizeInputs & { readonly statefulSet: string };
    readonly #former: number;
    readonly #membership: OpenMembership;
    readonly #context: CallContext;
    readonly #progress: Progress;

    constructor(
        cluster: KubeCluster,
        inputs: EnsembleSizeInputs & { readonly statefulSet: string },
        former: number,
        membership: OpenMembership,
        context: CallContext,
    ) {
        [this.#cluster, this.#inputs, this.#former] = [cluster, inputs, former];
        [this.#membership, this.#context] = [membership, context];
        this.#progress = new Progress(inputs, context);
    }

    async run(): Promise<void> {
        const wanted = positionOf(this.#inputs.servers);
        if (wanted === undefined) {
            throw new Error(`there is no list of ${this.#inputs.servers} servers. Set it to 3 or 5`);
        }
        for (;;) {
            this.#context.signal.throwIfAborted();
            const found = await findLists(this.#cluster, this.#inputs);
            if (found === undefined) {
                return this.#assertNew();
            }
            const { template, inUse } = found;
            if (inUse.every((position) => position === wanted)) {
                return;
            }
            if (inUse.every((position) => position === template)) {
                await this.#complete(found);
            }
            const next = nextPosition(inUse, wanted);
            if (next === undefined) {
                return;
            }
            await this.#goTo(next, found, wanted);
        }
    }

    /** Before any further list all servers are Ready with the present one: its leader has what the former has committed. */
    async #complete({ template, statefulSet }: FoundLists): Promise<void> {
        const { servers, weights }: ServerList = SERVER_LISTS[template]!;
        if (weights !== undefined) {
            return this.#roll(statefulSet.metadata?.generation ?? 0);
        }
        const all = await readServers(this.#cluster, this.#inputs.namespace, statefulSet);
        const unwell = all.filter(({ ready, outdated }) => outdated || !ready);
        if (!isObserved(statefulSet) || unwell.length > 0) {
            const which = unwell.map(
                ({ name, outdated }) => `${name} ${outdated ? "outdated" : "not Ready"}`,
            );
            throw new Error(
                `it stays ${servers} while not all servers are updated and Ready (${which.join(", ")}): with another list of members the ensemble may lose its quorum. Set it to ${servers}, run up, and change it when all are`,
            );
        }
        // From now on a server with an empty disk follows the others.
        await endInitialization(this.#cluster, this.#inputs.namespace);
    }

    async #goTo(next: Position, { template, statefulSet }: FoundLists, wanted: Position): Promise<void> {
        const steps = SERVER_LISTS.length - 1;
        const { weights }: ServerList = SERVER_LISTS[next]!;
        this.#context.info(
            `${this.#inputs.project}/zookeeper: step ${wanted > next ? next : steps - next} of ${steps} to ${this.#inputs.servers} servers, weights of their votes ${weights?.join(", ")}`,
        );
        const { namespace } = this.#inputs;
        const generation =
            next === template
                ? (statefulSet.metadata?.generation ?? 0)
                : await setList(this.#cluster, namespace, statefulSet, next);
        await this.#roll(generation);
    }

    async #roll(generation: number): Promise<void> {
        const { signal } = this.#context;
        const inputs = { ...this.#inputs, generation };
        await restartOutdated(this.#cluster, inputs, this.#membership.ask, this.#progress, signal);
        this.#progress.end();
    }

    /** Disks without a StatefulSet do not say which of them are those of members. */
    async #assertNew(): Promise<void> {
        const { servers } = this.#inputs;
        if (servers !== this.#former && (await hasDisks(this.#cluster, this.#inputs))) {
            throw new Error(
                `StatefulSet zookeeper was deleted, but not by this program, and its disks are there. Set it to ${this.#former}, run up with --refresh, and change it then`,
            );
        }
    }
}

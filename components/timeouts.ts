/**
 * One budget of time for an `up`. Where it runs in a GitHub workflow, the job must not be cut off: that leaves the
 * state locked and changes of Google's that nobody waits for. So what an `up` does one after the other (cluster, node
 * pools, the number of ZooKeeper's servers, ZooKeeper, Kafka) fits into the job's time, with half an hour for the rest.
 * Google and Kubernetes finish a change by themselves that took longer than Pulumi waits; the next `up` goes on from
 * there.
 */

const minutes = (count: number) => `${count}m`;

/** Minutes of the job that runs `up`. A job on GitHub's runners may take six hours. */
export const JOB_MINUTES = 350;

/** Minutes that each step of an `up` may take; node pools, and the sets of all Projects, are changed side by side. */
export const STEP_MINUTES = {
    cluster: 60,
    nodePools: 90,
    ensembleSize: 30,
    zookeeper: 30,
    kafka: 110,
} as const;

/**
 * Minutes after its beginning at which an `up` waits no longer for partitions that move: that takes as long as there are
 * data, beside or after the other steps. Those that move go on by themselves.
 */
export const REASSIGNMENT_END = JOB_MINUTES - 30;

const upTo = (step: "cluster" | "nodePools", create: number) => ({
    create: minutes(create),
    update: minutes(STEP_MINUTES[step]),
    delete: minutes(create),
});

/** Changes of a control plane wait for each other. */
export const clusterTimeouts = upTo("cluster", 50);

/** Google changes nodes one after the other, and waits up to an hour for each to be emptied (GKE, "Node upgrade strategies"). */
export const nodePoolTimeouts = upTo("nodePools", 40);

/** Servers shut down when their StatefulSet is deleted; their rolling updates have a limit of their own. */
export const serverTimeouts = { delete: minutes(30) } as const;

/** The flags of `start-zookeeper`, of the guide kubernetes-zookeeper, beside the keys of this program. */

export interface Flag {
    readonly flag: string;
    /** Default of the guide's script. */
    readonly guide: string;
    /** Key of config, or what there is instead of one. */
    readonly key: string;
    /** Default here, where it is not that of a key. */
    readonly here?: string;
    /** Where this program differs, and why. */
    readonly difference?: string;
}

export const FLAGS: readonly Flag[] = [
    {
        flag: "--servers",
        guide: "1",
        key: "zookeeper.servers",
        difference:
            "Only 3 and 5: one server has no failover, an even number tolerates no more than one fewer. A running ensemble [grows and shrinks](upgrade.md#change-the-number-of-zookeepers-servers).",
    },
    {
        flag: "--data_dir",
        guide: "/var/lib/zookeeper/data",
        key: "zookeeper.dataDir",
        difference: "On the PVC, always. An ensemble that exists keeps its folder.",
    },
    {
        flag: "--data_log_dir",
        guide: "/var/lib/zookeeper/data/log",
        key: "zookeeper.dataLogDir",
        difference:
            "Beside the snapshots, where ensembles that exist have it, not below them. They keep their folder; a new one may have the guide's.",
    },
    {
        flag: "--conf_dir",
        guide: "/opt/zookeeper/conf",
        key: "fixed",
        here: "/etc/zookeeper",
        difference:
            "Read-only; the files come from the annotations of the pod, so each revision keeps its own.",
    },
    {
        flag: "--client_port",
        guide: "2181",
        key: "zookeeper.ports.client",
        difference:
            "Requires TLS with a client certificate. Four-letter words have a port of their own, `zookeeper.ports.commands`, within the pod.",
    },
    { flag: "--election_port", guide: "3888", key: "zookeeper.ports.election", difference: "With TLS." },
    { flag: "--server_port", guide: "2888", key: "zookeeper.ports.server", difference: "With TLS." },
    { flag: "--tick_time", guide: "2000", key: "zookeeper.tickTime" },
    { flag: "--init_limit", guide: "10", key: "zookeeper.initLimit" },
    {
        flag: "--sync_limit",
        guide: "5",
        key: "zookeeper.syncLimit",
        difference:
            "The guide's text for it is that of a session timeout. It is the ticks that a follower may fall behind.",
    },
    {
        flag: "--heap",
        guide: "2G",
        key: "zookeeper.heap",
        difference:
            "Given by each stack file, in Kubernetes' units (2Gi). At most 8Gi, as the guide advises, and at most 3/4 of `zookeeper.memory`.",
    },
    {
        flag: "--max_client_cnxns",
        guide: "60",
        key: "zookeeper.maxClientCnxns",
        difference:
            "The guide calls it the limit of a server. ZooKeeper counts the connections of each address.",
    },
    {
        flag: "--snap_retain_count",
        guide: "3",
        key: "zookeeper.autopurge.snapRetainCount",
        difference: "Fewer than 3 are refused; ZooKeeper would keep 3 without a word.",
    },
    {
        flag: "--purge_interval",
        guide: "0",
        key: "zookeeper.autopurge.purgeInterval",
        difference: "0 is refused: it never purges, and snapshots fill the disk.",
    },
    {
        flag: "--min_session_timeout",
        guide: "20 x tick time",
        key: "zookeeper.minSessionTimeout",
        difference:
            "The guide's text has the two exchanged. ZooKeeper's own default for the shortest session is 2 ticks.",
    },
    {
        flag: "--max_session_timeout",
        guide: "2 x tick time",
        key: "zookeeper.maxSessionTimeout",
        difference: "As above: 20 ticks for the longest session.",
    },
    {
        flag: "--log_level",
        guide: "INFO",
        key: "zookeeper.logLevel",
        difference: "`TRACE` in addition, and no `FATAL`. To standard output, as in the guide.",
    },
];

/** What else the guide advises, and what this program does. */
export const ADVICE: readonly (readonly [guide: string, here: string])[] = [
    [
        "`zookeeper-ready` as readiness and liveness probe, after 15 s",
        "Liveness asks `ruok`. Readiness asks `srvr` for leader or follower, as a server without a quorum answers `ruok` too. A startup probe comes first, so readiness waits for no fixed time. `zookeeper.probes`",
    ],
    [
        "`zookeeper-metrics`",
        "`unity metrics` prints what each server answers to `mntr`; `:9404/metrics` has the same for Prometheus, from JMX (`zookeeper_...`)",
    ],
    [
        "A headless service with the ports server and leader-election, a service for clients",
        "The same. `zookeeper.ports`",
    ],
    [
        "`podManagementPolicy: Parallel`, `RollingUpdate`",
        "`Parallel`; one server at a time, the leader last, by the program itself (`OnDelete`)",
    ],
    [
        "Anti-affinity by host; PodDisruptionBudget with `maxUnavailable: 1`",
        "The same, and spread over the zones as well. `zones`",
    ],
    ["Persistent volumes, never `emptyDir`", "The same. `zookeeper.disk`"],
    [
        "Memory of max(2 GiB, 1.5 x heap) and 2 CPUs in production; 0.5 CPU to try",
        "Given by each stack file. `zookeeper.memory`, `zookeeper.cpu`",
    ],
    [
        "No encryption and no authentication",
        "Mutual TLS between servers and for clients; see [security](security.md)",
    ],
];

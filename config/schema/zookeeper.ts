/** What config may say of a Project's ZooKeeper ensemble. Defaults are those of ZooKeeper's administration guide. */
import { z } from "zod";
import { ZOOKEEPER } from "../../common/names.ts";
import { bytes } from "../../common/quantity.ts";
import { duplicates } from "../errors.ts";
import { cpu, disk, flag, heap, heapFits, jvmOptions, logLevel, probes, size, whole } from "./fields.ts";
import type { Rule } from "./rules.ts";

/**
 * Growing an ensemble starts the new servers first, all of them empty. If they were a majority of the new size, as
 * from 1 to 3 or from 3 to 7, they would elect one of themselves and all data of ZooKeeper would be lost.
 */
const SERVERS = "must be 3 (tolerates one failure) or 5 (one more during maintenance)";
/** The four-letter words of ZooKeeper 3.8. Source: its FourLetterCommands. */
const WORDS = [
    ...["conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "hash", "isro", "mntr"],
    ...["ruok", "srst", "srvr", "stat", "stmk", "wchc", "wchp", "wchs"],
] as const;
const WORD = `must be a four-letter word of ZooKeeper: ${WORDS.join(", ")}`;
/** Four-letter words that the probes send. */
const PROBE_WORDS = ["ruok", "srvr"] as const;

/** Where each server's volume is mounted. */
export const ZOOKEEPER_VOLUME = "/var/lib/zookeeper";
const FOLDER = `must be a folder below ${ZOOKEEPER_VOLUME}, where the volume is, such as ${ZOOKEEPER_VOLUME}/data`;
/** A folder on the volume, without `.` and `..` in its path: what is elsewhere is lost with the pod. */
const folder = () =>
    z
        .string({ error: FOLDER })
        .regex(new RegExp(`^${ZOOKEEPER_VOLUME}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,254})+$`), { error: FOLDER })
        // Room for the files below it in a path of Linux, of 4096 characters.
        .max(1024, { error: "must be at most 1024 characters" });

/** Without its rules, as layers of it are partial. */
export const zookeeperSchema = z.strictObject(
    {
        servers: z
            .union([z.literal(3), z.literal(5)], { error: SERVERS })
            .describe("Servers: 3 tolerate one failure; 5 tolerate one during planned maintenance."),
        heap: heap().describe("Java heap. The whole data set must fit; at most 8Gi and 3/4 of memory."),
        memory: size().describe("Memory request and limit of each server."),
        cpu: cpu().describe("CPU request of each server; there is no CPU limit."),
        disk: disk(),
        dataDir: folder()
            .default(`${ZOOKEEPER_VOLUME}/data`)
            .describe("Folder of snapshots. An ensemble that exists keeps the one it has."),
        dataLogDir: folder()
            .default(`${ZOOKEEPER_VOLUME}/log`)
            .describe(
                "Folder of the transaction log. An ensemble that exists keeps the one it has; the guide's is /var/lib/zookeeper/data/log.",
            ),
        tickTime: whole(100, 60_000, "milliseconds").default(2000).describe("Length of a tick, ms."),
        initLimit: whole(1, 1000, "ticks")
            .default(10)
            .describe("Ticks a follower may take to sync at first."),
        syncLimit: whole(1, 1000, "ticks").default(5).describe("Ticks a follower may fall behind."),
        minSessionTimeout: whole(1, 3_600_000, "milliseconds")
            .optional()
            .describe("Shortest session, ms. Default: 2 x tickTime."),
        maxSessionTimeout: whole(1, 3_600_000, "milliseconds")
            .optional()
            .describe("Longest session, ms. Default: 20 x tickTime."),
        maxClientCnxns: whole(1, 100_000).default(60).describe("Connections from one address to one server."),
        autopurge: z
            .strictObject(
                {
                    snapRetainCount: whole(3, 1000).default(3).describe("Snapshots kept."),
                    purgeInterval: whole(1, 8760, "hours")
                        .default(1)
                        .describe("Hours between purges. ZooKeeper's own 0 never purges and fills the disk."),
                },
                { error: "must be a block with snapRetainCount and purgeInterval" },
            )
            .prefault({})
            .describe("How old snapshots and transaction logs are deleted."),
        commands: z
            .array(z.enum(WORDS, { error: WORD }), { error: "must be a list of four-letter words" })
            .refine((words) => PROBE_WORDS.every((word) => words.includes(word)), {
                error: `must contain ${PROBE_WORDS.join(" and ")}, which the probes send`,
            })
            .default(["srvr", "mntr", "ruok"])
            .describe("Four-letter words that the servers answer."),
        adminServer: flag().default(false).describe("ZooKeeper's AdminServer: HTTP, without authentication."),
        electionPortBindRetry: whole(0, 1000)
            .default(0)
            .describe(
                "Attempts to bind the election port; 0 never gives up, as a DNS name may resolve late.",
            ),
        ports: z
            .strictObject(
                {
                    client: whole(1024, 65_535).default(2181).describe("For clients, with TLS."),
                    commands: whole(1024, 65_535)
                        .default(ZOOKEEPER.commandsPort)
                        .describe("For four-letter words; from within the pod only."),
                    server: whole(1024, 65_535)
                        .default(2888)
                        .describe("For followers that connect to the leader."),
                    election: whole(1024, 65_535).default(3888).describe("For the election of a leader."),
                    metrics: whole(1024, 65_535).default(9404).describe("For Prometheus, at /metrics."),
                },
                { error: "must be a block of port numbers" },
            )
            .prefault({})
            .describe("The same numbers in containers, services and zoo.cfg."),
        probes: probes(
            { initialDelaySeconds: 0, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 600 },
            { initialDelaySeconds: 15, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
            { initialDelaySeconds: 0, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
        ).describe(
            "The others start after the startup probe has succeeded, so readiness needs no delay of its own.",
        ),
        terminationGracePeriodSeconds: whole(1, 3600, "seconds")
            .default(60)
            .describe("Time that a server has to shut down."),
        logLevel: logLevel().default("INFO"),
        jvmOptions: jvmOptions(),
    },
    { error: "must be a block of ZooKeeper settings" },
);

/** One Project's ensemble, complete. */
export type ZookeeperConfig = z.output<typeof zookeeperSchema>;

const LARGEST_HEAP = "8Gi";

export const zookeeperRules: readonly Rule<Omit<ZookeeperConfig, "disk">>[] = [
    (fields, error, invalid) => {
        const { heap, memory } = fields;
        if (heap !== undefined && memory !== undefined && bytes(heap) > bytes(LARGEST_HEAP)) {
            error(["heap"], `${heap} is more than the ${LARGEST_HEAP} that ZooKeeper can use well`);
        } else {
            heapFits(fields, error, invalid);
        }
    },
    ({ tickTime, minSessionTimeout, maxSessionTimeout }, error) => {
        if (tickTime === undefined) {
            return;
        }
        const min = minSessionTimeout ?? 2 * tickTime;
        const max = maxSessionTimeout ?? 20 * tickTime;
        if (min > max) {
            error(["minSessionTimeout"], `${min} is more than maxSessionTimeout (${max})`);
        }
    },
    ({ ports }, error) => {
        if (ports !== undefined && duplicates(Object.values(ports)).length > 0) {
            error(["ports"], "must differ from each other");
        }
    },
];

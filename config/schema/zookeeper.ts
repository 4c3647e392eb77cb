/** What config may say of a Project's ZooKeeper ensemble. Defaults are those of ZooKeeper's administration guide. */
import { z } from "zod";
import { bytes } from "../../common/quantity.ts";
import type { Rule } from "../rules.ts";
import { cpu, disk, flag, heap, jvmOption, logLevel, probe, size, whole } from "./fields.ts";

/**
 * Growing an ensemble starts the new servers first, all of them empty. If they were a majority of the new size, as
 * from 1 to 3 or from 3 to 7, they would elect one of themselves and all that ZooKeeper knows would be gone.
 */
const SERVERS = "must be 3 (tolerates one failure) or 5 (one more during maintenance)";
const word = /^[a-z]{4}$/;
const NEEDED_WORDS = ["ruok", "srvr"];

export const zookeeperSchema = z.strictObject(
    {
        servers: z
            .union([z.literal(3), z.literal(5)], { error: SERVERS })
            .describe("Servers: 3 tolerate one failure; 5 tolerate one during planned maintenance."),
        heap: heap().describe("Java heap. The whole data set must fit; at most 8Gi and 3/4 of memory."),
        memory: size().describe("Memory request and limit of each server."),
        cpu: cpu().describe("CPU request of each server; there is no CPU limit."),
        disk: disk(),
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
            .prefault({}),
        commands: z
            .array(
                z
                    .string({ error: "must be a word of four letters" })
                    .regex(word, { error: "must be a word of four letters" }),
                {
                    error: "must be a list of words of four letters",
                },
            )
            .refine((words) => NEEDED_WORDS.every((needed) => words.includes(needed)), {
                error: `must contain ${NEEDED_WORDS.join(" and ")}: the probes ask them`,
            })
            .default(["srvr", "mntr", "ruok"])
            .describe("Four-letter commands that the servers answer."),
        adminServer: flag()
            .default(false)
            .describe("The HTTP server for administrators, which asks for no password."),
        electionPortBindRetry: whole(0, 1000)
            .default(0)
            .describe("Tries to bind the election port; 0 is for ever, as a name may resolve late."),
        ports: z
            .strictObject(
                {
                    client: whole(1024, 65_535).default(2181),
                    commands: whole(1024, 65_535)
                        .default(2182)
                        .describe("For four-letter commands; from within the pod only."),
                    server: whole(1024, 65_535).default(2888),
                    election: whole(1024, 65_535).default(3888),
                    metrics: whole(1024, 65_535).default(9404),
                },
                { error: "must be a block of port numbers" },
            )
            .prefault({})
            .describe("The same numbers in containers, services and zoo.cfg."),
        probes: z
            .strictObject(
                {
                    startup: probe({
                        initialDelaySeconds: 0,
                        periodSeconds: 1,
                        timeoutSeconds: 5,
                        failureThreshold: 600,
                    }),
                    liveness: probe({
                        initialDelaySeconds: 15,
                        periodSeconds: 10,
                        timeoutSeconds: 5,
                        failureThreshold: 6,
                    }),
                    readiness: probe({
                        initialDelaySeconds: 0,
                        periodSeconds: 5,
                        timeoutSeconds: 5,
                        failureThreshold: 3,
                    }),
                },
                { error: "must be a block with startup, liveness and readiness" },
            )
            .prefault({})
            .describe("The startup probe holds the others back, so readiness needs no delay of its own."),
        terminationGracePeriodSeconds: whole(1, 3600, "seconds").default(60),
        logLevel: logLevel().default("INFO"),
        jvmOptions: z
            .array(jvmOption(), { error: "must be a list of options of java" })
            .default([])
            .describe("Added after the explicit heap and collector flags."),
    },
    { error: "must be a block of ZooKeeper settings" },
);

/** One Project's ensemble, complete. */
export type ZookeeperConfig = z.output<typeof zookeeperSchema>;

/** Checks across fields. */
export const zookeeperRules: Rule<ZookeeperConfig>[] = [
    ({ heap, memory }) => {
        if (heap === undefined || memory === undefined) {
            return;
        }
        if (bytes(heap) > 8 * 1024 ** 3) {
            return ["heap", `${heap} is more than the 8Gi that ZooKeeper can use well`];
        }
        if (bytes(heap) > 0.75 * bytes(memory)) {
            return ["heap", `${heap} is more than 3/4 of memory (${memory}); lower heap or raise memory`];
        }
        return;
    },
    ({ tickTime, minSessionTimeout, maxSessionTimeout }) => {
        if (tickTime === undefined) {
            return;
        }
        const min = minSessionTimeout ?? 2 * tickTime;
        const max = maxSessionTimeout ?? 20 * tickTime;
        return min > max
            ? ["minSessionTimeout", `${min} is more than maxSessionTimeout (${max})`]
            : undefined;
    },
    ({ ports }) => {
        if (ports === undefined) {
            return;
        }
        const numbers = Object.values(ports);
        return new Set(numbers).size < numbers.length ? ["ports", "must differ from each other"] : undefined;
    },
];

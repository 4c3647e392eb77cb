import assert from "node:assert/strict";
import { readEnvironment } from "../../config/load.ts";
import { issuesOf, rawConfigWith } from "./matchers.ts";

describe("config", () => {
    it("gives a Project what the environment says where it says nothing itself", () => {
        const { projects } = readEnvironment(
            rawConfigWith({ namespacePrefix: "unity-" }),
            "the file",
            "next",
        );
        const [one] = projects;
        assert.equal(projects.length, 1);
        assert.equal(one?.name, "one");
        assert.equal(one.namespace, "unity-one");
        assert.equal(one.kafka.brokers, 3);
        assert.equal(one.zookeeper.disk.size, "10Gi");
    });

    it("has the defaults of ZooKeeper's administration guide", () => {
        const [one] = readEnvironment(rawConfigWith({}), "the file", "next").projects;
        const { servers, heap, memory, cpu, disk, ...defaults } = one!.zookeeper;
        assert.deepEqual(defaults, {
            dataDir: "/var/lib/zookeeper/data",
            dataLogDir: "/var/lib/zookeeper/log",
            tickTime: 2000,
            initLimit: 10,
            syncLimit: 5,
            maxClientCnxns: 60,
            autopurge: { snapRetainCount: 3, purgeInterval: 1 },
            commands: ["srvr", "mntr", "ruok"],
            adminServer: false,
            electionPortBindRetry: 0,
            ports: { client: 2181, commands: 2182, server: 2888, election: 3888, metrics: 9404 },
            probes: {
                startup: {
                    initialDelaySeconds: 0,
                    periodSeconds: 1,
                    timeoutSeconds: 5,
                    failureThreshold: 600,
                },
                liveness: {
                    initialDelaySeconds: 15,
                    periodSeconds: 10,
                    timeoutSeconds: 5,
                    failureThreshold: 6,
                },
                readiness: {
                    initialDelaySeconds: 0,
                    periodSeconds: 5,
                    timeoutSeconds: 5,
                    failureThreshold: 3,
                },
            },
            terminationGracePeriodSeconds: 60,
            logLevel: "INFO",
            jvmOptions: [],
        });
    });

    it("lets a Project differ at any depth, and touches no other", () => {
        const { projects } = readEnvironment(
            rawConfigWith({
                projects: [
                    {
                        name: "one",
                        kafka: { brokers: 5, disk: { size: "99Gi" }, config: { "num.io.threads": 4 } },
                    },
                    { name: "two" },
                ],
                "kafka/config": { "log.retention.hours": 3 },
            }),
            "the file",
            "next",
        );
        assert.equal(projects[0]?.kafka.brokers, 5);
        assert.deepEqual(projects[0]?.kafka.disk, { size: "99Gi", storageClass: "ssd" });
        assert.deepEqual(projects[0]?.kafka.config, { "log.retention.hours": 3, "num.io.threads": 4 });
        assert.equal(projects[1]?.kafka.brokers, 3);
        assert.deepEqual(projects[1]?.kafka.config, { "log.retention.hours": 3 });
    });

    it("checks fields together in the merged block, not in a Project's part of it", () => {
        const projects = [{ name: "one", certificates: { authorityDays: 730 } }];
        // With the default of 365 days the Project's part by itself would be invalid.
        assert.deepEqual(issuesOf(rawConfigWith({ certificates: { days: 90 }, projects })), []);
        assert.deepEqual(issuesOf(rawConfigWith({ certificates: { days: 300 }, projects })), [
            "projects[0].certificates.days: 300 is more than the 248 days that the CA is still valid when it is renewed (authorityDays 730, renewAt 0.66)",
        ]);
    });

    it("reports every error at once, across fields too", () => {
        const all = issuesOf(
            rawConfigWith({ "kafka/brokers": 0, "kafka/heap": "4Gi", image: "x", "zookeeper/servers": 2 }),
        );
        assert.deepEqual(
            all.map((error) => error.split(":")[0]),
            ["image", "zookeeper.servers", "kafka.brokers", "kafka.heap"],
        );
    });

    it("accepts one broker with one replica", () => {
        assert.deepEqual(issuesOf(rawConfigWith({ "kafka/brokers": 1 })), []);
    });
});

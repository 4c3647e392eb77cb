import assert from "node:assert/strict";
import { parse } from "yaml";
import { unity } from "./command.ts";

const NEED = ["--in", "30MB/s", "--out", "60MB/s", "--retention", "24h"];

describe("unity size", () => {
    it("shows the arithmetic, config to paste and a machine", () => {
        const { status, stdout, stderr } = unity("size", ...NEED, "--peak", "1");
        assert.equal(stderr, "");
        assert.equal(status, 0);
        assert.equal(
            stdout,
            `Worked out:
  busiest minute    average x 1 (30 in, 60 out)                    30 MB/s in, 60 MB/s out
  weighted average  30 x 3 + (60 + 30 x 2) / 4                     120 MB/s
  vCPUs in total    120 / 20 MB/s / 0.5                            12
  brokers           3 of up to 16 vCPUs, then more; disks to 64Ti  3 x 4 vCPUs
  requests          what is allocatable on the machine             3000m, 12Gi
  heap              25 % of memory, 1 to 6 GiB                     3Gi
  page cache        30 s x 30 MB/s of each broker                  0.8 GiB of the rest
  disk of each      30 x 86400 s x 3 / 3, segments, 20 % free      3100Gi, 30 MB/s of writes
  network of each   (60 + 30 x 2 + 1.16 x 30 x 3) / 3              74.8 MB/s out, disk included
  partitions        replicas included, in total                    up to 3000
  threads           I/O, network, fetchers                         8, 4, 2
  machine           n2-standard-4
  disks             pd-balanced, pd-ssd: what n2 machines take

To paste, under unity-kafka:projects:
    - name: NAME
      size:
          throughput:
              in: 30MB/s
              out: 60MB/s
          retention: 24h
          peak: 1

What follows from it, unless the Project says otherwise under kafka:
    kafka:
        brokers: 3
        cpu: 3000m
        memory: 12Gi
        heap: 3Gi
        disk:
            size: 3100Gi
        config:
            log.retention.ms: 86400000
            num.io.threads: 8
            num.network.threads: 4
            num.replica.fetchers: 2
            num.recovery.threads.per.data.dir: 4
`,
        );
    });

    it("counts a peak above twice the average in full", () => {
        const { stdout } = unity("size", ...NEED, "--peak", "4");
        assert.match(
            stdout,
            /^ {2}busiest minute +average x 4 \(30 in, 60 out\) +120 MB\/s in, 240 MB\/s out$/m,
        );
        assert.match(stdout, /^ {2}vCPUs in total +120 \/ 20 MB\/s x 4 +24$/m);
    });

    it("leaves out a peak that is the default", () => {
        const pasted = parse(
            unity("size", ...NEED)
                .stdout.split("\n\n")[1]!
                .split("\n")
                .slice(1)
                .join("\n"),
        ) as unknown;
        assert.deepEqual(pasted, [
            { name: "NAME", size: { throughput: { in: "30MB/s", out: "60MB/s" }, retention: "24h" } },
        ]);
    });

    it("gives one JSON document with -o json", () => {
        const { kafka, machine, need, steps } = JSON.parse(unity("size", ...NEED, "-o", "json").stdout);
        assert.equal(kafka.brokers, 3);
        assert.equal(machine, "n2-standard-4");
        assert.deepEqual(need, {
            throughput: { in: "30MB/s", out: "60MB/s" },
            retention: "24h",
            peak: 2,
        });
        assert.equal(steps.length, 11);
    });

    it("names a machine of the family that is asked for, of another shape where that is what fits", () => {
        const large = ["--in", "300MB/s", "--out", "600MB/s", "--retention", "1h"];
        const machines = ["c2", "c4"].map(
            (family) => JSON.parse(unity("size", ...large, "--family", family, "-o", "json").stdout).machine,
        );
        assert.deepEqual(machines, ["c2-standard-16", "c4-highmem-16"]);
    });

    it("names every wrong option in one line (exit 2)", () => {
        const { status, stdout, stderr } = unity("size", "--in", "30", "--peak", "x", "--family", "z1");
        assert.equal(status, 2);
        assert.equal(stdout, "");
        assert.match(
            stderr,
            /^unity: --in must be a rate .*; --out must be .*; --retention must be a time .*; --peak must be a number from 1 to 20; --family must be one of e2, .*\. See unity size --help\.\n$/,
        );
    });

    it("says when no disks would do (exit 2)", () => {
        const { status, stdout, stderr } = unity(
            "size",
            "--in",
            "900MB/s",
            "--out",
            "1MB/s",
            "--retention",
            "365d",
        );
        assert.equal(status, 2);
        assert.equal(stdout, "");
        assert.equal(
            stderr,
            "unity: This needs more than 99 disks of 64Ti; shorten the retention or divide the Project. See unity size --help.\n",
        );
    });

    it("says when no cluster would do (exit 2)", () => {
        const { status, stderr } = unity("size", "--in", "9GB/s", "--out", "9GB/s", "--retention", "1h");
        assert.equal(status, 2);
        assert.equal(
            stderr,
            "unity: This needs more than 99 brokers of 16 vCPUs; divide the Project. See unity size --help.\n",
        );
    });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../../common/paths.ts";

/** Fetchers of kafkajs that start when their consumer has been stopped already. */
function startFetchers(patch: string): string {
    return `
        import { createRequire } from "node:module";
        ${patch}
        const internal = createRequire(${JSON.stringify(join(root, "package.json"))});
        const createFetchManager = internal("kafkajs/src/consumer/fetchManager");
        const Runner = internal("kafkajs/src/consumer/runner");
        const logger = { debug() {}, info() {}, warn() {}, error() {}, namespace: () => logger };
        const runner = Object.create(Runner.prototype, {
            running: { value: false },
            logger: { value: logger },
            consumerGroup: { value: {} },
        });
        runner.fetchManager = createFetchManager({
            logger,
            getNodeIds: () => [0, 1, 2],
            fetch: (nodeId) => runner.fetch(nodeId),
            handler: async () => {},
        });
        await runner.fetchManager.start();
        console.log("ended");
    `;
}

function run(patch: string): string {
    const args = ["--input-type=module", "--eval", startFetchers(patch)];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
        encoding: "utf8",
        timeout: 2_000,
        killSignal: "SIGKILL",
    });
    return `${stdout}${stderr}`.trim();
}

describe("a consumer that is stopped while the brokers change", function () {
    this.timeout("20s");

    it("ends, and leaves the process its turn", () => {
        const patch = join(root, "kafka/client/stoppedConsumer.ts");
        assert.equal(run(`await import(${JSON.stringify(patch)});`), "ended");
    });

    it("would never end in kafkajs as it is: without that, this replacement can go", () => {
        assert.equal(run(""), "");
    });
});

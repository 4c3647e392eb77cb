import assert from "node:assert/strict";
import { kubeconfigPath } from "../../common/paths.ts";
import { CommandError } from "../../local/exec.ts";
import type { Kubernetes } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, GREEN, sharedEnvironment } from "./environment.ts";
import { adminTool, TOPICS } from "./kafkaTools.ts";
import { allArrived, SAMPLE, SAMPLE_LINES, send, unity } from "./unity.ts";

describe("transfer", function () {
    this.timeout("3m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    it("every line of a file that is sent through a Project arrives, and its topic is deleted", async () => {
        assert.deepEqual(await send(BLUE, SAMPLE), allArrived(SAMPLE_LINES));
        const topics = (await adminTool(k, BLUE, TOPICS, "--list")).trim().split("\n");
        assert.deepEqual(
            // A bridge that was deleted leaves the topics of MirrorMaker.
            topics.filter((topic) => !/^(__|mm2-)/.test(topic)),
            ["notes", "orders"],
        );
    });

    it("a Project is reached through the current kube context unless --local is given", async () => {
        const printed = await unity(["--namespace", GREEN, "samples/new-york-weather-2013.csv"], {
            env: { ...process.env, KUBECONFIG: kubeconfigPath },
        });
        const [mode, namespace, file, sent, verdict] = printed.split("\n");
        assert.equal(mode, "Running in REMOTE mode");
        assert.equal(namespace, `Using namespace: ${GREEN}`);
        assert.equal(file, "Processing file: samples/new-york-weather-2013.csv");
        assert.match(
            sent!,
            new RegExp(`^  ${SAMPLE_LINES} records, 2\\.3 MB sent to and read back from Project "green"`),
        );
        assert.equal(verdict, "  every record arrived once and unchanged");
    });

    it("of several Projects one has to be chosen by name", async () => {
        await assert.rejects(unity(["--local", SAMPLE]), (error: unknown) => {
            assert(error instanceof CommandError, String(error));
            assert.equal(error.exitCode, 2);
            assert.match(
                error.output,
                /^unity: There are \d Projects: .*e2e-blue, e2e-green.*\. Choose one with --namespace NAME\.$/m,
            );
            return true;
        });
    });
});

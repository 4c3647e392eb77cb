import { passThrough } from "../exec.ts";
import { kubectlEnv, kubectlPath } from "../platform/kubectl.ts";
import { checkOwner, checkRights } from "../platform/machine.ts";
import { platformRunning } from "../platform/platform.ts";
import { ownCluster } from "../target.ts";

/** Runs kubectl on the embedded Kubernetes, on the caller's terminal, and returns its exit code. */
export async function kubectl(args: readonly string[]): Promise<number> {
    const own = ownCluster();
    if (own !== undefined) {
        throw new Error(
            `the stack local runs on your cluster ${own.context}: use the kubectl of that cluster`,
        );
    }
    checkRights();
    checkOwner();
    if (!(await platformRunning())) {
        throw new Error("the embedded Kubernetes does not run: start it with npm start");
    }
    return passThrough([kubectlPath, ...args], kubectlEnv());
}

import type { FaultActionName } from "../platform/faultActions.ts";
import { faults, findNode, nodeState } from "../platform/faultInjection.ts";
import { checkOwner, checkRights } from "../platform/machine.ts";
import { platformRunning } from "../platform/platform.ts";

/** Injects a failure into a node of the embedded Kubernetes, or ends it, and prints the state of the node after that. */
export async function fault(action: FaultActionName, name: string, timeoutSeconds: number): Promise<void> {
    checkRights();
    checkOwner();
    if (!(await platformRunning())) {
        throw new Error("the embedded Kubernetes does not run: start it with npm start");
    }
    const node = await findNode(name);
    await faults[action](node, { timeoutSeconds, onStep: (text) => console.error(text) });
    console.log(`${name}: ${await nodeState(node)}`);
}

import { findNode, type NodeActionName, nodeActions, nodeState } from "../platform/faults.ts";
import { checkOwner, checkRights } from "../platform/machine.ts";
import { platformRunning } from "../platform/platform.ts";

/** Does something to a node of the embedded Kubernetes, and says in what state it is then. */
export async function node(action: NodeActionName, name: string, timeoutSeconds: number): Promise<void> {
    checkRights();
    checkOwner("its nodes are handled there");
    if (!(await platformRunning())) {
        throw new Error("the embedded Kubernetes does not run; npm start brings it up");
    }
    const found = await findNode(name);
    await nodeActions[action].run(found, { timeoutSeconds, onStep: (text) => console.error(text) });
    console.log(`${name}: ${await nodeState(found)}`);
}

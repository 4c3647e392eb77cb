import { join } from "node:path";
import { kubeconfigPath, stateDir } from "../../common/paths.ts";
import { binDir, network } from "./layout.ts";

/** The embedded platform's kubectl. Exists once the platform has been started. */
export const kubectlPath = join(binDir, "kubectl");

/** The environment of a command that reaches the embedded Kubernetes: directly, as a proxy has no route to it. */
export function embeddedEnv(): NodeJS.ProcessEnv {
    const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, network.controlAddress]
        .filter(Boolean)
        .join(",");
    return { ...process.env, NO_PROXY: noProxy, no_proxy: noProxy };
}

/** The environment of kubectl: the embedded Kubernetes is its cluster, and it leaves no cache in the home folder. */
export function kubectlEnv(): NodeJS.ProcessEnv {
    return { ...embeddedEnv(), KUBECONFIG: kubeconfigPath, KUBECACHEDIR: join(stateDir, "kube", "cache") };
}

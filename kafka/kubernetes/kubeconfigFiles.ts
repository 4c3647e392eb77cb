import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** What decides which files kubectl reads. */
export interface KubeconfigSurroundings {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly home: string;
}

/** Paths of the kubeconfigs that kubectl would read, whether they exist or not: those of KUBECONFIG, else ~/.kube/config. */
export function kubeconfigFiles(
    { env, home }: KubeconfigSurroundings = { env: process.env, home: homedir() },
): string[] {
    return env.KUBECONFIG
        ? env.KUBECONFIG.split(delimiter).filter((file) => file !== "")
        : [join(home, ".kube", "config")];
}

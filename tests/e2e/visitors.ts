/** Pods that are none of a Project's servers, to see who gets in. */
import type { V1Pod } from "@kubernetes/client-node";
import { kafkaImage } from "../../local/versions.ts";
import { inPod, isReady, type Kubernetes, until } from "./cluster.ts";

export interface Visitor {
    readonly namespace: string;
    readonly name: string;
    /** Node to run on; default: any. */
    readonly node?: string;
    readonly labels?: Record<string, string>;
    /** Secrets by the folder where they are mounted. */
    readonly secrets?: Record<string, string>;
}

/** Makes a pod that does nothing, as restricted as a Project's namespace asks for, and waits until it is there. */
export async function enter(k: Kubernetes, visitor: Visitor): Promise<void> {
    const { namespace, name, node, labels, secrets = {} } = visitor;
    const volumes = Object.entries(secrets).map(([mountPath, secretName], i) => ({
        mount: { name: `secret-${i}`, mountPath, readOnly: true },
        volume: { name: `secret-${i}`, secret: { secretName } },
    }));
    const body: V1Pod = {
        metadata: { name, namespace, ...(labels && { labels }) },
        spec: {
            ...(node !== undefined && { nodeSelector: { "kubernetes.io/hostname": node } }),
            automountServiceAccountToken: false,
            terminationGracePeriodSeconds: 0,
            securityContext: {
                runAsNonRoot: true,
                runAsUser: 10_002,
                seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
                {
                    name,
                    image: kafkaImage,
                    command: ["sleep", "1800"],
                    securityContext: {
                        allowPrivilegeEscalation: false,
                        capabilities: { drop: ["ALL"] },
                    },
                    volumeMounts: volumes.map(({ mount }) => mount),
                },
            ],
            volumes: volumes.map(({ volume }) => volume),
        },
    };
    await k.core.createNamespacedPod({ namespace, body });
    await until(`${name} is there`, 60, async () =>
        isReady(await k.core.readNamespacedPod({ namespace, name })),
    );
}

/** Takes it away again; fine if there is none. */
export async function leave(k: Kubernetes, { namespace, name }: Visitor): Promise<void> {
    await k.core.deleteNamespacedPod({ namespace, name }).catch(() => undefined);
}

/** Whether a visitor gets a connection. */
export async function reaches(k: Kubernetes, visitor: Visitor, host: string, port: number): Promise<boolean> {
    const command = `nc -w 3 ${host} ${port} < /dev/null > /dev/null 2>&1; echo $?`;
    const answer = await inPod(k, visitor.namespace, visitor.name, ["sh", "-c", command]);
    return answer.trim() === "0";
}

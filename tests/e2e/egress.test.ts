import assert from "node:assert/strict";
import type { V1NetworkPolicySpec } from "@kubernetes/client-node";
import { bridgePolicy } from "../../components/mirrormaker/mirrorMaker.ts";
import { clientNetworkPolicies } from "../../components/project/networkPolicies.ts";
import { network } from "../../local/platform/layout.ts";
import { type ClientPod, connects, untilConnects, withClientPods } from "./clientPods.ts";
import { type Kubernetes, until } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, sharedPlatform } from "./environment.ts";

// No Project is here, so that no other policy helps. The servers are the platform's own.
const namespace = "default";
const SERVER = network.controlAddress;
const NOWHERE = "192.0.2.1";

describe("egress to the addresses that config names", function () {
    this.timeout("2m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        k = await sharedPlatform();
    });

    const cases: [
        title: string,
        port: number,
        name: string,
        labels: Record<string, string>,
        policy: (range: string) => object,
    ][] = [
        [
            "leads to those DNS servers, and no others",
            53,
            "asks-dns",
            { asks: "dns" },
            (range) => clientNetworkPolicies(BLUE, { namespaces: [], ranges: [range] }).dns!,
        ],
        [
            "leads a bridge to those brokers of IKP, and no others",
            network.apiPort,
            "as-bridge",
            { "app.kubernetes.io/name": "bridge" },
            (range) => bridgePolicy({ bootstrapServers: [`ikp:${network.apiPort}`], ranges: [range] }, 1, []),
        ],
    ];
    for (const [title, port, name, labels, specFor] of cases) {
        it(title, async () => {
            const client: ClientPod = { namespace, name, labels };
            const policy = { namespace, name };
            const body = (address: string) => ({
                metadata: policy,
                spec: {
                    ...specFor(`${address}/32`),
                    podSelector: { matchLabels: labels },
                } as V1NetworkPolicySpec,
            });
            const open = () => connects(k, client, SERVER, port);
            try {
                await withClientPods(k, [client], async () => {
                    await untilConnects(k, client, SERVER, port);
                    await k.networking.createNamespacedNetworkPolicy({ namespace, body: body(NOWHERE) });
                    await until("the server is closed to it", 60, async () => !(await open()));
                    await k.networking.replaceNamespacedNetworkPolicy({ ...policy, body: body(SERVER) });
                    await until("the server is open to it", 60, open);
                    const other = port === 53 ? network.apiPort : 53;
                    assert.equal(await connects(k, client, SERVER, other), false);
                });
            } finally {
                await k.networking.deleteNamespacedNetworkPolicy(policy).catch(() => undefined);
            }
        });
    }
});

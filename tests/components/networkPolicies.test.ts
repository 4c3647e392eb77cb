import assert from "node:assert/strict";
import { lagExporterPolicy } from "../../components/monitoring/lagExporter.ts";
import { clientNetworkPolicies, networkPolicies } from "../../components/project/networkPolicies.ts";

const ports = { client: 2181, commands: 2182, server: 2888, election: 3888, metrics: 9404 };
const tcp = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
const pods = (name: string) => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });
const named = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
const CLIENT = { matchLabels: { "unity-kafka/client": "true" } };
const BOTH = ["Ingress", "Egress"];
const CLOSED = {
    "default-deny": { podSelector: {}, policyTypes: BOTH },
    dns: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ ports: [{ protocol: "UDP", port: 53 }, ...tcp(53)] }],
    },
};

/** DNS servers at any address. */
const ANYWHERE = { namespaces: [], ranges: [] };

/** The policies of a Project in the namespace red. */
const policies = (clientNamespaces: readonly string[], bridge = false, lagExporter = false) =>
    networkPolicies({
        ...{
            namespace: "red",
            zookeeperPorts: ports,
            dns: ANYWHERE,
            metricsFrom: lagExporter ? ["gmp"] : [],
        },
        ...{ clientNamespaces, bridge, lagExporter },
    });

describe("the network policies of the servers' namespace", () => {
    it("allow what the servers need of each other and nobody else, where there are no clients", () => {
        assert.deepEqual(policies([]), {
            ...CLOSED,
            zookeeper: {
                ...pods("zookeeper"),
                policyTypes: BOTH,
                ingress: [
                    { from: [pods("kafka")], ports: tcp(2181) },
                    { from: [pods("zookeeper")], ports: tcp(2888, 3888) },
                ],
                egress: [{ to: [pods("zookeeper")], ports: tcp(2888, 3888) }],
            },
            kafka: {
                ...pods("kafka"),
                policyTypes: BOTH,
                ingress: [
                    { from: [pods("kafka")], ports: tcp(9091) },
                    { from: [pods("kafka")], ports: tcp(9092) },
                ],
                egress: [
                    { to: [pods("zookeeper")], ports: tcp(2181) },
                    { to: [pods("kafka")], ports: tcp(9091, 9092) },
                ],
            },
        });
    });

    it("allow the bridge, and pods with the label of a client in the namespaces of components only", () => {
        const found = policies(["red-clients", "shop"], true);
        assert.deepEqual(Object.keys(found), [...Object.keys(CLOSED), "zookeeper", "kafka"]);
        assert.deepEqual(found.kafka!.ingress, [
            { from: [pods("kafka")], ports: tcp(9091) },
            {
                from: [
                    pods("kafka"),
                    pods("bridge"),
                    { namespaceSelector: named("red-clients"), podSelector: CLIENT },
                    { namespaceSelector: named("shop"), podSelector: CLIENT },
                ],
                ports: tcp(9092),
            },
        ]);
    });

    it("let the exporter of lags reach the brokers, and the collector it, and nothing else", () => {
        assert.deepEqual((policies([], false, true).kafka!.ingress as object[]).slice(0, 2), [
            { from: [pods("kafka")], ports: tcp(9091) },
            { from: [pods("kafka"), pods("lag-exporter")], ports: tcp(9092) },
        ]);
        assert.deepEqual(lagExporterPolicy(["gmp"]), {
            ...pods("lag-exporter"),
            policyTypes: BOTH,
            ingress: [{ from: [{ namespaceSelector: named("gmp") }], ports: tcp(9404) }],
            egress: [{ to: [pods("kafka")], ports: tcp(9092) }],
        });
    });

    it("let clients among the servers reach the brokers only where config has some there", () => {
        const egress = [{ to: [pods("kafka")], ports: tcp(9092) }];
        assert.deepEqual(policies(["red", "shop"])["kafka-clients"], {
            ...{ podSelector: CLIENT, policyTypes: ["Egress"], egress },
        });
    });
});

describe("the network policies of the namespace that is created for components", () => {
    it("allow DNS and, to pods with the label of a client, the brokers of their Project", () => {
        const brokers = { namespaceSelector: named("red"), ...pods("kafka") };
        assert.deepEqual(clientNetworkPolicies("red", ANYWHERE), {
            ...CLOSED,
            "kafka-clients": {
                podSelector: CLIENT,
                policyTypes: ["Egress"],
                egress: [{ to: [brokers], ports: tcp(9092) }],
            },
        });
    });
});

describe("the way to DNS servers", () => {
    it("leads to those that config names only, in both namespaces of a Project", () => {
        const dns = { namespaces: ["kube-system"], ranges: ["169.254.20.10/32", "fd00::a/128"] };
        const rules = { namespace: "red", zookeeperPorts: ports, metricsFrom: [], clientNamespaces: [] };
        const expected = [
            {
                to: [
                    { namespaceSelector: named("kube-system") },
                    { ipBlock: { cidr: "169.254.20.10/32" } },
                    { ipBlock: { cidr: "fd00::a/128" } },
                ],
                ports: [{ protocol: "UDP", port: 53 }, ...tcp(53)],
            },
        ];
        assert.deepEqual(
            networkPolicies({ ...rules, dns, bridge: false, lagExporter: false }).dns!.egress,
            expected,
        );
        assert.deepEqual(clientNetworkPolicies("red", dns).dns!.egress, expected);
    });
});

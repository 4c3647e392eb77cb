import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goldenPath } from "./golden.ts";

interface Registration {
    type: string;
    name: string;
    parent: string;
    aliases: string[];
}

/** What has left the program. */
const LEFT = [
    // Left to the rolling updates. They were registered to be retained, with what they patch.
    /PersistentVolumeClaimPatch/,
    // No component of this Project, nor any other, is in the namespace of its servers.
    /::archive-policy-kafka-clients$/,
];

describe("the resources of an older version", () => {
    const { resources } = JSON.parse(readFileSync(goldenPath("everything"), "utf8")) as {
        resources: Registration[];
    };
    /** Types from the outermost parent on. */
    const typesOf = ({ type, parent }: Registration): string => {
        const found = resources.find((resource) => `${resource.type} ${resource.name}` === parent);
        return found ? `${typesOf(found)}$${type}` : type;
    };
    const urnOf = (resource: Registration) => `${typesOf(resource)}::${resource.name}`;

    // Of the stack `everything`, as version 0.1.0 registered it.
    const former = JSON.parse(
        readFileSync(join(import.meta.dirname, "formerUrns.json"), "utf8"),
    ) as readonly string[];

    it("are each one resource of today, by its URN or by an alias, so none is replaced", () => {
        const owners = new Map<string, string[]>();
        for (const resource of resources) {
            for (const urn of [urnOf(resource), ...resource.aliases]) {
                owners.set(urn, [...(owners.get(urn) ?? []), urnOf(resource)]);
            }
        }
        const kept = former.filter((urn) => !LEFT.some((pattern) => pattern.test(urn)));
        assert(kept.length >= 100);
        assert.deepEqual(
            kept.map((urn) => [urn, owners.get(urn)?.length ?? 0]).filter(([, count]) => count !== 1),
            [],
        );
    });

    it("are what today's resources consist of, but for components and what holds no data, and what a cluster on GKE lacked", () => {
        const added = resources
            .filter((resource) => ![urnOf(resource), ...resource.aliases].some((urn) => former.includes(urn)))
            .map(({ type }) => type);
        assert.deepEqual([...new Set(added)].sort(), [
            "gcp:compute/router:Router",
            "gcp:compute/routerNat:RouterNat",
            "gcp:container/nodePool:NodePool",
            "kubernetes:apps/v1:Deployment",
            "kubernetes:core/v1:ConfigMap",
            "kubernetes:core/v1:LimitRange",
            "kubernetes:core/v1:Namespace",
            "kubernetes:core/v1:ResourceQuota",
            "kubernetes:core/v1:Secret",
            "kubernetes:core/v1:ServiceAccount",
            "kubernetes:monitoring.googleapis.com/v1:PodMonitoring",
            "kubernetes:monitoring.googleapis.com/v1:Rules",
            "kubernetes:networking.k8s.io/v1:NetworkPolicy",
            "unity-kafka:index:CertificateAuthority",
            "unity-kafka:index:ClientNamespace",
            "unity-kafka:index:LagExporter",
            "unity-kafka:index:Nat",
            "unity-kafka:index:StatefulServers",
            "unity:kafka:BrokerConfig",
            "unity:kafka:BrokerDecommission",
            "unity:kafka:ClientKeys",
            "unity:kafka:OperatorKey",
            "unity:kafka:PartitionReassignment",
            "unity:kafka:User",
            "unity:kafka:Users",
            "unity:kubernetes:EnsembleSize",
            "unity:kubernetes:NetworkPolicySpecs",
            "unity:kubernetes:ZookeeperInitialization",
            "unity:tls:Certificate",
        ]);
    });
});

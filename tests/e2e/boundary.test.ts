/** What somebody can do who may do no more in Kubernetes than run pods where the applications are. */
import assert from "node:assert/strict";
import { CLIENT_LABEL, type ClientPod, podOf, untilConnects } from "./clientPods.ts";
import { connectAs, inPod, isReady, type Kubernetes, until } from "./cluster.ts";
import { BLUE, BRING_UP_TIMEOUT, GREEN, sharedEnvironment } from "./environment.ts";
import { ACLS, serverIn, TOPICS } from "./kafkaTools.ts";

const ATTACKER = "attacker";
/** In what Kafka's tools print. */
const REFUSED = /authorization failed|AuthorizationException/i;
const SETTINGS = "/etc/kafka-client/client.properties";

describe("who may only create pods in the namespace of applications", function () {
    this.timeout("3m");
    let k: Kubernetes;
    let attacker: Kubernetes;
    /** Where the Secrets of components are. */
    let namespace: string;
    /** A Secret of the bridge, which blue has not: its name is all that is needed here. */
    const bridge = { namespace: BLUE, name: "kafka-bridge" };
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
        const { items } = await k.core.listSecretForAllNamespaces({
            labelSelector: "unity-kafka/project=blue",
            fieldSelector: "metadata.name=kafka-client-reader",
        });
        namespace = items[0]!.metadata!.namespace!;
        await k.core.createNamespacedSecret({ namespace: BLUE, body: { metadata: { name: bridge.name } } });
        attacker = await createAttacker();
    });
    after(async () => {
        const own = { namespace, name: ATTACKER };
        await k.core.deleteNamespacedSecret(bridge);
        await k.rbac.deleteNamespacedRoleBinding(own);
        await k.rbac.deleteNamespacedRole(own);
        await k.core.deleteNamespacedServiceAccount(own);
    });

    /** An account that may run pods in the namespace, look at them and into them, and nothing else anywhere. */
    async function createAttacker(): Promise<Kubernetes> {
        const metadata = { name: ATTACKER };
        await k.core.createNamespacedServiceAccount({ namespace, body: { metadata } });
        await k.rbac.createNamespacedRole({
            namespace,
            body: {
                metadata,
                rules: [
                    {
                        apiGroups: [""],
                        resources: ["pods", "pods/exec", "pods/log"],
                        verbs: ["get", "list", "create", "delete"],
                    },
                ],
            },
        });
        await k.rbac.createNamespacedRoleBinding({
            namespace,
            body: {
                metadata,
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: ATTACKER },
                subjects: [{ kind: "ServiceAccount", name: ATTACKER, namespace }],
            },
        });
        const { status } = await k.core.createNamespacedServiceAccountToken({
            ...{ namespace, name: ATTACKER },
            body: { spec: { audiences: [], expirationSeconds: 3600 } },
        });
        assert(status?.token);
        return connectAs(ATTACKER, status.token);
    }

    const create = (pod: ClientPod, spec: object = {}) => {
        const body = podOf(pod);
        return attacker.core.createNamespacedPod({
            namespace: pod.namespace,
            body: { ...body, spec: { ...body.spec!, ...spec } },
        });
    };
    const remove = (name: string) =>
        attacker.core.deleteNamespacedPod({ namespace, name }).catch(() => undefined);

    /** Whether Kubernetes has said of a pod that it cannot start for want of a Secret; throws where it has started. */
    async function lacksSecret(name: string, secret: string): Promise<boolean> {
        const pod = await attacker.core.readNamespacedPod({ namespace, name });
        assert(!isReady(pod), `a pod with the Secret ${secret} runs in namespace ${namespace}`);
        const { items } = await k.core.listNamespacedEvent({
            namespace,
            fieldSelector: `involvedObject.name=${name}`,
        });
        return items.some(({ message }) => message?.includes(`"${secret}" not found`));
    }

    it("becomes neither the operator nor a broker nor the bridge, as none of their Secrets is there", async () => {
        const { items } = await k.core.listNamespacedSecret({ namespace: BLUE });
        const names = items.map(({ metadata }) => metadata!.name!);
        // The Secrets that only servers' own pods and operations are to read.
        const secrets = names.filter((name) => !name.startsWith("kafka-client-"));
        for (const wanted of [/^kafka-operator$/, /^kafka-bridge$/, /^kafka-tls-/, /^zookeeper-tls-/]) {
            assert(
                secrets.some((name) => wanted.test(name)),
                `${wanted} among ${names.join()}`,
            );
        }
        const pods = secrets.map((secret, i) => ({ secret, name: `as-server-${i}` }));
        try {
            await Promise.all(
                pods.map(({ secret, name }) => create({ namespace, name, secrets: { "/stolen": secret } })),
            );
            await Promise.all(
                pods.map(({ secret, name }) =>
                    until(`${name} lacks ${secret}`, 60, () => lacksSecret(name, secret)),
                ),
            );
        } finally {
            await Promise.all(pods.map(({ name }) => remove(name)));
        }
    });

    it("is refused pods among the servers, and pods that no network policy holds", async () => {
        const refused = { code: 403 };
        const pod = { name: "elsewhere", secrets: { "/stolen": "kafka-operator" } };
        await assert.rejects(create({ namespace: BLUE, ...pod }), refused);
        await assert.rejects(create({ namespace: GREEN, ...pod }), refused);
        await assert.rejects(create({ namespace, name: "on-host" }, { hostNetwork: true }), refused);
        await assert.rejects(
            attacker.core.readNamespacedSecret({ namespace, name: "kafka-client-reader" }),
            refused,
        );
    });

    it("is with a component's Secret that component, which its ACLs allow no more than config says", async () => {
        const secrets = { "/etc/kafka-client": "kafka-client-reader" };
        const reader: ClientPod = { namespace, name: "as-reader", labels: CLIENT_LABEL, secrets };
        // A tool's output is judged, not its end.
        const tool = (mainClass: string, ...args: string[]) => {
            const java = `java -Xmx128m -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*' ${mainClass} "$@" 2>&1 || true`;
            const all = [...serverIn(BLUE), "--command-config", SETTINGS, ...args];
            return inPod(attacker, namespace, reader.name, ["sh", "-c", java, mainClass, ...all]);
        };
        try {
            await create(reader);
            await until("it is Ready", 60, async () =>
                isReady(await attacker.core.readNamespacedPod({ namespace, name: reader.name })),
            );
            await untilConnects(attacker, reader, `kafka-bootstrap.${BLUE}`, 9092);
            const [list, stolen, rights] = await Promise.all([
                tool(TOPICS, "--list"),
                tool(TOPICS, "--create", "--topic", "stolen"),
                tool(
                    ACLS,
                    "--add",
                    "--allow-principal",
                    "User:reader",
                    "--operation",
                    "All",
                    "--topic",
                    "notes",
                ),
            ]);
            const topics = list.split("\n").filter((line) => line !== "" && !line.startsWith("log4j:"));
            assert.deepEqual(topics, ["orders"]);
            assert.match(stolen, REFUSED);
            assert.match(rights, REFUSED);
        } finally {
            await remove(reader.name);
        }
    });
});

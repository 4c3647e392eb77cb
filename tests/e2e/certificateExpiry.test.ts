import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { CERTIFICATE_EXPIRY } from "../../components/monitoring/certificateExpiry.ts";
import { type Kubernetes, metrics, pods, restarts, until } from "./cluster.ts";
import { BLUE, BLUE_CLIENTS, BRING_UP_TIMEOUT, sharedEnvironment } from "./environment.ts";
import { unity } from "./unity.ts";

const FILE = "metrics.yaml";

describe("the expiry of certificates", function () {
    this.timeout("2m");
    let k: Kubernetes;
    before(async function () {
        this.timeout(BRING_UP_TIMEOUT);
        ({ k } = await sharedEnvironment());
    });

    /** By the labels of the metric, such as `server kafka`. */
    const expiryIn = async (pod: string) => {
        const found = await metrics(k, BLUE, pod, `?name%5B%5D=${CERTIFICATE_EXPIRY}`);
        return new Map(
            [...found].map(([metric, seconds]) => {
                const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(metric)![1];
                return [`${label("certificate")} ${label("name")}`, seconds];
            }),
        );
    };

    it("is a metric for what a server reads, for the first of its CAs, and for the first client, to expire", async () => {
        const secrets = (
            await Promise.all(
                [BLUE, BLUE_CLIENTS].map((namespace) => k.core.listNamespacedSecret({ namespace })),
            )
        ).flatMap(({ items }) => items);
        const clients = secrets.flatMap(({ data }) => (data?.["tls.crt"] ? [data["tls.crt"]] : []));
        assert(clients.length >= 4, "the operator and three components");
        const times = clients.map((pem) => new X509Certificate(Buffer.from(pem, "base64")).validToDate);
        const broker = [...(await expiryIn("kafka-0"))];
        assert.deepEqual(broker.map(([labels]) => labels.split(" ")[0]).sort(), ["ca", "client", "server"]);
        assert.deepEqual(
            broker.find(([labels]) => labels.startsWith("client "))?.[1],
            Math.min(...times.map((time) => time.getTime())) / 1000,
        );
        const zookeeper = [...(await expiryIn("zookeeper-0")).keys()].sort();
        assert.match(zookeeper.join(", "), /^ca ensemble-ca-\d+, server zookeeper$/);
    });

    it("of a renewed client is seen without a restart of a broker", async () => {
        const [broker] = await pods(k, BLUE, "kafka");
        const volume = broker!.spec!.volumes!.find(({ configMap }) => configMap !== undefined);
        const found = { namespace: BLUE, name: volume!.configMap!.name! };
        const before = await k.core.readNamespacedConfigMap(found);
        const write = (text: string) =>
            k.core.replaceNamespacedConfigMap({
                ...found,
                body: {
                    metadata: { ...before.metadata!, resourceVersion: undefined! },
                    data: { [FILE]: text },
                },
            });
        const settings = JSON.parse(before.data![FILE]!) as { rules: { name: string; labels: object }[] };
        const rule = settings.rules.find(
            ({ labels }) => "certificate" in labels && labels.certificate === "client",
        );
        Object.assign(rule!, { value: 4_102_444_800, labels: { certificate: "client", name: "renewed" } });
        const { uid } = broker!.metadata!;
        try {
            await write(JSON.stringify(settings));
            await until("the broker tells of it", 100, async () =>
                (await expiryIn("kafka-0")).has("client renewed"),
            );
        } finally {
            await write(before.data![FILE]!);
        }
        const after = await k.core.readNamespacedPod({ namespace: BLUE, name: "kafka-0" });
        assert.equal(after.metadata!.uid, uid);
        assert.equal(restarts(after), restarts(broker!));
    });

    it("of CAs is in unity status", async () => {
        const status = await unity(["status", "--local", "--namespace", BLUE]);
        assert.match(status, /^ {2}CA unity-kafka cluster ca-\d+ +\d{4}-\d\d-\d\d +\d+$/m);
        assert.match(status, /^ {2}CA unity-kafka ensemble ca-\d+ +\d{4}-\d\d-\d\d +\d+$/m);
    });
});

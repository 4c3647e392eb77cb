import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { errorOf } from "../../kafka/admin/protocol.ts";
import { ConnectionError } from "../../kafka/errors.ts";
import { sharedKafka } from "../../provider/kafkaConnection.ts";
import { KafkaFailure, type KafkaFailureKind } from "../../provider/kafkaFailure.ts";
import { FakeKafka } from "./fakeKafka.ts";

const { KafkaJSAggregateError, KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded } = createRequire(
    import.meta.url,
)("kafkajs/src/errors") as Record<string, new (...args: unknown[]) => Error>;

const demo = { cluster: { context: "here" }, namespace: "demo" };
/** Far below the time of a retry: what is final is said at once. */
const AT_ONCE = 250;
const LIMIT = 1_200;

/** A fake Kafka whose every change fails so. */
function failing(error: unknown, accessDenied = new AbortController().signal) {
    let tries = 0;
    const inKafka = sharedKafka(async () => ({
        admin: new FakeKafka(),
        accessDenied,
        close: async () => undefined,
    }));
    const run = () =>
        inKafka(
            demo,
            "create topic orders",
            async () => {
                tries++;
                throw error;
            },
            LIMIT,
        );
    return { run, tries: () => tries };
}

/** Fails unless this is the failure, and reports how long it took, in milliseconds. */
async function assertFails(run: () => Promise<unknown>, kind: KafkaFailureKind, message: string) {
    const begun = performance.now();
    await assert.rejects(run(), (error: unknown) => {
        assert(error instanceof KafkaFailure);
        assert.deepEqual([error.kind, error.message], [kind, message]);
        return true;
    });
    return performance.now() - begun;
}

const CANNOT = "cannot create topic orders in the Kafka of namespace demo";

describe("a change in a Project's Kafka", () => {
    const refusals: [title: string, error: unknown, message: string][] = [
        [
            "an invalid setting",
            errorOf(40, "Invalid value abc for configuration retention.ms."),
            `${CANNOT}: Invalid value abc for configuration retention.ms. Correct it in config, then run up again`,
        ],
        [
            "a replication factor above the brokers that are up",
            errorOf(38, "Replication factor: 3 larger than available brokers: 2."),
            `${CANNOT}: Replication factor: 3 larger than available brokers: 2. Check that all brokers are up or lower the replication factor, then run up again`,
        ],
        [
            "a policy violation",
            errorOf(44, "Topics need an owner"),
            `${CANNOT}: Topics need an owner. Correct it in config, then run up again`,
        ],
        [
            "a denied ACL, as the client library wraps it",
            new KafkaJSAggregateError!("Topic creation errors", [
                errorOf(29, "Not authorized to access topics"),
            ]),
            `${CANNOT}: Not authorized to access topics. Check that super.users of its brokers names the operator, then run up again`,
        ],
        [
            "a refusal of the Kubernetes API",
            new ConnectionError("cluster", "You are not allowed to read Secret a", "Ask for the permission"),
            "You are not allowed to read Secret a. Ask for the permission",
        ],
    ];
    for (const [title, error, message] of refusals) {
        it(`fails at once with the reason and a hint on ${title}`, async () => {
            const { run, tries } = failing(error);
            assert((await assertFails(run, "refused", message)) < AT_ONCE);
            assert.equal(tries(), 1);
        });
    }

    it("fails at once where the namespace, or its Secret, is missing", async () => {
        const noNamespace = failing(
            new ConnectionError("namespace", 'Namespace "demo" does not exist', "Choose"),
        );
        const message = 'Namespace "demo" does not exist. Run up with --refresh to create it again';
        assert((await assertFails(noNamespace.run, "noNamespace", message)) < AT_ONCE);
        const noSecret = failing(
            new ConnectionError("kafka", "It has no Secret kafka-operator", "Run pulumi up"),
        );
        const hint = "It has no Secret kafka-operator. Run pulumi up";
        assert((await assertFails(noSecret.run, "unavailable", hint)) < AT_ONCE);
    });

    it("fails at once when the tunnel turns out to be denied, also while it waits for an answer", async () => {
        const denied = new AbortController();
        const inKafka = sharedKafka(async () => ({
            admin: new FakeKafka(),
            accessDenied: denied.signal,
            close: async () => undefined,
        }));
        const error = new ConnectionError("cluster", "You are not allowed to forward ports", "Ask for it");
        setTimeout(() => denied.abort(error), 20);
        const run = () =>
            inKafka(demo, "create topic orders", () => new Promise<void>(() => undefined), LIMIT);
        const message = "You are not allowed to forward ports. Ask for it";
        assert((await assertFails(run, "refused", message)) < AT_ONCE);
    });

    const lastError = (reason: string) => `${CANNOT}: ${reason}. Check its pods, then run up again`;
    const passing: [title: string, error: unknown, message: string][] = [
        [
            "a broker that is down",
            new KafkaJSConnectionError!("Connection error: closed"),
            lastError("Connection error: closed"),
        ],
        [
            "retries of the client library",
            new KafkaJSNumberOfRetriesExceeded!(new KafkaJSConnectionError!("no leader"), { retryCount: 5 }),
            lastError("no leader"),
        ],
        ["another controller", errorOf(41, "not the controller"), lastError("not the controller")],
        ["no controller", errorOf(8, "there is no controller"), lastError("there is no controller")],
        [
            "an error that the broker did not expect",
            errorOf(-1, "The server failed"),
            lastError("The server failed"),
        ],
        [
            "a Kubernetes API that does not answer",
            new ConnectionError("cluster", "The cluster does not answer", "Start it", { retriable: true }),
            "The cluster does not answer. Start it",
        ],
    ];
    it("is tried again on what passes, until the time is up, and then says what the last error was", async () => {
        await Promise.all(
            passing.map(async ([title, error, message]) => {
                const { run, tries } = failing(error);
                const took = await assertFails(run, "unavailable", message);
                assert(took > LIMIT - 50 && took < LIMIT + AT_ONCE, `${title}: ${took} ms`);
                assert.equal(tries(), 3, title);
            }),
        );
    });

    it("that gets no answer at all says so when the time is up", async () => {
        const inKafka = sharedKafka(() => new Promise(() => undefined));
        const run = () => inKafka(demo, "create topic orders", async () => undefined, 100);
        const message = `${CANNOT}: no answer within 0.1 s. Check its pods, then run up again`;
        await assertFails(run, "unavailable", message);
    });
});

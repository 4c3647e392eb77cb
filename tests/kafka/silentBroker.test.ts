import assert from "node:assert/strict";
import { KafkaAdmin } from "../../kafka/admin/admin.ts";
import type { ProtocolRequest } from "../../kafka/admin/protocol.ts";
import { SharedConnections } from "../../kafka/admin/sharedConnections.ts";
import type { KafkaAddress } from "../../kafka/client/kafkajs.ts";
import { KafkajsKafka } from "../../kafka/client/kafkajsKafka.ts";
import type { RecordSender } from "../../kafka/client/projectKafka.ts";
import { retryUntilAborted } from "../../kafka/client/retry.ts";
import { forwardingSocketFactory } from "../../kafka/kubernetes/socketFactory.ts";
import { newCertificate, newRootCertificate } from "../provider/fixtures.ts";
import { FakeBroker, type Step } from "./fakeBroker.ts";

const LIMITS = { connect: 200, request: 250, call: 3_000 };
const STEPS: readonly Step[] = [
    "dial",
    "handshake",
    "apiVersions",
    "metadata",
    "request",
    "close",
    "refusal",
];
/** Longest that a client may take to come back, in milliseconds: some limits and the pauses of its retries. */
const BOUND = 8_000;
const LANES = 8;
const SILENCES = 200;
const topic = FakeBroker.topic;

/** One client with everything that a session holds on to, so that a lock that is kept once blocks all later calls. */
class Lane {
    readonly broker: FakeBroker;
    readonly kafka: KafkajsKafka;
    readonly #admin: KafkaAdmin;
    readonly #connections: SharedConnections;
    #sender: RecordSender | undefined;

    constructor(broker: FakeBroker, ca: string) {
        this.broker = broker;
        const address: KafkaAddress = {
            brokers: [FakeBroker.address],
            ssl: { ca },
            socketFactory: forwardingSocketFactory(() => broker.dial),
            limits: LIMITS,
        };
        this.kafka = new KafkajsKafka(address);
        this.#admin = new KafkaAdmin(address);
        this.#connections = new SharedConnections(address);
    }

    /** By turns: the client, the sender, the operator's client, and a request of our own. */
    async call(turn: number, step: Step, signal: AbortSignal): Promise<void> {
        switch (turn % 4) {
            case 0:
                assert.deepEqual(
                    await retryUntilAborted(() => this.kafka.admin.endOffsets(topic), signal),
                    [42],
                );
                break;
            case 1: {
                this.#sender ??= await this.kafka.openSender(topic);
                const record = { key: Buffer.from("key"), value: Buffer.from("value") };
                const before = this.broker.produced;
                const offset = await this.#sender.send(0, [record], Date.now(), signal);
                // Not `before` itself: a slow machine repeats a batch, and this broker does not recognise repetitions.
                assert(offset >= before, `${offset} < ${before}`);
                break;
            }
            case 2:
                await retryUntilAborted(() => this.#admin.deleteTopic(topic), signal);
                break;
            default:
                await retryUntilAborted(() => this.#connections.ask(anyRequest(step)), signal);
        }
    }

    async close(): Promise<void> {
        await Promise.allSettled([this.kafka.close(), this.#admin.close(), this.#connections.close()]);
        this.broker.stop();
    }
}

function anyRequest(step: Step): ProtocolRequest<boolean> {
    const key = step === "metadata" ? 3 : 2;
    return { name: "Any", key, version: 1, encode: (encoder) => encoder, decode: () => true };
}

describe("a broker that falls silent", () => {
    const lanes: Lane[] = [];

    before(async () => {
        const authority = await newRootCertificate();
        const dnsNames = [FakeBroker.address.split(":")[0]!];
        const { certificate, privateKey } = await newCertificate(authority, { dnsNames });
        for (let lane = 0; lane < LANES; lane++) {
            const broker = new FakeBroker(certificate, privateKey);
            await broker.start();
            lanes.push(new Lane(broker, authority.certificate));
        }
    });

    after(() => Promise.all(lanes.map((lane) => lane.close())));

    it("never keeps a client for longer than its limits, whatever it is in the middle of", async function () {
        this.timeout(120_000);
        const slow: string[] = [];
        const met = new Set<string>();
        await Promise.all(
            lanes.map(async (lane, index) => {
                for (let turn = 0; turn < 4; turn++) {
                    await lane.call(turn, "dial", AbortSignal.timeout(BOUND));
                }
                for (let silence = index; silence < SILENCES; silence += LANES) {
                    const round = Math.floor(silence / LANES);
                    const step = STEPS[(round + index) % STEPS.length]!;
                    lane.broker.fallSilent(step, 1 + (silence % 2));
                    const call = `${step}, turn ${round % 4}`;
                    await lane.call(round, step, AbortSignal.timeout(BOUND)).catch((error: unknown) => {
                        slow.push(`${call} of lane ${index}: ${String(error)}; ${lane.kafka.lastError()}`);
                    });
                    if (lane.broker.met > 0) {
                        met.add(call);
                    }
                }
            }),
        );
        assert.deepEqual(slow, []);
        assert.equal(met.size, STEPS.length * 4, `each call met each silence: ${[...met].sort().join("; ")}`);
    });
});

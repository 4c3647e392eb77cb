import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Dial, TunnelEnd } from "../../kafka/kubernetes/forwardedSocket.ts";

/** The far end of a tunnel, played by a test. */
export class FakeTunnel extends EventEmitter implements TunnelEnd {
    readonly sent: Buffer[] = [];
    readonly calls: string[] = [];
    /** Confirms frames only when told to. */
    holdBack: (() => void)[] | undefined;
    deliver: (data: Buffer) => void = () => assert.fail("not dialled yet");
    refuse: (reason: string) => void = () => assert.fail("not dialled yet");

    readonly dial: Dial = (onData, onRefusal) => {
        this.deliver = onData;
        this.refuse = onRefusal;
        return Promise.resolve(this);
    };

    send(frame: Buffer, done: (error?: Error | null) => void): void {
        this.sent.push(frame);
        if (this.holdBack) {
            this.holdBack.push(() => done());
        } else {
            done();
        }
    }
    pause(): void {
        this.calls.push("pause");
    }
    resume(): void {
        this.calls.push("resume");
    }
    close(): void {
        this.calls.push("close");
    }
    terminate(): void {
        this.calls.push("terminate");
    }
}

/** A connection to a pod that answers each frame it gets, by what a test does with the tunnel. */
export function answeredBy(answer: (request: string, tunnel: FakeTunnel) => void): Dial {
    const tunnel = new FakeTunnel();
    return async (onData, onRefusal) => {
        await tunnel.dial(onData, onRefusal);
        const { send } = tunnel;
        tunnel.send = (frame, done) => {
            send.call(tunnel, frame, done);
            answer(frame.subarray(1).toString(), tunnel);
        };
        return tunnel;
    };
}

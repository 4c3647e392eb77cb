/** The log of Pulumi's engine, which has no call of its own in the SDK for providers. */
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import type { Log } from "./provider.ts";

/** @param address host:port of the engine, as it gives it to a provider */
export function openEngineLog(address: string): Log {
    const client = new EngineClient(address, credentials.createInsecure());
    let written: Promise<void> = Promise.resolve();
    return (severity, urn, message) => {
        const request = new engine.LogRequest();
        request.setSeverity(engine.LogSeverity[severity]);
        request.setUrn(urn);
        request.setMessage(message);
        // In their order. An engine that takes no more lines, because it ends, is no reason to fail.
        written = written.then(() => new Promise((done) => client.log(request, () => done())));
    };
}

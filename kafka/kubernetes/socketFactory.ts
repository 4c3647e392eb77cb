import type { Socket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { type KubeConfig, PortForward } from "@kubernetes/client-node";
import { ConnectionError, reasonOf } from "../errors.ts";
import { CLIENT_LIMITS } from "../limits.ts";
import { podOfBroker } from "./brokerPods.ts";
import { type Dial, ForwardedSocket } from "./forwardedSocket.ts";

/** What kafkajs wants to be connected to; `ssl` is missing without TLS, whatever its types say. */
export interface SocketRequest {
    readonly host: string;
    readonly port: number;
    readonly ssl?: ConnectionOptions | undefined;
    readonly onConnect: () => void;
}

/** Makes the dialling function for one port of one pod. */
export type Dialler = (namespace: string, pod: string, port: number) => Dial;

/**
 * Dials through the port-forward of the Kubernetes API.
 * @param onDenied told the HTTP status when the API denies access for good
 * @param openingLimit how long the API may take to open a tunnel, in milliseconds
 */
export function kubernetesDialler(
    config: KubeConfig,
    onDenied: (status: 401 | 403) => void,
    openingLimit = CLIENT_LIMITS.connect,
): Dialler {
    const forward = new PortForward(withOpeningLimit(config, openingLimit));
    return (namespace, pod, port) => async (onData, onRefusal) => {
        const output = passOn(onData);
        const errors = passOn((reason) => onRefusal(reason.toString("utf8")));
        // What goes in is sent by the caller, on the tunnel itself: only so can it wait until it has been sent.
        const nothingGoesIn = new PassThrough();
        const opening = forward.portForward(namespace, pod, [port], output, errors, nothingGoesIn);
        const tunnel = await opening.catch((error: unknown) => {
            const [, status] = /server response: (401|403)/.exec(reasonOf(error)) ?? [];
            if (status !== undefined) {
                onDenied(status === "401" ? 401 : 403);
            }
            throw error;
        });
        // A function is what comes back when retries were asked for, and a retried tunnel is another connection.
        return tunnel as Exclude<typeof tunnel, () => unknown>;
    };
}

/** Why nothing in a namespace can be reached when the API has denied the port-forward. */
export function forwardingDenied(namespace: string, status: 401 | 403): ConnectionError {
    return new ConnectionError(
        "cluster",
        `You are not allowed to forward ports to the pods of namespace "${namespace}" (HTTP ${status})`,
        `Ask for the permission to create pods/portforward in namespace "${namespace}"`,
    );
}

/** client-node opens its WebSocket without a limit, so that an API server that says nothing is waited for for ever. */
function withOpeningLimit(config: KubeConfig, milliseconds: number): KubeConfig {
    const limited = Object.create(config) as KubeConfig;
    limited.applyToHTTPSOptions = async (options) => {
        await config.applyToHTTPSOptions(options);
        // These become the options of the WebSocket (package ws).
        Object.assign(options, { handshakeTimeout: milliseconds });
    };
    return limited;
}

function passOn(receive: (data: Buffer) => void): Writable {
    return new Writable({
        write(data: Buffer, _encoding, done): void {
            receive(data);
            done();
        },
    });
}

/**
 * Connects kafkajs to brokers by their advertised names, which only the cluster's own DNS knows: each name stands
 * for a pod, and the Kubernetes API leads to pods.
 */
export function forwardingSocketFactory(dialler: Dialler): (request: SocketRequest) => Socket {
    return ({ host, port, ssl, onConnect }) => {
        const { namespace, pod } = podOfBroker(host);
        const tunnel = new ForwardedSocket(`${namespace}/${pod}:${port}`, dialler(namespace, pod, port));
        // kafkajs asks for a net.Socket but uses only what ForwardedSocket has, and so does tls.
        const socket = tunnel as unknown as Socket;
        if (ssl) {
            // The certificate is checked against the broker's own name, not against that of the tunnel's end.
            let secured: Socket | undefined;
            // Before TLS listens to it: a tunnel that fails meanwhile would end the program.
            tunnel.on("error", (error) => secured?.destroy(error));
            secured = connectTls({ servername: host, ...ssl, socket }, onConnect);
            // Neither of the two ends with the other by itself.
            tunnel.once("close", () => secured?.destroy());
            secured.once("close", () => tunnel.destroy());
            return secured;
        }
        tunnel.once("connect", onConnect);
        return socket;
    };
}

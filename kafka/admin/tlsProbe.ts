/** Whether a server can be reached and trusted, before anything is said to it. */
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { TlsOptions } from "../client/kafkajs.ts";
import { reasonOf } from "../errors.ts";

const TIME_LIMIT = 8_000;

/** Why there is no connection: `unreachable` - nothing answers; `untrusted` - TLS fails. */
export interface Refusal {
    readonly kind: "unreachable" | "untrusted";
    readonly reason: string;
    /** What to do about it, a sentence without its full stop. */
    readonly hint: string;
}

const UNREACHABLE =
    /^(E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH|CONNRESET)|TIME_LIMIT)$/;

/**
 * Connects by TLS and closes the connection.
 * @param server host:port
 * @param timeLimit how long the server may say nothing, in milliseconds; default 8 s
 * @returns why it fails, or undefined
 */
export function probe(
    server: string,
    options: TlsOptions,
    timeLimit = TIME_LIMIT,
): Promise<Refusal | undefined> {
    const colon = server.lastIndexOf(":");
    const host = server.slice(0, colon);
    return new Promise((resolve) => {
        const name = isIP(host) ? {} : { servername: host };
        const socket = connect({ host, port: Number(server.slice(colon + 1)), ...name, ...options });
        const end = (refusal?: Refusal) => {
            socket.destroy();
            resolve(refusal);
        };
        socket.setTimeout(timeLimit, () =>
            end(refusalOf(Object.assign(new Error("no answer"), { code: "TIME_LIMIT" }))),
        );
        socket.once("secureConnect", () => end());
        socket.once("error", (error) => end(refusalOf(error)));
    });
}

function refusalOf(error: Error & { readonly code?: string }): Refusal {
    const code = error.code ?? "";
    const reason = reasonOf(error);
    if (UNREACHABLE.test(code)) {
        return { kind: "unreachable", reason, hint: "Correct the address, or allow connections to it" };
    }
    return { kind: "untrusted", reason, hint: trustHint(code) };
}

function trustHint(code: string): string {
    if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
        return "Use a name that is in its certificate, or have its operators add this one";
    }
    if (code === "CERT_HAS_EXPIRED") {
        return "Have its operators renew the certificate";
    }
    if (/ISSUER|SELF_SIGNED|VERIFY|UNTRUSTED/.test(code)) {
        return "Set ikp.authority to the CA certificate that signs for it";
    }
    if (code === "EPROTO" || code.startsWith("ERR_SSL")) {
        return "Name a port with TLS (SASL_SSL or SSL) whose brokers take this certificate";
    }
    return "Have its operators check the listener";
}

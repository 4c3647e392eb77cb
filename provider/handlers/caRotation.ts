/** When a new CA may sign, and a former one be trusted no more: by what the servers have that run. */
import { isDeepStrictEqual } from "node:util";
import type { PodCas } from "../../common/names.ts";
import type { Preview } from "../resourceHandler.ts";
import type { CertificateInputs, TrustingServers } from "../resources/certificate.ts";

/** A server that runs, and its CAs; undefined where its pod does not tell them. */
export interface ServerCas {
    readonly server: string;
    readonly cas: PodCas | undefined;
}

/** Reads the CAs of the servers that run. @throws Error of one line where they cannot be read */
export type ReadServerCas = (servers: TrustingServers) => Promise<readonly ServerCas[]>;

/**
 * Why the CAs of config cannot be taken now, with what to type instead; undefined where they can. What the last config
 * said does not count: its rolling update may have failed half-way.
 */
export async function rotationError(
    { signedBy, trusted, servers }: Preview<CertificateInputs>,
    old: PodCas | undefined,
    read: ReadServerCas,
): Promise<string | undefined> {
    const wanted = { signedBy, trusted };
    if (old === undefined || isDeepStrictEqual(wanted, { signedBy: old.signedBy, trusted: old.trusted })) {
        return undefined;
    }
    const { cluster, namespace, trust } = servers ?? {};
    // A cluster that does not exist yet has no servers.
    const isUnknown = !cluster || Object.values(cluster).includes(undefined) || !namespace;
    if (isUnknown || !signedBy || !trusted || !trust) {
        return undefined;
    }
    try {
        return errorOf({ signedBy, trusted }, old, await read({ cluster, namespace, trust }));
    } catch (error) {
        return `it is not known which CAs the servers trust: ${(error as Error).message}`;
    }
}

function errorOf(
    { signedBy, trusted }: PodCas,
    old: PodCas,
    servers: readonly ServerCas[],
): string | undefined {
    const silent = servers.filter(({ cas }) => cas === undefined);
    if (silent.length > 0) {
        return `${namesOf(silent)} ${verb(silent, "was", "were")} started by an older version of this program, so it is not known which CAs ${verb(silent, "it trusts", "they trust")}. Set authorities to [${old.trusted.join(", ")}] and run up, then to [${trusted.join(", ")}]`;
    }
    const distrusting = servers.filter(({ cas }) => !cas!.trusted.includes(signedBy));
    const [first] = distrusting;
    if (first) {
        const both = [first.cas!.signedBy, signedBy];
        return `${namesOf(distrusting)} ${verb(distrusting, "trusts", "trust")} only ${first.cas!.trusted.join(" and ")}, and would reject certificates of ${signedBy}. Set authorities to [${both.join(", ")}] and run up, then to [${both.toReversed().join(", ")}]`;
    }
    const former = servers.filter(({ cas }) => !trusted.includes(cas!.signedBy));
    const [last] = former;
    return (
        last &&
        `${namesOf(former)} ${verb(former, "shows", "show")} a certificate of ${last.cas!.signedBy}, which servers that trust only ${trusted.join(" and ")} would reject. Set authorities to [${signedBy}, ${last.cas!.signedBy}] and run up, then to [${trusted.join(", ")}]`
    );
}

function namesOf(servers: readonly ServerCas[]): string {
    return servers.map(({ server }) => server).join(", ");
}

function verb(servers: readonly ServerCas[], one: string, several: string): string {
    return servers.length === 1 ? one : several;
}

/** Keys and certificates: ECDSA over P-256 with SHA-256, which Java, OpenSSL and Node all know. */
// The library needs it before it is loaded itself.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY = 24 * 3600 * 1000;
/** Clocks differ a little: a certificate is valid from so much before its issue, in milliseconds. */
const CLOCK_SKEW = 5 * 60 * 1000;

/** When a certificate is issued, and for how long. */
export interface Validity {
    /** ISO 8601. */
    readonly issuedAt: string;
    readonly days: number;
}

/** A certificate and its key, PEM; the key as PKCS #8. */
export interface IssuedCertificate {
    readonly certificate: string;
    readonly privateKey: string;
    /** End of its validity, ISO 8601. */
    readonly notAfter: string;
}

export type Usage = "server" | "client";

/** Whom a certificate is for. */
export interface Subject {
    /** Name by which Kafka and ZooKeeper know the holder, at most 64 characters. */
    readonly commonName: string;
    /** Group of a Kubernetes user, or the Project of a CA. Default, and where it is empty: none. */
    readonly organization?: string;
    /** Names by which a server is reached; may begin with `*.`. */
    readonly dnsNames: readonly string[];
    /** Default: none. */
    readonly ipAddresses?: readonly string[];
    readonly usages: readonly Usage[];
}

/** @returns a new private key, PKCS #8 in PEM */
export async function newKey(): Promise<string> {
    const { privateKey } = await webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
    return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
}

/** The root certificate of a CA, signed by its own key. */
export async function selfSigned(
    { commonName, organization, issuedAt, days }: Validity & Pick<Subject, "commonName" | "organization">,
    key: string,
): Promise<IssuedCertificate> {
    const keys = await keysOf(key);
    const from = Date.parse(issuedAt);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
        serialNumber: serialNumber(),
        name: nameOf(commonName, organization),
        notBefore: new Date(from - CLOCK_SKEW),
        notAfter: new Date(from + days * DAY),
        signingAlgorithm: SIGNATURE,
        keys,
        extensions: [
            new x509.BasicConstraintsExtension(true, 0, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
            await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
    });
    return issued(certificate, key);
}

/** A certificate with a new key, signed by a CA and never valid for longer than its root certificate. */
export async function signed(
    { issuedAt, days, ...subject }: Validity & Subject,
    ca: Pick<IssuedCertificate, "certificate" | "privateKey">,
): Promise<IssuedCertificate> {
    const issuer = new x509.X509Certificate(ca.certificate);
    const issuerKeys = await keysOf(ca.privateKey);
    const key = await newKey();
    const { publicKey } = await keysOf(key);
    const from = Date.parse(issuedAt);
    const names: x509.JsonGeneralNames = [
        ...subject.dnsNames.map((value) => ({ type: "dns" as const, value })),
        ...(subject.ipAddresses ?? []).map((value) => ({ type: "ip" as const, value })),
    ];
    const usages = { server: x509.ExtendedKeyUsage.serverAuth, client: x509.ExtendedKeyUsage.clientAuth };
    const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        subject: nameOf(subject.commonName, subject.organization),
        issuer: issuer.subject,
        notBefore: new Date(from - CLOCK_SKEW),
        notAfter: new Date(Math.min(from + days * DAY, issuer.notAfter.getTime())),
        signingAlgorithm: SIGNATURE,
        publicKey,
        signingKey: issuerKeys.privateKey,
        extensions: [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
            new x509.ExtendedKeyUsageExtension(subject.usages.map((usage) => usages[usage])),
            ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
            await x509.SubjectKeyIdentifierExtension.create(publicKey),
            await x509.AuthorityKeyIdentifierExtension.create(issuerKeys.publicKey),
        ],
    });
    return issued(certificate, key);
}

function nameOf(commonName: string, organization?: string): x509.JsonName {
    return [{ CN: [commonName] }, ...(organization ? [{ O: [organization] }] : [])];
}

function issued(certificate: x509.X509Certificate, privateKey: string): IssuedCertificate {
    return {
        certificate: `${certificate.toString("pem")}\n`,
        privateKey: `${privateKey.trim()}\n`,
        notAfter: certificate.notAfter.toISOString(),
    };
}

/** 16 random bytes as a positive number without leading zeros. */
function serialNumber(): string {
    const bytes = randomBytes(16);
    bytes[0] = (bytes[0]! & 0x7f) | 0x40;
    return bytes.toString("hex");
}

/** Both keys from the private one alone. */
async function keysOf(pem: string): Promise<webcrypto.CryptoKeyPair> {
    const der = x509.PemConverter.decodeFirst(pem);
    const privateKey = await webcrypto.subtle.importKey("pkcs8", der, KEY, true, ["sign"]);
    const { d: _private, key_ops: _usage, ...jwk } = await webcrypto.subtle.exportKey("jwk", privateKey);
    const publicKey = await webcrypto.subtle.importKey("jwk", jwk, KEY, true, ["verify"]);
    return { privateKey, publicKey };
}

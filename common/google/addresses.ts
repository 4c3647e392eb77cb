/** Ranges of IPv4 addresses, and those that GKE takes for a control plane. */

interface Range {
    readonly first: number;
    readonly last: number;
    /** Bits of the network's part. */
    readonly bits: number;
}

/** @param text a valid range such as `10.0.0.0/8` */
function rangeOf(text: string): Range {
    const [address = "", length = ""] = text.split("/");
    const bits = Number(length);
    const size = 2 ** (32 - bits);
    const number = numberOf(address);
    const first = number - (number % size);
    return { first, last: first + size - 1, bits };
}

const numberOf = (address: string) =>
    address.split(".").reduce((number, part) => number * 256 + Number(part), 0);

const addressOf = (number: number) =>
    [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

/** The range as Google wants it, with its first address: `10.0.0.0/8` of `10.1.2.3/8`. */
export function firstAddress(text: string): string {
    const { first, bits } = rangeOf(text);
    return `${addressOf(first)}/${bits}`;
}

function prefixLength(text: string): number {
    return rangeOf(text).bits;
}

function overlaps(one: string, other: string): boolean {
    const [a, b] = [rangeOf(one), rangeOf(other)];
    return a.first <= b.last && b.first <= a.last;
}

/** Whether all addresses of the first range are in the second. */
function within(inner: string, outer: string): boolean {
    return prefixLength(inner) >= prefixLength(outer) && overlaps(inner, outer);
}

/**
 * Ranges that a VPC network takes as private. Source: Google's documentation "Subnets", valid IPv4 ranges, as of
 * 2025-08-01: those of RFC 1918 first, then shared, protocol, documentation, benchmark and class E addresses.
 */
const PRIVATE = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "198.18.0.0/15",
    "240.0.0.0/4",
] as const;

/** Docker's bridge on each node, which hides the control plane there. Source: GKE's documentation of private clusters. */
const DOCKER_BRIDGE = "172.17.0.0/16";

/** Ranges that no client's address is in: this network, the host itself, link-local, multicast. Source: RFC 6890. */
const NO_CLIENTS = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"] as const;

/** Why GKE refuses a range for a control plane, or undefined where it does not. */
export function controlPlaneRangeError(range: string): string | undefined {
    if (!PRIVATE.some((outer) => within(range, outer))) {
        return `must be private addresses, in one of ${PRIVATE.slice(0, 3).join(", ")}`;
    }
    return within(range, DOCKER_BRIDGE)
        ? `must not be in ${DOCKER_BRIDGE}, which Docker's bridge takes on each node`
        : undefined;
}

/** The widest range of clients: 16,777,216 addresses, all of 10.0.0.0/8. Two /1 would be the whole internet. */
const WIDEST_CLIENTS = 8;

/** Why a range is no network of clients, or undefined where it is one. */
export function clientRangeError(range: string): string | undefined {
    if (prefixLength(range) === 0) {
        return "must not be the whole internet; name the networks of your people and pipelines, or leave authorizedNetworks out and use the DNS endpoint";
    }
    if (prefixLength(range) < WIDEST_CLIENTS) {
        return `must be a /${WIDEST_CLIENTS} or narrower`;
    }
    return NO_CLIENTS.some((outer) => within(range, outer)) ? "must be addresses of clients" : undefined;
}

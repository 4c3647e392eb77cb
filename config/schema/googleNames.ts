/** Names of things in Google Cloud, as config may write them. */
import { z } from "zod";

const PROJECT = "[a-z][-a-z0-9]{4,28}[a-z0-9]";
/** As RFC 1035 has it, which most of Google's names follow. */
const NAME = "[a-z]([-a-z0-9]{0,61}[a-z0-9])?";

export const matching = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });

const whole = (pattern: string) => new RegExp(`^(${pattern})$`);

export const projectId = () =>
    matching(
        whole(PROJECT),
        "must be the id of a Google Cloud project: 6 to 30 lower-case letters, digits or dashes",
    );

/** Name of a cluster or a node pool. */
export const gkeName = () =>
    matching(
        /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
        "must be 1 to 40 lower-case letters, digits or dashes, beginning with a letter",
    );

export const googleName = (what: string) =>
    matching(
        whole(NAME),
        `must be the name of ${what}: 1 to 63 lower-case letters, digits or dashes, beginning with a letter`,
    );

export const networkName = () =>
    matching(
        whole(`${NAME}|projects/${PROJECT}/global/networks/${NAME}`),
        "must be the name of a VPC network, of lower-case letters, digits or dashes, or projects/PROJECT/global/networks/NAME for one of another project",
    );

export const subnetworkName = () =>
    matching(
        whole(`${NAME}|projects/${PROJECT}/regions/[a-z0-9-]+/subnetworks/${NAME}`),
        "must be the name of a subnetwork, of lower-case letters, digits or dashes, or projects/PROJECT/regions/REGION/subnetworks/NAME for one of another project",
    );

/** Full name of a key of Cloud KMS. */
export const kmsKey = () =>
    matching(
        /^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+$/,
        "must be the full name of a Cloud KMS key: projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY",
    );

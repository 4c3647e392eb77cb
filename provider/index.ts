/** The resources that no other provider has, as a Pulumi provider that lives beside the program. */
import { main } from "@pulumi/pulumi/provider/index.js";
import type { Provider } from "@pulumi/pulumi/provider/provider.js";
import { certificate } from "./handlers/certificate.ts";
import { certificateAuthority } from "./handlers/certificateAuthority.ts";
import { kafkaUser } from "./handlers/kafkaUser.ts";
import { rollingUpdate } from "./handlers/rollingUpdate.ts";
import { smokeTest } from "./handlers/smokeTest.ts";
import { topic } from "./handlers/topic.ts";
import type { ResourceHandler } from "./resourceHandler.ts";
import { plain, secret } from "./values.ts";

type Values = Record<string, unknown>;

const KINDS = {
    "unity:tls:Authority": certificateAuthority,
    "unity:tls:Certificate": certificate,
    "unity:kubernetes:Rollout": rollingUpdate,
    "unity:kafka:Topic": topic,
    "unity:kafka:Access": kafkaUser,
    "unity:kafka:SmokeCheck": smokeTest,
    // Each kind reads what its own resource class has written.
} as unknown as Partial<Record<string, ResourceHandler<Values, Values>>>;

function kindOf(urn: string): ResourceHandler<Values, Values> {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const kind = KINDS[type];
    if (!kind) {
        throw new Error(`the provider unity has no resources of type ${type}`);
    }
    return kind;
}

/** As they came, with their envelopes, so that what was secret stays so, and with what has been made of them. */
async function made(urn: string, inputs: Values, old?: Values): Promise<Values> {
    const kind = kindOf(urn);
    const outputs = await kind.make(plain(inputs) as Values, old && (plain(old) as Values));
    const sealed = Object.entries(outputs).map(([key, value]) => [
        key,
        kind.secrets?.includes(key) ? secret(value) : value,
    ]);
    return { ...inputs, ...(Object.fromEntries(sealed) as Values) };
}

const provider: Provider = {
    check: async (urn, olds: Values | undefined, news: Values) => {
        const kind = kindOf(urn);
        const now = plain(news) as Values;
        // Without a resource yet, olds is empty.
        const old = olds && Object.keys(olds).length > 0 ? (plain(olds) as Values) : undefined;
        return {
            inputs: { ...news, ...kind.complete?.(now, old) },
            failures: [...(kind.faults?.(now, old) ?? [])],
        };
    },
    diff: async (_id, urn, olds, news) => {
        const kind = kindOf(urn);
        const [old, now] = [plain(olds) as Values, plain(news) as Values];
        const replaces = [...(kind.replaces?.(old, now) ?? [])];
        return {
            changes: replaces.length > 0 || kind.changes(old, now),
            replaces,
            deleteBeforeReplace: true,
        };
    },
    create: async (urn, inputs: Values) => ({
        id: urn.split("::").at(-1)!,
        outs: await made(urn, inputs),
    }),
    update: async (_id, urn, olds: Values, news: Values) => ({ outs: await made(urn, news, olds) }),
    read: async (id, urn, state: Values) => {
        const kind = kindOf(urn);
        if (!kind.read) {
            return { id, props: state };
        }
        const found = await kind.read(plain(state) as Values);
        // Without an id there is no such resource any more.
        return found ? { id, props: found, inputs: found } : {};
    },
    delete: async (_id, urn, state) => kindOf(urn).remove?.(plain(state) as Values),
};

// Pulumi loads a provider by `require`, which no module that awaits at its top may be.
void main(provider, process.argv.slice(2));

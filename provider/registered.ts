import { isDeepStrictEqual } from "node:util";
import type { Provider } from "@pulumi/pulumi/provider/provider.js";
import type { CallContext } from "./callContext.ts";
import type { ResourceHandler } from "./resourceHandler.ts";
import { plainProperties, secret } from "./values.ts";

/** Properties as the engine sends them, in its envelopes. */
type Properties = Record<string, unknown>;

/** A handler as the engine calls it. */
export type RegisteredHandler = Required<
    Pick<Provider, "check" | "diff" | "create" | "update" | "read" | "delete">
>;

/**
 * Puts a handler behind Pulumi's interface: values are taken out of their envelopes and put back into them.
 *
 * @param contextOf the context of a call about the resource of a URN
 */
export function registered<Inputs extends object, Outputs extends object>(
    handler: ResourceHandler<Inputs, Outputs>,
    contextOf: (urn: string) => CallContext,
): RegisteredHandler {
    type State = Inputs & Outputs;

    // The engine returns what the resource class has sent, whose arguments have the type of these inputs.
    function valuesOf<T extends Inputs>(properties: Properties): T {
        return plainProperties(renamed(properties)) as T;
    }

    function renamed(properties: Properties): Properties {
        const { formerInputs = {} } = handler;
        return Object.fromEntries(
            Object.entries(properties).map(([name, value]) => [formerInputs[name] ?? name, value]),
        );
    }

    /** The inputs in their envelopes, so that secrets stay secret, and the outputs. */
    function stateOf(inputs: Properties, outputs: Outputs): Properties {
        const secrets: readonly string[] = handler.secretOutputs ?? [];
        const sealed = Object.entries(outputs).map(([name, value]) => [
            name,
            secrets.includes(name) ? secret(value) : value,
        ]);
        return { ...inputs, ...Object.fromEntries(sealed) };
    }

    return {
        check: async (_urn, olds: Properties | undefined, news: Properties) => {
            // Without a resource yet, olds is empty.
            const old = olds && Object.keys(olds).length > 0 ? valuesOf<Inputs>(olds) : undefined;
            const { inputs = {}, failures } = (await handler.check?.(valuesOf(news), old)) ?? {
                failures: [],
            };
            return { inputs: { ...news, ...inputs }, failures: [...failures] };
        },
        diff: async (_id, urn, olds: Properties, news: Properties) => {
            const { changes, replaces } = await handler.diff(
                valuesOf<State>(olds),
                valuesOf(news),
                contextOf(urn),
            );
            return {
                changes,
                replaces: [...replaces],
                deleteBeforeReplace: !(handler.createBeforeDelete ?? false),
            };
        },
        create: async (urn, inputs: Properties) => ({
            id: urn.split("::").at(-1)!,
            outs: stateOf(inputs, await handler.create(valuesOf(inputs), contextOf(urn))),
        }),
        update: async (_id, urn, olds: Properties, news: Properties) => {
            const inputs = valuesOf<Inputs>(news);
            const outputs = handler.update
                ? handler.update(valuesOf<State>(olds), inputs, contextOf(urn))
                : handler.create(inputs, contextOf(urn));
            return { outs: stateOf(news, await outputs) };
        },
        read: async (id, urn, state: Properties) => {
            const values = valuesOf<State>(state);
            const found = handler.read ? await handler.read(values, contextOf(urn)) : values;
            if (found === undefined) {
                // Without an id there is no such resource any more.
                return {};
            }
            if (found === values) {
                return { id, props: state };
            }
            const changed = Object.entries(found).filter(
                ([name, value]) => !isDeepStrictEqual(value, values[name as keyof State]),
            );
            const props = { ...renamed(state), ...Object.fromEntries(changed) };
            return { id, props, inputs: props };
        },
        delete: async (_id, _urn, state: Properties) => handler.delete?.(valuesOf<State>(state)),
    };
}

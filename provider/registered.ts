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
        const values = Object.entries(plainProperties(properties)).map(([name, value]) => [
            handler.formerInputs?.[name] ?? name,
            value,
        ]);
        return Object.fromEntries(values) as T;
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
            const { inputs = {}, failures } = handler.check?.(valuesOf(news), old) ?? { failures: [] };
            return { inputs: { ...news, ...inputs }, failures: [...failures] };
        },
        diff: async (_id, urn, olds: Properties, news: Properties) => {
            const { changes, replaces } = await handler.diff(
                valuesOf<State>(olds),
                valuesOf(news),
                contextOf(urn),
            );
            return { changes, replaces: [...replaces], deleteBeforeReplace: true };
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
        read: async (id, _urn, state: Properties) => {
            if (!handler.read) {
                return { id, props: state };
            }
            const found = await handler.read(valuesOf<State>(state));
            // Without an id there is no such resource any more.
            return found ? { id, props: found, inputs: found } : {};
        },
        delete: async (_id, _urn, state: Properties) => handler.delete?.(valuesOf<State>(state)),
    };
}

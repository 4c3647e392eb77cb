import { isDeepStrictEqual } from "node:util";
import type { CheckFailure } from "@pulumi/pulumi/provider/provider.js";
import type { CallContext } from "./callContext.ts";

/** Inputs in a preview: what is not known yet is undefined. */
export type Preview<Inputs> = { readonly [Key in keyof Inputs]?: Inputs[Key] | undefined };

export interface CheckResult<Inputs> {
    /** Inputs that the program does not give, such as the time of issue. From then on they count as given. */
    readonly inputs?: Partial<Inputs>;
    /** Errors that end a preview. */
    readonly failures: readonly CheckFailure[];
}

export interface DiffResult {
    /** Whether the resource must be updated. */
    readonly changes: boolean;
    /** Inputs whose change needs a new resource. */
    readonly replaces: readonly string[];
}

/**
 * What the provider does with resources of one type, by the names of Pulumi's protocol. Inputs and state are plain
 * values, without the engine's envelopes. Only `check` and `diff` are called in a preview, which may have no way to the
 * cluster: they must do without one.
 */
export interface ResourceHandler<Inputs extends object, Outputs extends object = object> {
    /** Default: every input is valid. */
    check?(inputs: Preview<Inputs>, old?: Inputs): CheckResult<Inputs> | Promise<CheckResult<Inputs>>;
    diff(
        old: Inputs & Outputs,
        inputs: Preview<Inputs>,
        context: CallContext,
    ): DiffResult | Promise<DiffResult>;
    create(inputs: Inputs, context: CallContext): Promise<Outputs>;
    /** Default: what `create` does. */
    update?(old: Inputs & Outputs, inputs: Inputs, context: CallContext): Promise<Outputs>;
    /**
     * The resource as it really is; the state itself where nothing differs; undefined where it does not exist. Default:
     * as the state says.
     */
    read?(state: Inputs & Outputs, context: CallContext): Promise<(Inputs & Outputs) | undefined>;
    /** Default: nothing is left to do. */
    delete?(state: Inputs & Outputs): Promise<void>;
    /** Whether a replacement is created before the old one is deleted. Default: afterwards. */
    readonly createBeforeDelete?: boolean;
    /** Outputs that the state keeps encrypted. */
    readonly secretOutputs?: readonly (keyof Outputs & string)[];
    /** Inputs by the former names that the state of an older deployment may have. */
    readonly formerInputs?: Readonly<Record<string, keyof Inputs & string>>;
}

/** An update where one of `updates` differs, a replacement where one of `replaces` does. */
export function diffOf<Inputs extends object>(
    old: Inputs,
    inputs: Preview<Inputs>,
    {
        updates,
        replaces = [],
    }: {
        readonly updates: readonly (keyof Inputs)[];
        readonly replaces?: readonly (keyof Inputs & string)[];
    },
): DiffResult {
    const replaced = replaces.filter((name) => differs(old, inputs, [name]));
    return { changes: replaced.length > 0 || differs(old, inputs, updates), replaces: replaced };
}

/**
 * A difference of inputs, or one that only a look at what there is tells: in an `up`, not in a preview. What cannot be found
 * out the update says.
 */
export async function verifiedDiff(
    found: DiffResult,
    verify: boolean | undefined,
    hasChanged: () => Promise<boolean>,
): Promise<DiffResult> {
    return found.changes || !verify ? found : { ...found, changes: await hasChanged().catch(() => true) };
}

/** Whether one of these values differs. An unknown one does. */
export function differs<T extends object>(
    one: Preview<T>,
    other: Preview<T>,
    names: readonly (keyof T)[],
): boolean {
    // Not by its JSON: the engine keeps no order of keys.
    return names.some((name) => !isDeepStrictEqual(one[name], other[name]));
}

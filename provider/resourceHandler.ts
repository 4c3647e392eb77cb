/** What is wrong with one input of a resource, shown by a preview. */
export interface CheckFailure {
    readonly property: string;
    readonly reason: string;
}

/**
 * A kind of resource that the provider has. Inputs and state are plain values, without the engine's envelopes; what
 * is not known yet in a preview is undefined.
 */
export interface ResourceHandler<Inputs extends object = object, Outputs extends object = object> {
    /** Faults that a preview shows, without asking anybody. */
    faults?(inputs: Inputs, old?: Inputs): readonly CheckFailure[];
    /** Inputs that the program does not give, such as the time of issue. They count as given from then on. */
    complete?(inputs: Inputs, old?: Inputs): Partial<Inputs>;
    /** Whether the resource must be updated. */
    changes(old: Inputs & Outputs, now: Inputs): boolean;
    /** Inputs whose change needs a new resource. Default: none. */
    replaces?(old: Inputs & Outputs, now: Inputs): readonly string[];
    /** Makes the resource, or makes of the old one what is wanted now. Never called in a preview. */
    make(inputs: Inputs, old?: Inputs & Outputs): Promise<Outputs>;
    /** Unmakes it. Default: nothing is left to do. */
    remove?(state: Inputs & Outputs): Promise<void>;
    /** The resource as it really is; undefined where there is none. Default: as it is known. */
    read?(state: Inputs & Outputs): Promise<(Inputs & Outputs) | undefined>;
    /** Outputs that the state keeps encrypted. */
    readonly secrets?: readonly string[];
}

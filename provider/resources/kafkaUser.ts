import * as pulumi from "@pulumi/pulumi";
import type { ClientQuotas } from "../../common/kafkaTypes.ts";
import type { Permissions } from "../../kafka/admin/acls.ts";
import { withFormerType } from "./formerTypes.ts";
import type { InNamespace, ResourceArgs } from "./inputs.ts";

export interface KafkaUserInputs extends InNamespace, Permissions {
    /** Common name of the user's certificate. */
    readonly principal: string;
    readonly quotas: ClientQuotas;
}

export type KafkaUserArgs = ResourceArgs<KafkaUserInputs>;

/** The ACLs and quotas of one principal in a Project's Kafka: any others that it has are deleted. */
export class KafkaUser extends pulumi.CustomResource {
    constructor(name: string, args: KafkaUserArgs, opts?: pulumi.CustomResourceOptions) {
        const type = "unity:kafka:User";
        super(type, name, args, withFormerType(type, opts));
    }
}

/** The policy pack: `pulumi preview --policy-pack policy` holds every resource of a stack against its rules. */
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

new PolicyPack("unity-kafka", { policies });

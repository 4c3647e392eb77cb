/** What config may say of labels: owner, cost centre and the like, on all that this program creates. */
import { z } from "zod";

const NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
const DOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const KEY =
    "must be a label of Kubernetes: up to 63 letters, digits, dashes, dots or underscores, optionally after a domain and a slash";
const VALUE =
    "must be text of up to 63 letters, digits, dashes, dots or underscores, beginning and ending with a letter or digit; write a number in quotes";

/** Labels by which Kubernetes and this program find objects. */
const RESERVED =
    /^((.*\.)?(kubernetes|k8s)\.io\/|unity-kafka\/|(controller-revision-hash|pod-template-hash)$)/;

export const labelsSchema = () =>
    z.record(
        z
            .string()
            .max(317, { error: KEY })
            .regex(new RegExp(`^(${DOMAIN}/)?${NAME}$`), { error: KEY })
            .refine((key) => !RESERVED.test(key), {
                error: "is reserved for Kubernetes and this program; choose another label",
            }),
        z.string({ error: VALUE }).regex(new RegExp(`^(${NAME})?$`), { error: VALUE }),
        { error: "must be a block of labels, such as {owner: payments}" },
    );

/** Prints the JSON Schema of stack files, by which an editor completes and checks them. */
import { z } from "zod";
import { environmentSchema } from "./schema/environment.ts";
import { PROGRAM } from "./setting.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema of a whole stack file, in the draft that most editors support: fields only, no rules across them. */
export function stackFileSchema(): JsonSchema {
    const { properties = {}, required = [] } = z.toJSONSchema(environmentSchema, {
        io: "input",
        target: "draft-7",
        // Zod's own names of formats, such as cidrv4, are unknown to validators; the pattern beside them is enough.
        override: ({ jsonSchema }) => {
            delete jsonSchema.format;
        },
    });
    const prefixed = (name: string) => `${PROGRAM}:${name}`;
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: `Stack file of ${PROGRAM}`,
        type: "object",
        properties: {
            config: {
                description: `Settings; those of this program are ${PROGRAM}:NAME.`,
                type: "object",
                properties: Object.fromEntries(
                    Object.entries(properties).map(([name, schema]) => [
                        prefixed(name),
                        orText(schema as JsonSchema),
                    ]),
                ),
                required: required.map(prefixed),
                // Other programs' and providers' keys, such as gcp:project, are read by them.
                patternProperties: { [`^(?!${PROGRAM}:)[^:]+:.+$`]: {} },
                additionalProperties: false,
            },
            secretsprovider: { type: "string", description: "Provider that encrypts the stack's secrets." },
            encryptedkey: {
                type: "string",
                description: "Data key of the secrets, encrypted by the provider.",
            },
            encryptionsalt: {
                type: "string",
                description: "Salt of the passphrase that encrypts the secrets.",
            },
            environment: { description: "Environments of Pulumi ESC." },
        },
        required: ["config"],
    };
}

/** `pulumi config set` writes booleans and numbers as strings, which the program accepts too. */
function orText(schema: JsonSchema): JsonSchema {
    const text = {
        boolean: { enum: ["true", "false"] },
        integer: { type: "string" as const, pattern: "^[0-9]+$" },
    };
    const { type, description } = schema;
    if (type !== "boolean" && type !== "integer") {
        return schema;
    }
    return { ...(description !== undefined && { description }), anyOf: [schema, text[type]] };
}

if (import.meta.main) {
    console.log(JSON.stringify(stackFileSchema(), null, 4));
}

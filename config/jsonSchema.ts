/** Prints the JSON Schema of stack files, by which an editor helps to write them. */
import { z } from "zod";
import { environmentSchema } from "./schema/environment.ts";
import { PROGRAM } from "./setting.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The schema of a whole stack file, in the draft that editors know best. It holds what the fields say each by
 * itself; what they have to be together only `unity check` tells.
 */
export function stackFileSchema(): JsonSchema {
    const { properties = {}, required = [] } = z.toJSONSchema(environmentSchema, {
        io: "input",
        target: "draft-7",
    });
    const prefixed = (name: string) => `${PROGRAM}:${name}`;
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: `Stack file of ${PROGRAM}`,
        type: "object",
        properties: {
            config: {
                description: `Settings, this program's as ${PROGRAM}:NAME.`,
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
            secretsprovider: { type: "string", description: "What encrypts the stack's secrets." },
            encryptedkey: { type: "string", description: "Key of the secrets, encrypted by their provider." },
            encryptionsalt: { type: "string", description: "Salt of a passphrase." },
            environment: { description: "Environments of Pulumi ESC." },
        },
        required: ["config"],
    };
}

/** `pulumi config set` writes a truth value or number as a text, and the program takes that too. */
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

// Biome formats and lints; only what needs the type checker stays here.
import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["node_modules/", ".unity/"] },
    {
        files: ["**/*.ts"],
        languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
        plugins: { "@typescript-eslint": tseslint.plugin },
        rules: {
            "@typescript-eslint/no-floating-promises": "error",
            "@typescript-eslint/no-misused-promises": "error",
            // An Output in a template string prints a sentence of help where its value should be.
            "@typescript-eslint/restrict-template-expressions": [
                "error",
                { allowNumber: true, allowBoolean: true, allow: [{ name: ["Error", "URL"], from: "lib" }] },
            ],
        },
    },
);

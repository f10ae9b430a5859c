import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["dist", "node_modules", ".local", "**/*.mjs", "**/*.js"] },
    js.configs.recommended,
    ...tseslint.configs.recommendedTypeChecked,
    {
        languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
        rules: {
            "max-lines": ["error", 300],
            "@typescript-eslint/no-explicit-any": "error",
            "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
        },
    },
    {
        // only the configuration module may read the environment
        files: ["provider/**/*.ts", "sdk/**/*.ts"],
        ignores: ["provider/configuration.ts"],
        rules: {
            "no-restricted-syntax": [
                "error",
                {
                    selector: "MemberExpression[object.name='process'][property.name='env']",
                    message: "Only provider/configuration.ts reads the environment.",
                },
            ],
        },
    },
    {
        files: ["test/**/*.ts"],
        rules: { "@typescript-eslint/no-unused-expressions": "off", "@typescript-eslint/require-await": "off" },
    },
    {
        // it compares types as a whole, and those of a query of the driver are endless: 43 s of 60 for eight files
        files: ["test/sandbox/rethinkdb/**/*.ts"],
        rules: { "@typescript-eslint/no-unnecessary-type-assertion": "off" },
    },
);

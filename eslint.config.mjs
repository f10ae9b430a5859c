import js from "@eslint/js";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import regexp from "eslint-plugin-regexp";
import tseslint from "typescript-eslint";
import { layering } from "./tools/layers.mjs";

/** Node 20 collects such a signal as garbage before it goes off. */
const lostTimeout = {
    selector:
        "CallExpression[callee.object.name='AbortSignal'][callee.property.name='any'] MemberExpression[object.name='AbortSignal'][property.name='timeout']",
    message: "The garbage collector of Node 20 takes an AbortSignal.timeout that only an AbortSignal.any refers to.",
};
const unheldTimeout = {
    selector: "MemberExpression[object.name='AbortSignal'][property.name='timeout']",
    message: "Use withDeadline of provider/concurrency, which the garbage collector leaves alone.",
};
/** The rule about layers does not see these. */
const typeByPath = {
    selector: "TSImportType Literal[value=/^[.]/]",
    message: "Import the type by a statement.",
};
const environment = {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: "Only provider/configuration.ts reads the environment.",
};

const terminal = {
    selector: "MemberExpression[object.name='process'][property.name=/^std(out|err)$/]",
    message: "Use say and remark of cli/terminal.ts: what others wrote must command no terminal.",
};

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
        plugins: { "import-x": importX },
        settings: {
            "import-x/resolver-next": [
                createNodeResolver({ extensions: [".ts", ".js"], extensionAlias: { ".js": [".ts", ".js"] } }),
            ],
        },
    },
    ...layering(import.meta.dirname),
    { rules: { "no-restricted-syntax": ["error", lostTimeout] } },
    {
        files: ["provider/**/*.ts", "sdk/**/*.ts", "cli/**/*.ts", "sandbox/**/*.ts"],
        rules: { "no-restricted-syntax": ["error", unheldTimeout, typeByPath] },
    },
    {
        files: ["cli/**/*.ts"],
        ignores: ["cli/terminal.ts"],
        rules: { "no-restricted-syntax": ["error", unheldTimeout, typeByPath, terminal] },
    },
    {
        // only the configuration module may read the environment
        files: ["provider/**/*.ts", "sdk/**/*.ts"],
        ignores: ["provider/configuration.ts"],
        rules: { "no-restricted-syntax": ["error", unheldTimeout, typeByPath, environment] },
    },
    {
        // a long line of others would hold up everything, from minutes to hours
        files: ["provider/**/*.ts", "sdk/**/*.ts", "cli/**/*.ts"],
        plugins: { regexp },
        rules: {
            "regexp/no-super-linear-backtracking": "error",
            "regexp/no-super-linear-move": ["error", { report: "certain" }],
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

// Loaded before a program that is compiled already: a language host older than the CLI runs ts-node all the same.
delete process.env.PULUMI_NODEJS_TYPESCRIPT;

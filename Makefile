.DEFAULT_GOAL := help
.PHONY: help up down test check lint build bench stress states reference sbom audit clean

help: ## what there is to do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: ## install what is missing, start the sandbox, deploy examples/quickstart
	@tools/up.sh

down: ## destroy the quickstart's stack and stop the sandbox that was started
	@tools/down.sh

test: ## install what the tests need and run everything, or ARGS="SUITE FILE… --lanes N"
	@tools/test.sh $(ARGS)

check: ## what to run after every small change: types, lint, format and the unit tests
	@tools/test.sh --quick $(ARGS)

lint: ## tsc, eslint and prettier
	@tools/test.sh tsc eslint prettier

build: ## compile what programs import
	@tools/run.sh --build true

stress: ## random changes and troubles of whole sites, ARGS="--steps N" and more (--help)
	@tools/run.sh --with-pulumi --with-lab --build sh -c 'exec node_modules/.bin/ts-node test/lifecycle/run.ts "$$@"' stress $(ARGS)

states: ## record the states of a release, ARGS="0.2.0"
	@tools/run.sh --with-pulumi --with-lab --build node -r ./tools/test/register.js test/states/record.ts $(ARGS)

bench: ## the figures of docs/performance.md
	@tools/run.sh --with-pulumi npm run bench

sbom: ## what the package consists of, as CycloneDX, in .local/sbom.cdx.json
	@tools/sbom.sh

audit: ## whether the registry signed each npm package that is installed
	@tools/audit.sh

clean: ## take out what make has put into the cache and this checkout
	@tools/clean.sh

reference: ## write the generated pages and the SDK's arguments
	@tools/run.sh npm run reference

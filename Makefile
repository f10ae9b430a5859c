.DEFAULT_GOAL := help
.PHONY: help up down test lint build bench stress reference

help: ## what there is to do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: ## install what is missing, start the sandbox, deploy examples/quickstart
	@tools/up.sh

down: ## destroy the quickstart's stack and stop the sandbox that was started
	@tools/down.sh

test: ## install what the tests need and run everything
	@tools/test.sh

lint: ## tsc, eslint and prettier
	@tools/run.sh sh -c 'npx tsc -p . && npx eslint . --max-warnings 0 && npx prettier --check .'

build: ## compile what programs import
	@tools/run.sh npm run build

stress: ## random changes and troubles of whole sites, ARGS="--steps N" and more (--help)
	@tools/run.sh --with-pulumi --with-lab sh -c 'npm run build >/dev/null && exec npx ts-node test/lifecycle/run.ts "$$@"' stress $(ARGS)

bench: ## the figures of docs/performance.md
	@tools/run.sh --with-pulumi npm run bench

reference: ## write the generated pages and the SDK's arguments
	@tools/run.sh npm run reference

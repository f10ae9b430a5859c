#!/bin/sh
# Checks all types, and writes what the tests run: dist, and the tests themselves in .local/compiled.
set -e
cd "$(dirname "$0")/../.."
mkdir -p .local/compiled
touch .local/compiled/.started
npm run --silent build
node node_modules/typescript-7/bin/tsc -b tsconfig.tests.json
# a file of another time and the same text is not written again: what counts is when it was looked at
touch -r .local/compiled/.started dist/.tsbuildinfo .local/compiled/.tsbuildinfo
node tools/test/warm.js

#!/bin/bash
# Every test there is. Servers are started by the tests themselves; one
# PostgreSQL is shared by all Go test programs. Ends with a line that counts.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p artefacts
. tools/lib.sh

# The lectures of the browser tests' demonstration are packaged beside the other tests.
E2E_DEMO=$(mktemp -d "${TMPDIR:-/tmp}/hg-e2e-XXXXXX")
export E2E_DEMO
trap 'demo_end "$E2E_DEMO"' EXIT
rm -f artefacts/e2e-server.log
demo_begin "$E2E_DEMO"

step "lint" tools/lint.sh
go_tests go-test -p 2 -timeout 12m ./...
step "frontend unit tests" npm --prefix frontend run --silent test
step "browser tests" tools/e2e.sh
finish

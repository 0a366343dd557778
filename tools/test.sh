#!/bin/bash
# Every test there is. Servers are started by the tests themselves; one
# PostgreSQL is shared by all Go test programs. Ends with a line that counts.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p artefacts
passed=0 failed=0

step() { # name, command …: a step whose result is one check
	local name=$1; shift
	echo "== $name"
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi
}

count() { # a file of `go test -json`: adds its tests to the totals
	local counts
	counts=$(awk '
		/"Test":/ && /"Action":"pass"/ { p++ }
		/"Action":"fail"/ { f++ }
		/"Action":"skip"/ && /"Test":/ { f++ }
		END { print p + 0, f + 0 }' "$1")
	passed=$((passed + ${counts% *}))
	failed=$((failed + ${counts#* }))
}

go_tests() {
	go run ./internal/embedded/testenv -- go test -json -p 2 -timeout 12m ./... >artefacts/go-test.json || true
	# What failed, in words; what passed, in a line a package.
	go run ./tools/testsummary <artefacts/go-test.json
	count artefacts/go-test.json
}

step "lint" tools/lint.sh
echo "== Go tests"
go_tests
if [ -f frontend/package.json ]; then
	step "frontend unit tests" npm --prefix frontend run --silent test
	step "browser tests" tools/e2e.sh
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

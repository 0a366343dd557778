#!/bin/bash
# Format, vet, static analysis, types and style of everything.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(gofmt -l cmd internal storage migrations frontend/embed.go tools)
if [ -n "$unformatted" ]; then
	echo "not formatted by gofmt:" $unformatted
	exit 1
fi
go vet ./...
go tool staticcheck ./...
if ! go mod verify >/dev/null 2>&1; then echo "go.sum does not fit the modules"; exit 1; fi
go run ./cmd/hourglass openapi | diff -q - frontend/src/api/openapi.json >/dev/null ||
	{ echo "frontend/src/api/openapi.json is not what the code says; run make api"; exit 1; }
if [ -f frontend/package.json ]; then
	npm --prefix frontend run --silent lint
	npm --prefix frontend run --silent typecheck
	# The client's types follow from the description as the description from the code.
	types=$(mktemp)
	(cd frontend && npx --no-install openapi-typescript src/api/openapi.json --output "$types" >/dev/null 2>&1)
	diff -q "$types" frontend/src/api/schema.d.ts >/dev/null ||
		{ echo "frontend/src/api/schema.d.ts is not what the description says; run make api"; exit 1; }
	rm -f "$types"
fi

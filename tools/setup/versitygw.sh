#!/bin/sh
# Builds versitygw, a second S3 store, for `make conformance`.
set -eu
out=$(realpath -m "${1:-.cache/bin/versitygw}")
[ -x "$out" ] && exit 0
mkdir -p "$(dirname "$out")"
GOBIN=$(dirname "$out") GOFLAGS=-trimpath CGO_ENABLED=0 nice -n 19 go install -ldflags "-s -w" github.com/versity/versitygw/cmd/versitygw@v1.8.0

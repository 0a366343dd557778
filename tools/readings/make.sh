#!/bin/sh
set -eu
cd "$(dirname "$0")/../.."
for program in chromium node; do
	command -v "$program" >/dev/null || { echo "making readings needs $program" >&2; exit 1; }
done
exec node tools/readings/make.mjs "$@"

#!/bin/sh
set -eu
cd "$(dirname "$0")/../.."
for program in espeak-ng chromium ffmpeg node; do
	command -v "$program" >/dev/null || { echo "making lectures needs $program" >&2; exit 1; }
done
exec node tools/lectures/make.mjs "$@"

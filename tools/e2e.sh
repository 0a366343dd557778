#!/bin/bash
# Browser tests against a demonstration of their own, on a free port and with
# data of its own; arguments go to Playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p artefacts
data=$(mktemp -d "${TMPDIR:-/tmp}/hg-e2e-XXXXXX")
ready=$data/ready.json
bin/hourglass demo --json --listen 127.0.0.1:0 --data "$data/demo" >"$ready" 2>artefacts/e2e-server.log &
server=$!
stop() {
	kill -TERM "$server" 2>/dev/null || true
	wait "$server" 2>/dev/null || true
	rm -rf "$data"
}
trap stop EXIT
echo "preparing the demonstration's courses"
for _ in $(seq 1200); do
	[ -s "$ready" ] && break
	kill -0 "$server" 2>/dev/null || { cat artefacts/e2e-server.log; echo "the demonstration did not come up"; exit 1; }
	sleep 0.5
done
[ -s "$ready" ] || { cat artefacts/e2e-server.log; echo "the demonstration was not ready in ten minutes"; exit 1; }
HOURGLASS_E2E=$ready npm --prefix frontend run --silent e2e -- "$@"

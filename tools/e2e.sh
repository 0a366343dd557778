#!/bin/bash
# Browser tests against a demonstration of their own, on a free port and with
# data of its own; arguments go to Playwright. The test of presence checks wants
# them every few seconds, which would be in the way of all others: for it the
# demonstration is started once more on the same data.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p artefacts
data=$(mktemp -d "${TMPDIR:-/tmp}/hg-e2e-XXXXXX")
ready=$data/ready.json
server=
# A script's beats are as even as the machine lets them be; a busy one must not fail the test that they are flagged.
export HOURGLASS_INTEGRITY_EVEN=150ms
stop() {
	[ -z "$server" ] || kill -TERM "$server" 2>/dev/null || true
	[ -z "$server" ] || wait "$server" 2>/dev/null || true
	server=
}
trap 'stop; rm -rf "$data"' EXIT
start() {
	: >"$ready"
	bin/hourglass demo --json --listen 127.0.0.1:0 --data "$data/demo" >"$ready" 2>>artefacts/e2e-server.log &
	server=$!
	for _ in $(seq 1200); do
		[ -s "$ready" ] && return
		kill -0 "$server" 2>/dev/null || { cat artefacts/e2e-server.log; echo "the demonstration did not come up"; exit 1; }
		sleep 0.5
	done
	cat artefacts/e2e-server.log
	echo "the demonstration was not ready in ten minutes"
	exit 1
}
: >artefacts/e2e-server.log
case "$*" in
presence*) ;;
*)
	echo "preparing the demonstration's courses"
	start
	HOURGLASS_E2E=$ready npm --prefix frontend run --silent e2e -- "$@"
	stop
	;;
esac
case "$*" in
"" | presence*)
	echo "asking for presence every few seconds"
	export HOURGLASS_PRESENCE_PER_HOUR=3600 HOURGLASS_PRESENCE_GAP=6s HOURGLASS_PRESENCE_WINDOW=20s
	start
	HOURGLASS_E2E=$ready npm --prefix frontend run --silent e2e -- presence.spec
	;;
esac

#!/bin/bash
# Browser tests against a demonstration of their own, or the one that is being
# prepared in the folder E2E_DEMO; arguments go to Playwright. The test of
# presence checks wants them every few seconds, which would be in the way of all
# others: for it the demonstration is started once more on the same data.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p artefacts
. tools/lib.sh
data=${E2E_DEMO:-}
if [ -z "$data" ]; then
	data=$(mktemp -d "${TMPDIR:-/tmp}/hg-e2e-XXXXXX")
	trap 'demo_end "$data"' EXIT
	rm -f artefacts/e2e-server.log
	demo_begin "$data"
fi
failed=0
browse() { HOURGLASS_E2E=$data/ready.json npm --prefix frontend run --silent e2e -- "$@" || failed=1; }
demo_ready "$data"
case "$*" in
presence*) ;;
*) browse "$@" ;;
esac
case "$*" in
"" | presence*)
	echo "asking for presence every few seconds"
	demo_stop "$data"
	export HOURGLASS_PRESENCE_PER_HOUR=3600 HOURGLASS_PRESENCE_GAP=6s HOURGLASS_PRESENCE_WINDOW=20s
	demo_begin "$data"
	demo_ready "$data"
	browse presence.spec
	demo_stop "$data" # whoever began the one before knows nothing of this one
	;;
esac
exit "$failed"

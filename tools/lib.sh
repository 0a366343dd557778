# Shared by the test scripts: steps are counted, and the last line says how many.
passed=0 failed=0

step() { # name, command …: a step whose result is one check
	local name=$1; shift
	echo "== $name"
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi
}

go_tests() { # name, arguments of go test …: adds its tests to the totals
	local name=$1 counts; shift
	echo "== $name"
	rm -f "artefacts/$name.counts"
	go run ./internal/embedded/testenv -- go test -json "$@" >"artefacts/$name.json" || true
	go run ./tools/testsummary "artefacts/$name.counts" <"artefacts/$name.json"
	counts=$(cat "artefacts/$name.counts" 2>/dev/null || echo "0 1")
	passed=$((passed + ${counts% *}))
	failed=$((failed + ${counts#* }))
	# A run that fails before its first test has no event of its own.
	if [ "${counts% *}" -eq 0 ]; then failed=$((failed + 1)); echo "FAILED: no test of $name ran"; fi
}

# A demonstration for the browser tests, on a free port and with data of its own.
demo_begin() { # folder
	# A script's beats are as even as the machine lets them be; a busy one must not fail the test that they are flagged.
	HOURGLASS_INTEGRITY_EVEN=150ms HOURGLASS_OIDC_NETWORKS=127.0.0.0/8 bin/hourglass demo --json --listen 127.0.0.1:0 --data "$1/demo" >"$1/ready.json" 2>>artefacts/e2e-server.log &
	echo $! >"$1/pid"
}

demo_ready() { # folder: returns when the demonstration in it can be used, or fails
	echo "preparing the demonstration's courses"
	for _ in $(seq 1200); do
		[ -s "$1/ready.json" ] && return
		kill -0 "$(cat "$1/pid")" 2>/dev/null || break
		sleep 0.5
	done
	cat artefacts/e2e-server.log
	echo "the demonstration did not come up within ten minutes"
	return 1
}

demo_stop() { # folder; whose child the demonstration is does not matter
	local pid
	pid=$(cat "$1/pid")
	kill -TERM "$pid" 2>/dev/null || true
	while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
}

demo_end() { # folder
	demo_stop "$1"
	rm -rf "$1"
}

finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

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

finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}

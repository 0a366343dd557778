// Command testsummary reads `go test -json` and prints a line for each package
// and the whole output of whatever failed. Into the file it is given it writes
// how many tests passed and failed; a test that was skipped has failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

func main() {
	passed, failed, err := summarise(os.Stdin, os.Stdout)
	if err == nil && len(os.Args) > 1 {
		err = os.WriteFile(os.Args[1], fmt.Appendf(nil, "%d %d\n", passed, failed), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsummary:", err)
		os.Exit(1)
	}
}

func summarise(r io.Reader, w io.Writer) (total, failed int, err error) {
	output := map[string][]string{}
	passed := map[string]int{}
	s := bufio.NewScanner(r)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var e event
		if json.Unmarshal(s.Bytes(), &e) != nil {
			fmt.Fprintln(w, s.Text()) // the compiler speaks plain text
			continue
		}
		key := e.Package + " " + e.Test
		switch {
		case e.Action == "output" || e.Action == "build-output":
			output[key] = append(output[key], e.Output)
		case e.Action == "fail" || (e.Action == "skip" && e.Test != ""):
			failed++
			fmt.Fprintf(w, "%s: %s\n%s", strings.ToUpper(e.Action), key, strings.Join(output[key], ""))
		case e.Action == "pass" && e.Test != "":
			total++
			passed[e.Package]++
			delete(output, key)
		case e.Action == "pass":
			fmt.Fprintf(w, "ok   %-70s %4d tests %6.1f s\n", e.Package, passed[e.Package], e.Elapsed)
		}
	}
	return total, failed, s.Err()
}

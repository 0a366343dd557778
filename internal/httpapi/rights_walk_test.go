package httpapi_test

// The walk calls every operation as everybody: each role, held in each place
// that matters, on a whole server with a planted world (rights_world_test.go).
// What comes out is compared with testdata/walk.tsv, which is written and read
// by people; testdata/rights.tsv beside it says the same of roles without places.
//
// A line of the matrix, by tabs:
//
//	request   GET /authoring/courses/$draft; $names are planted (rights_plant_test.go);
//	          what follows # is planted and not sent (DELETE /me/totp#$totp)
//	body      as it is sent, $names too; "-" none. It must be valid, or nobody learns anything.
//	sees      "-", or the $name of an object whose id a list, count, search or export may hold
//	cells     one a column: one word for all places of the role, or a word a place, as the head names them
//
// The words: yes = it is done, or refused for another reason than who asks;
// 401, 403, 404 = refused; none = answered without any trace of the object
// that "sees" names, byte by byte the same as before it was planted; 404* and
// 403* = refused in other words than for an id that never was: who gets them
// learns that the thing exists. Any other refusal is the same document.
//
// To add an operation: write its line without cells ("GET /x/$y<TAB>-<TAB>-"),
// plant $y if it is new, and run
//
//	go run ./internal/embedded/testenv -- go test ./internal/httpapi -run TestTheWalk -update
//
// which fills in the cells that are missing or wrong. Then read every word of
// the new line: it is what will be allowed. An operation without a line fails
// the walk.

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
)

var update = flag.Bool("update", false, "write what the walk found into testdata/walk.tsv")

const walkFile = "testdata/walk.tsv"

// line is one of the matrix.
type line struct {
	above                    []string // comments
	method, path, body, sees string
	cells                    []string
	got                      []string
}

func (l *line) request() string { return l.method + " " + l.path }

func (l *line) String() string {
	return strings.Join(append(l.above, strings.Join(append([]string{l.request(), l.body, l.sees}, l.got...), "\t")), "\n")
}

func readWalk(t *testing.T) (lines []*line) {
	t.Helper()
	data, err := os.ReadFile(walkFile)
	if err != nil {
		t.Fatal(err)
	}
	var above []string
	for text := range strings.Lines(strings.TrimSpace(string(data)) + "\n") {
		text = strings.TrimRight(text, "\n")
		if strings.HasPrefix(text, "#") {
			above = append(above, text)
			continue
		}
		parts := strings.Split(text, "\t")
		method, path, ok := strings.Cut(parts[0], " ")
		if !ok || len(parts) < 3 {
			t.Fatalf("%q is no line of the matrix", text)
		}
		lines = append(lines, &line{above: above, method: method, path: path, body: parts[1], sees: parts[2], cells: parts[3:]})
		above = nil
	}
	return lines
}

// matches says whether a line calls the operation.
func (o operation) matches(l *line) bool {
	if o.method != l.method {
		return false
	}
	path := l.path[:strings.IndexAny(l.path+"#", "?#")]
	pattern := regexp.MustCompile(`\\\{[^}]*\\\}`).ReplaceAllString(regexp.QuoteMeta(o.path), `[^/]+`)
	return regexp.MustCompile("^" + pattern + "$").MatchString(path)
}

// operationOf is the one a line calls: the one with the fewest parameters, as the router has it.
func operationOf(all []operation, l *line) (best operation, found bool) {
	for _, o := range all {
		if o.matches(l) && (!found || strings.Count(o.path, "{") < strings.Count(best.path, "{") || len(o.path) > len(best.path)) {
			best, found = o, true
		}
	}
	return best, found
}

func TestTheWalk(t *testing.T) {
	t.Parallel()
	_, api := httpapi.NewRouterAPI(httpapi.Options{})
	all := operations(api)
	lines := readWalk(t)
	walked := map[operation]bool{}
	for _, l := range lines {
		o, found := operationOf(all, l)
		if !found {
			t.Errorf("%s calls no operation", l.request())
		}
		walked[o] = true
	}
	for _, o := range all {
		if !walked[o] {
			t.Errorf("the walk has no line for %s; add one to %s:\n%s\t-\t-", o, walkFile, proposal(o))
		}
	}
	if t.Failed() {
		return
	}
	w := &walk{T: t, realm: newRealm(t)}
	w.shared = w.newStage(t)
	w.all(lines)
	for _, l := range lines {
		if got := strings.Join(l.got, "\t"); got != strings.Join(l.cells, "\t") && !*update {
			t.Errorf("%s\nthe matrix says %s\nit answers     %s", l.request(), strings.Join(l.cells, " | "), strings.Join(l.got, " | "))
		}
	}
	if *update {
		writeWalk(t, lines)
	}
}

func proposal(o operation) string {
	return o.method + " " + regexp.MustCompile(`\{([^}]*)\}`).ReplaceAllString(o.path, `$$$1`)
}

func writeWalk(t *testing.T, lines []*line) {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.String() + "\n")
	}
	if err := os.WriteFile(walkFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// walk is one run.
type walk struct {
	*testing.T
	*realm
	shared  *stage
	cookies map[walker]string // of those who only look
}

// all walks every line: those that look for a trace one by one, because
// nothing else may change meanwhile.
func (w *walk) all(lines []*line) {
	w.cookies = map[walker]string{}
	for _, g := range groups {
		for _, k := range g.walkers {
			if k.place == "self" {
				w.cookies[k] = w.shared.cookie
				continue
			}
			_, w.cookies[k] = w.enters(w.T, k)
		}
	}
	for _, l := range lines {
		for _, name := range namedIn(l) { // before anybody looks
			if l.method == http.MethodGet {
				w.shared.get(w.T, name)
			}
		}
	}
	inOrder := slices.Clone(lines)
	slices.SortStableFunc(inOrder, func(a, b *line) int { return strings.Compare(a.sees, b.sees) }) // while lists are short
	for _, l := range inOrder {
		for _, g := range groups {
			var words []string
			for _, k := range g.walkers {
				words = append(words, w.word(l, k))
			}
			if len(slices.Compact(slices.Clone(words))) == 1 {
				words = words[:1]
			}
			l.got = append(l.got, strings.Join(words, " "))
		}
	}
}

var named = regexp.MustCompile(`\$[a-z]+[0-9]?`)

// sent is the path of a request without what is only planted.
func sent(path string) string { path, _, _ = strings.Cut(path, "#"); return path }

// namedIn are the objects a line's request names.
func namedIn(l *line) (out []string) {
	for _, n := range named.FindAllString(l.path+" "+l.body, -1) {
		out = append(out, n[1:])
	}
	return out
}

// word is what one walker is answered.
func (w *walk) word(l *line, k walker) string {
	s, cookie := w.shared, w.cookies[k]
	if l.method != http.MethodGet {
		// What changes something finds a stage and a person of its own.
		if s = w.newStage(w.T); k.place == "self" {
			cookie = s.cookie
		} else {
			_, cookie = w.enters(w.T, k)
		}
	}
	fill := func(text string) string {
		return named.ReplaceAllStringFunc(text, func(n string) string { return s.get(w.T, n[1:]) })
	}
	path, body := sent(fill(l.path)), ""
	if l.body != "-" {
		body = strings.ReplaceAll(fill(l.body), `\n`, "\n")
	}
	before := w.call(w.T, l.method, path, body, cookie)
	word := w.judge(l, k, before)
	switch {
	case (word == "404" || word == "403") && strings.Contains(sent(l.path), "$") && w.tells(l, before, body, cookie):
		return word + "*"
	case word == "yes" && l.sees != "-":
		return w.trace(l, k, path, cookie, before)
	}
	return word
}

func (w *walk) judge(l *line, k walker, a call) string {
	who := fmt.Sprintf("%s as %s of %s (%s)", l.request(), k.role, k.in, k.place)
	switch a.status {
	case http.StatusUnauthorized:
		if !strings.Contains(a.body, "/problems/unauthenticated") {
			return "yes" // a wrong password
		}
		return "401"
	case http.StatusForbidden:
		return "403"
	case http.StatusNotFound:
		return "404"
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		if strings.Contains(a.body, "/problems/invalid") || a.status == http.StatusBadRequest {
			w.Errorf("%s was not understood, so that nothing is known: %s", who, a.body)
		}
	}
	if a.status >= 500 {
		w.Errorf("%s answers %d: %s", who, a.status, a.body)
	}
	return "yes"
}

// tells asks for what never was, and says whether the answer is another.
func (w *walk) tells(l *line, refused call, body, cookie string) bool {
	path := named.ReplaceAllStringFunc(sent(l.path), func(n string) string {
		if _, err := uuid.Parse(w.shared.get(w.T, n[1:])); err != nil {
			return "HG00000000"
		}
		return uuid.NewString()
	})
	a := w.call(w.T, l.method, path, body, cookie)
	return a.status != refused.status || anonymous(a.body) != anonymous(refused.body)
}

// anonymous is a problem document without the request's id.
func anonymous(body string) string {
	var p map[string]any
	if json.Unmarshal([]byte(body), &p) != nil {
		return body
	}
	delete(p, "instance")
	data, _ := json.Marshal(p)
	return string(data)
}

// trace says whether an answer holds what is planted now; if not, it must not
// have changed by it.
func (w *walk) trace(l *line, k walker, path, cookie string, before call) string {
	s := w.shared
	if k.place != "self" { // or what self owns would belong to somebody else
		s = w.newStage(w.T)
	}
	name := strings.TrimPrefix(l.sees, "$")
	delete(s.known, name)
	// What it stands on may leave traces of its own: it comes first.
	for _, needed := range []string{"course", "session", "staff"} {
		if needed != name {
			s.get(w.T, needed)
		}
	}
	before = w.call(w.T, l.method, path, "", cookie)
	id := s.get(w.T, name)
	after := w.call(w.T, l.method, path, "", cookie)
	if strings.Contains(after.body, id) {
		return "yes"
	}
	if timeless(before.body) != timeless(after.body) {
		w.Errorf("%s as %s of %s changes with what it does not show:\n%s\n%s", l.request(), k.role, k.in, before.body, after.body)
	}
	return "none"
}

var moments = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// timeless is an answer without the moments in it.
func timeless(body string) string { return moments.ReplaceAllString(body, "") }

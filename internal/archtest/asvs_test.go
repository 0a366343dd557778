package archtest

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

var (
	reference = regexp.MustCompile("`(see:)?([a-z0-9]+)\\.((?:Test|Fuzz)[A-Za-z0-9]+)`")
	spec      = regexp.MustCompile("`([a-z]+\\.spec\\.ts)`")
	declared  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)
	row       = regexp.MustCompile(`(?m)^\| (\d+\.\d+\.\d+) \| ([123]) \| (.*)$`)
)

// declaredTests are all tests of the program, as folder.Name; cmd/hourglass is "hourglass".
func declaredTests(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, top := range []string{"cmd", "internal", "storage", "deploy"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := os.ReadFile(name)
			for _, m := range declared.FindAllSubmatch(text, -1) {
				found[path.Base(filepath.ToSlash(filepath.Dir(name)))+"."+string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func TestTheAsvsNamesOnlyTestsThatExist(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(root + "/docs/security/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := declaredTests(t)
	for _, m := range reference.FindAllStringSubmatch(string(text), -1) {
		name, later := m[2]+"."+m[3], m[1] != ""
		switch {
		case !tests[name] && !later:
			t.Errorf("%s is no test of this program", name)
		case tests[name] && later:
			t.Errorf("%s is there now: take the see: away from it", name)
		}
	}
	for _, m := range spec.FindAllStringSubmatch(string(text), -1) {
		if _, err := os.Stat(root + "/frontend/e2e/" + m[1]); err != nil {
			t.Errorf("%s is no browser test", m[1])
		}
	}
}

func TestEveryRequirementOfTheAsvsIsShownOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(root + "/docs/security/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, seen := row.FindAllStringSubmatch(string(text), -1), map[string]bool{}
	if len(rows) < 100 {
		t.Errorf("only %d requirements are told of", len(rows))
	}
	for _, r := range rows {
		if seen[r[1]] {
			t.Errorf("%s stands there twice", r[1])
		}
		seen[r[1]] = true
		shown := reference.MatchString(r[3]) || spec.MatchString(r[3]) || strings.Contains(r[3], "see:`")
		if !shown && !strings.Contains(r[3], "**Not met") {
			t.Errorf("%s names no test, and does not say that it is not met", r[1])
		}
	}
}

// Package archtest fails the test run on an import the house does not allow.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/hourglass-lms/hourglass/"

// cores in the order of the house: one imports only those above it.
var cores = []string{"fault", "linktoken", "audit", "notify", "org", "identity", "people", "privacy", "roster", "media", "quiz", "catalog", "study", "integrity", "learning", "registry", "workspace", "search"}

// infrastructure that no core may know, directly or through another.
var infrastructure = []string{
	"gorm.io/", "github.com/gofiber/", "github.com/redis/", "github.com/minio/", "github.com/jackc/", "github.com/danielgtaylor/",
	"github.com/riverqueue/", "github.com/prometheus/",
}

// plumbing of the standard library that no core may name itself.
var plumbing = []string{"database/sql", "net/http", "os/exec"}

// pure are packages beside a core that are held to what a core is.
var pure = []string{"internal/identity/oidc"}

type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
	GoFiles    []string
}

func TestNobodyImportsWhatTheHouseForbids(t *testing.T) {
	t.Parallel()
	pkgs := list(t)
	if len(pkgs) < 10 {
		t.Fatalf("only %d packages were listed", len(pkgs))
	}
	for _, p := range pkgs {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, complaint := range judge(name, p) {
			t.Errorf("%s %s", name, complaint)
		}
	}
}

func TestTheJudgeKnowsAForbiddenImport(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, importer, imported string
		forbidden                bool
	}{
		{"a core may not know SQL", "internal/study", "github.com/jackc/pgx/v5", true},
		{"a core may not know a core below it", "internal/study", module + "internal/learning", true},
		{"a core may know a core above it", "internal/learning", module + "internal/study", false},
		{"a store may not know another's store", "internal/study/studydb", module + "internal/learning/learningdb", true},
		{"a store may know its core and the pool", "internal/study/studydb", module + "storage/pg", false},
		{"the edge may not know a store", "internal/httpapi", module + "internal/study/studydb", true},
		{"the edge may not talk to other people's servers", "internal/httpapi", module + "internal/identity/oidcclient", true},
		{"the rules of another package beside a core it may call", "internal/httpapi", module + "internal/identity/oidc", false},
		{"those rules speak no HTTP", "internal/identity/oidc", "net/http", true},
		{"storage knows no domain", "storage/objects/disk", module + "internal/media", true},
		{"storage may name kinds of error", "storage/objects/disk", module + "internal/fault", false},
		{"nobody but cmd knows app", "internal/httpapi", module + "internal/app", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := judge(tc.importer, pkg{Imports: []string{tc.imported}, Deps: []string{tc.imported}})
			if (len(got) > 0) != tc.forbidden {
				t.Errorf("%s importing %s: %v", tc.importer, tc.imported, got)
			}
		})
	}
}

// judge lists what is wrong with the imports of one package of ours.
func judge(name string, p pkg) (out []string) {
	for _, i := range p.Imports {
		ours, isOurs := strings.CutPrefix(i, module)
		if isOurs && !mayImport(name, ours) {
			out = append(out, "imports "+ours)
		}
	}
	if isCore(name) || slices.Contains(pure, name) {
		for _, i := range p.Imports {
			if slices.Contains(plumbing, i) {
				out = append(out, "is a core and imports "+i)
			}
		}
		for _, d := range p.Deps {
			for _, bad := range infrastructure {
				if strings.HasPrefix(d, bad) {
					out = append(out, "is a core and depends on "+d)
				}
			}
		}
	}
	return out
}

func isCore(name string) bool { return slices.Contains(cores, strings.TrimPrefix(name, "internal/")) }

// coreOf is the domain a package lies in: internal/study/studydb -> internal/study.
func coreOf(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) < 2 || parts[0] != "internal" {
		return ""
	}
	return parts[0] + "/" + parts[1]
}

func mayImport(importer, imported string) bool {
	switch {
	case strings.HasPrefix(importer, "cmd/"):
		return true
	case imported == "internal/app":
		return false
	case importer == "internal/app" || strings.HasPrefix(importer, "internal/demo") || strings.HasPrefix(importer, "internal/bench") || strings.HasPrefix(importer, "tools/"):
		return true
	case strings.HasPrefix(importer, "storage/"):
		return strings.HasPrefix(imported, "storage/") || imported == "internal/fault" || (strings.HasSuffix(importer, "test") && (imported == "internal/embedded" || imported == "migrations"))
	case importer == "migrations" || strings.HasPrefix(importer, "internal/embedded") || importer == "internal/config":
		return strings.HasPrefix(imported, "internal/embedded") || strings.HasPrefix(imported, "storage/")
	case importer == "internal/jobs":
		return strings.HasPrefix(imported, "storage/pg") || imported == "internal/fault"
	case strings.HasPrefix(importer, "internal/httpapi"):
		return strings.HasPrefix(imported, "internal/httpapi") || isCore(imported) || sidekick(imported)
	case isCore(importer):
		return coreMay(importer, imported)
	case isCore(coreOf(importer)):
		return storeMay(importer, imported)
	}
	return true
}

// sidekick is a package beside a core that is as pure as the core itself.
func sidekick(imported string) bool {
	return isCore(coreOf(imported)) && !strings.HasSuffix(imported, "db") && !strings.HasSuffix(imported, "redis") && !strings.HasSuffix(imported, "client") && !strings.HasSuffix(imported, "job")
}

func coreMay(importer, imported string) bool {
	own, other := strings.TrimPrefix(importer, "internal/"), strings.TrimPrefix(imported, "internal/")
	return isCore(imported) && slices.Index(cores, other) < slices.Index(cores, own)
}

// storeMay: what lies beside a core knows that core and those above it, its
// own neighbours, jobs and storage.
func storeMay(importer, imported string) bool {
	core := coreOf(importer)
	if strings.HasPrefix(imported, core) || imported == "internal/jobs" || strings.HasPrefix(imported, "storage/") || isCore(imported) && coreMay(core, imported) {
		return true
	}
	return path.Dir(imported) == core
}

func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps,GoFiles", module+"...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return pkgs
		}
		if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

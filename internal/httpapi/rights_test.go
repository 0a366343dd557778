package httpapi_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// columns are those of the matrix, in its order.
var columns = []identity.Role{"signed_out", identity.Professional, identity.Instructor, identity.InstitutionManager, identity.DepartmentOfficer, identity.EmployerOfficer, identity.Auditor}

// matrix reads testdata/rights.tsv: who may call what, written by hand, by "METHOD path".
func matrix(t *testing.T) map[string][]string {
	t.Helper()
	file, err := os.Open("testdata/rights.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows := map[string][]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 2+len(columns) {
			t.Fatalf("%q has %d columns, want %d", lines.Text(), len(cells), 2+len(columns))
		}
		name := cells[0] + " " + cells[1]
		if rows[name] != nil {
			t.Errorf("%s stands in the matrix twice", name)
		}
		rows[name] = cells[2:]
	}
	return rows
}

type operation struct{ method, path string }

func (o operation) String() string { return o.method + " " + o.path }

// operations are those of the API's description.
func operations(api huma.API) (out []operation) {
	for path, item := range api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch,
			http.MethodDelete: item.Delete, http.MethodHead: item.Head, http.MethodOptions: item.Options,
		} {
			if op != nil {
				out = append(out, operation{method, path})
			}
		}
	}
	slices.SortFunc(out, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return out
}

var (
	inBraces   = regexp.MustCompile(`\{[^}]*\}`)
	afterColon = regexp.MustCompile(`:[A-Za-z_]+`)
)

// actorOf is nobody for signed_out, and else a person with the one role.
func actorOf(role identity.Role) *identity.Actor {
	return &identity.Actor{PersonID: uuid.New(), Memberships: []identity.Membership{{OrgID: uuid.New(), Role: role}}}
}

// verdict is what the gate says to a role. Behind it no service is plugged in:
// whatever is neither 401 nor 403 has passed.
func verdict(kit *httptestkit.Kit, o operation, role identity.Role) string {
	client := kit.Anonymous()
	if role != columns[0] {
		client = kit.As(actorOf(role))
	}
	path := inBraces.ReplaceAllString(o.path, uuid.NewString())
	switch client.Do(o.method, path, nil).Status {
	case http.StatusUnauthorized:
		return "401"
	case http.StatusForbidden:
		return "403"
	}
	return "yes"
}

// nobodys is a study in which no session was opened under the sign-in that asks,
// so that a beat is judged by the role.
type nobodys struct{ httpapi.Study }

func (nobodys) Holder(context.Context, uuid.UUID, []byte) (uuid.UUID, bool, error) {
	return uuid.Nil, false, nil
}

func TestEveryRoleMayCallWhatTheMatrixSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	options := httpapi.Options{Logger: slog.New(slog.DiscardHandler), Services: httpapi.Services{Study: nobodys{}}}
	_, api := httpapi.NewRouterAPI(options)
	kit := httptestkit.With(t, options)
	want, seen := matrix(t), map[string]bool{}
	for _, o := range operations(api) {
		seen[o.String()] = true
		row := want[o.String()]
		var got []string
		for i, role := range columns {
			got = append(got, verdict(kit, o, role))
			if row != nil && got[i] != row[i] {
				t.Errorf("%s as %s: %s, the matrix says %s", o, role, got[i], row[i])
			}
		}
		if row == nil {
			t.Errorf("the matrix has no row for %s, which answers\n%s", o, strings.Join(append([]string{o.method, o.path}, got...), "\t"))
		}
	}
	for name := range want {
		if !seen[name] {
			t.Errorf("the matrix has a row for %s, which is no operation", name)
		}
	}
}

func TestEveryOperationHasOneRule(t *testing.T) {
	t.Parallel()
	known := []identity.Right{identity.Public, identity.Own, identity.Learn, identity.Author, identity.Submit, identity.Review, identity.Oversee, identity.Judge,
		identity.ManageOrgs, identity.ManageMembers, identity.SeePeople, identity.Assign, identity.ReadTrail, identity.MergePeople}
	_, api := httpapi.NewRouterAPI(httpapi.Options{})
	for path, item := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete, item.Head, item.Options, item.Trace} {
			if op == nil {
				continue
			}
			if right, ok := op.Metadata["right"].(identity.Right); !ok || !slices.Contains(known, right) {
				t.Errorf("%s %s has the right %v", op.Method, path, op.Metadata["right"])
			}
		}
	}
}

// outside are the routes that are no operations: for machines and pages, the same for everybody.
var outside = []string{"GET /healthz", "GET /readyz", "GET /metrics", "GET /api/docs", "GET /api/docs.css", "GET /api/v1/openapi.json"}

func TestNoRouteStandsBesideTheDescription(t *testing.T) {
	t.Parallel()
	app, api := httpapi.NewRouterAPI(httpapi.Options{})
	described, routed := map[string]bool{}, map[string]bool{}
	for _, o := range operations(api) {
		described[o.method+" "+httpapi.Base+inBraces.ReplaceAllString(o.path, ":x")] = true
	}
	for _, route := range app.GetRoutes(true) {
		if route.Method == http.MethodHead {
			continue // answered as GET
		}
		name := fmt.Sprintf("%s %s", route.Method, afterColon.ReplaceAllString(route.Path, ":x"))
		routed[name] = true
		if !described[name] && !slices.Contains(outside, name) {
			t.Errorf("%s is routed and not described, so no rule guards it", name)
		}
	}
	for name := range described {
		if !routed[name] {
			t.Errorf("%s is described and not routed, so the matrix says nothing of it", name)
		}
	}
}

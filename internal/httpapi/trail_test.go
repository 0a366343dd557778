package httpapi_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/httpapi/httptestkit"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

// archive is a province and another, an officer of each, an auditor of the
// other, and a worker to whom something was done in the first.
type archive struct {
	trail                           *auditdb.Store
	province, elsewhere             uuid.UUID
	worker                          uuid.UUID
	officer, other, auditor, worked *httptestkit.Client
}

func newArchive(t *testing.T) archive {
	t.Helper()
	db := pgtest.New(t)
	a := archive{trail: auditdb.New(db, nil), province: uuid.New(), elsewhere: uuid.New(), worker: uuid.New()}
	officer := uuid.New()
	for _, id := range []uuid.UUID{a.province, a.elsewhere} {
		if _, err := db.Pool().Exec(t.Context(), `INSERT INTO organisations (id, kind, level, name_zh, name_en, lineage, created_at) VALUES ($1, 'personnel_department', 'provincial', $2, 'Province', ARRAY[$1::uuid], now())`, id, id.String()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Pool().Exec(t.Context(), `INSERT INTO people (id, name, created_at) VALUES ($1, '=HYPERLINK("x")', now()), ($2, '贺清源', now())`, a.worker, officer); err != nil {
		t.Fatal(err)
	}
	kit := httptestkit.New(t, httpapi.Services{Trail: a.trail})
	as := func(id uuid.UUID, role identity.Role, in uuid.UUID) *httptestkit.Client {
		return kit.As(&identity.Actor{PersonID: id, Memberships: []identity.Membership{{OrgID: in, OrgKind: string(org.PersonnelDepartment), Role: role}}})
	}
	a.officer, a.other = as(officer, identity.DepartmentOfficer, a.province), as(officer, identity.DepartmentOfficer, a.elsewhere)
	a.auditor, a.worked = as(officer, identity.Auditor, a.elsewhere), as(a.worker, identity.Professional, a.province)
	ctx := audit.WithOrigin(t.Context(), audit.Origin{Address: "192.0.2.9", UserAgent: "Firefox", RequestID: "r-1"})
	for _, e := range []audit.Event{
		{Actor: officer, Action: "membership.give", ObjectKind: "membership", Object: uuid.New(), Subject: a.worker, Org: a.province, After: map[string]any{"role": "professional"}},
		{Actor: officer, Action: "organisation.move", ObjectKind: "organisation", Object: a.elsewhere, Org: a.elsewhere},
	} {
		if err := a.trail.Note(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func (a archive) actions(c *httptestkit.Client, query string) string {
	var page httpapi.TrailPage
	c.Get("/audit-events" + query).OK(200).Into(&page)
	var out []string
	for _, e := range page.Items {
		out = append(out, e.Action)
	}
	return strings.Join(out, " ")
}

func TestTheTrailIsReadWithinOnesJurisdictionAndByAuditorsEverywhere(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	for _, tc := range []struct {
		name, query string
		who         *httptestkit.Client
		want        string
	}{
		{"an officer of the province", "", a.officer, "membership.give"},
		{"an officer of another", "", a.other, "organisation.move"},
		{"an auditor", "", a.auditor, "organisation.move membership.give"},
		{"by whom it concerns", "?subject=" + a.worker.String(), a.auditor, "membership.give"},
		{"by a person of another jurisdiction", "?subject=" + a.worker.String(), a.other, ""},
		{"by an organisation of another jurisdiction", "?org=" + a.province.String(), a.other, ""},
		{"by what was done", "?action=membership.", a.auditor, "membership.give"},
		{"before all of it", "?from=2020-01-01T00:00:00Z&to=2020-12-31T00:00:00%2B08:00", a.auditor, ""},
	} {
		if got := a.actions(tc.who, tc.query); got != tc.want {
			t.Errorf("%s finds %q, want %q", tc.name, got, tc.want)
		}
	}
	a.worked.Get("/audit-events").Problem(403, "forbidden")
	for _, query := range []string{"from=yesterday", "from=2020-01-01T00:00:00Z", "actor=x", "action=%25", "cursor=x", "limit=101", "everywhere=true"} {
		a.auditor.Get("/audit-events?"+query).Problem(422, "invalid")
	}
	var page httpapi.TrailPage
	a.officer.Get("/audit-events").OK(200).Into(&page)
	e := page.Items[0]
	if e.Actor.Name != "贺清源" || e.Subject.ID != a.worker || e.Org.Name.En != "Province" || e.Address != "192.0.2.9" || e.RequestID != "r-1" || string(e.After) != `{"role":"professional"}` || e.Before != nil {
		t.Errorf("the deed is %+v", e)
	}
}

func TestAnExportIsTheSearchAndADeedItself(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	answer := a.officer.Get("/audit-events.csv?subject=" + a.worker.String()).OK(200)
	text, marked := strings.CutPrefix(string(answer.Body), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != 2 || rows[1][3] != "membership.give" || rows[1][15] != `{"role": "professional"}` {
		t.Fatalf("exported %q, %v", answer.Body, err)
	}
	if rows[1][6] != `'=HYPERLINK("x")` {
		t.Errorf("a name is a formula: %q", rows[1][6])
	}
	if h := answer.Header; !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || !strings.HasPrefix(h.Get("Content-Type"), "text/csv") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("sent as %v", h)
	}
	a.worked.Get("/audit-events.csv").Problem(403, "forbidden")
	a.officer.Get("/audit-events.jsonl?from=x").Problem(422, "invalid")
	a.officer.Get("/audit-events.jsonl?limit=5").Problem(422, "invalid")
	a.worked.Get("/audit-events.jsonl?limit=5").Problem(403, "forbidden")
	var last map[string]any
	sent := strings.Split(strings.TrimSpace(string(a.officer.Get("/audit-events.jsonl").OK(200).Body)), "\n")
	if err := json.Unmarshal([]byte(sent[0]), &last); err != nil || len(sent) != 2 || last["action"] != "audit-trail.export" {
		t.Errorf("the first export is not the last deed: %v, %q", err, sent)
	}
	if got := a.actions(a.auditor, "?action=audit-trail.export"); got != "audit-trail.export audit-trail.export" {
		t.Errorf("the exports left %q", got)
	}
	if got := a.actions(a.other, "?action=audit-trail.export"); got != "" {
		t.Errorf("another jurisdiction sees %q", got)
	}
}

func TestAnExportSaysWhatItWasLimitedTo(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.officer.Get("/audit-events.csv?object_kind=membership&action=membership.give&subject=" + a.worker.String()).OK(200)
	var page httpapi.TrailPage
	a.auditor.Get("/audit-events?action=audit-trail.export").OK(200).Into(&page)
	for _, part := range []string{`"object_kind":"membership"`, `"action":"membership.give"`, `"subject":"` + a.worker.String() + `"`} {
		if len(page.Items) != 1 || !strings.Contains(string(page.Items[0].After), part) {
			t.Errorf("%s is not in %+v", part, page.Items)
		}
	}
}

func TestALongExportIsCutWhereItSaysSo(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	for range 3 {
		if err := a.trail.Note(t.Context(), audit.Event{Action: "x.y", ObjectKind: "x", Org: a.province}); err != nil {
			t.Fatal(err)
		}
	}
	kit := httptestkit.New(t, httpapi.Services{Trail: endless{Trail: a.trail}})
	c := kit.As(&identity.Actor{PersonID: a.worker, Memberships: []identity.Membership{{OrgID: a.province, OrgKind: string(org.PersonnelDepartment), Role: identity.Auditor}}})
	body := strings.TrimSpace(string(c.Get("/audit-events.jsonl?action=x.y").OK(200).Body))
	if n := strings.Count(body, "\n"); n != 100_000 || !strings.HasSuffix(body, `{"more":true}`) {
		t.Errorf("%d lines, the last %q", n, body[strings.LastIndex(body, "\n"):])
	}
}

// endless is a trail with no end.
type endless struct{ httpapi.Trail }

func (e endless) Search(_ context.Context, f audit.Filter) (audit.List, error) {
	return audit.List{Items: make([]audit.Entry, f.Limit), NextCursor: new("more")}, nil
}

func TestAPersonSeesWhoLookedAtTheirRecord(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	reader := uuid.New()
	if err := a.trail.Viewed(t.Context(), reader, a.worker, a.province); err == nil {
		t.Error("a reader who is nobody was noted")
	}
	var page httpapi.LookPage
	a.worked.Get("/me/record-views").OK(200).Into(&page)
	if len(page.Items) != 0 {
		t.Errorf("looks without a look: %+v", page.Items)
	}
	var deeds httpapi.TrailPage
	a.auditor.Get("/audit-events").OK(200).Into(&deeds)
	officer := deeds.Items[0].Actor.ID
	for _, e := range []audit.Event{
		{Actor: officer, Action: "integrity-flag.read", ObjectKind: "integrity_flag", Object: uuid.New(), Subject: a.worker, Org: a.province},
		{Actor: a.worker, Action: audit.RecordView, ObjectKind: "person", Object: a.worker, Subject: a.worker},
	} {
		if err := a.trail.Note(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.trail.Viewed(t.Context(), officer, a.worker, a.province); err != nil {
		t.Fatal(err)
	}
	a.worked.Get("/me/record-views").OK(200).Into(&page)
	if len(page.Items) != 2 || page.Items[0].What != "record" || page.Items[1].What != "integrity-flag" || page.Items[0].Reader.Name != "贺清源" || page.Items[0].Org.ID != a.province {
		t.Errorf("the looks are %+v", page.Items)
	}
	if a.officer.Get("/me/record-views").OK(200).Into(&page); len(page.Items) != 0 {
		t.Errorf("somebody else's looks: %+v", page.Items)
	}
}

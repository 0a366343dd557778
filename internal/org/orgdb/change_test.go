package orgdb_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/notify"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/org/orgdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// ear hears what a store notes and tells.
type ear struct {
	mu      sync.Mutex
	deeds   []audit.Event
	notices []notify.Notice
	heirs   [][2]uuid.UUID
}

func (e *ear) trail(_ context.Context, _ *pg.Tx, _ time.Time, d audit.Event) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.deeds = append(e.deeds, d)
	return nil
}

func (e *ear) Send(_ context.Context, _ *pg.Tx, n ...notify.Notice) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.notices = append(e.notices, n...)
	return nil
}

func (e *ear) actions() (out []string) {
	for _, d := range e.deeds {
		out = append(out, d.Action)
	}
	return out
}

// hearing is a world whose store tells an ear, and whose clock can be set.
type hearing struct {
	world
	ear   *ear
	clock *time.Time
	store *orgdb.Store
}

func newHearing(t *testing.T) hearing {
	t.Helper()
	h := hearing{world: newWorld(t), ear: &ear{}, clock: new(noon.Add(time.Hour))}
	h.store = orgdb.With(h.db, orgdb.Options{
		Now: func() time.Time { return *h.clock }, Trail: h.ear.trail, Notifier: h.ear, Address: identity.MailAddress,
		Inherit: func(_ context.Context, _ *pg.Tx, from, to uuid.UUID) error {
			h.ear.heirs = append(h.ear.heirs, [2]uuid.UUID{from, to})
			return nil
		},
	})
	return h
}

// newPerson has an account under an address.
func (h hearing) newPerson(t *testing.T, email string) uuid.UUID {
	t.Helper()
	id := uuid.New()
	if _, err := h.db.Pool().Exec(t.Context(), `INSERT INTO people (id, name, created_at) VALUES ($1, $2, now())`, id, email); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Pool().Exec(t.Context(), `
		INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at) VALUES ($1, $2, $3, '-', now(), now())`, id, email, identity.FoldEmail(email)); err != nil {
		t.Fatal(err)
	}
	return id
}

func (h hearing) gives(t *testing.T, person, at uuid.UUID, role org.Role) org.Membership {
	t.Helper()
	m, err := h.store.AddMembership(t.Context(), person, at, role)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// tells fails unless the last notice tells a person of a role.
func (h hearing) tells(t *testing.T, kind notify.Kind, person uuid.UUID, role string) {
	t.Helper()
	if len(h.ear.notices) == 0 {
		t.Fatal("nobody was told anything")
	}
	n := h.ear.notices[len(h.ear.notices)-1]
	if n.Check() != nil || n.Kind != kind || n.Person != person || n.Facts["role"] != role || n.Facts["organisation"] != "工厂" {
		t.Errorf("told %+v", n)
	}
}

func everybody([]uuid.UUID) error { return nil }

// under allows who stands below a department alone, as identity.Actor does.
func under(dept uuid.UUID) orgdb.Allowed {
	return func(lineage []uuid.UUID) error {
		if slices.Contains(lineage, dept) {
			return nil
		}
		return fault.New(fault.NotFound, "none")
	}
}

func code(err error) string {
	if e, ok := fault.Of(err); ok && e.Code != "" {
		return e.Code
	}
	if err == nil {
		return ""
	}
	return fault.KindOf(err).String()
}

func TestAMoveTakesEverythingBelowAlong(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	other := h.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Provincial, NameZh: "邻省厅"})
	city := h.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Municipal, NameZh: "市局", ParentID: &h.province.ID})
	county := h.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.County, NameZh: "县局", ParentID: &city.ID})
	school := h.made(t, org.New{Kind: org.TeachingInstitution, NameZh: "学院", ParentID: &county.ID})
	if err := h.store.Move(t.Context(), h.person, city.ID, other.ID, everybody); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[uuid.UUID][]uuid.UUID{
		city.ID: {city.ID, other.ID}, county.ID: {county.ID, city.ID, other.ID}, school.ID: {school.ID, county.ID, city.ID, other.ID},
		h.employer.ID: {h.employer.ID, h.province.ID}, other.ID: {other.ID},
	} {
		if o, err := h.store.Organisation(t.Context(), id); err != nil || !slices.Equal(o.Lineage, want) {
			t.Errorf("%s has the lineage %v, want %v: %v", o.NameZh, o.Lineage, want, err)
		}
	}
	for name, tc := range map[string]struct {
		id, to  uuid.UUID
		may     orgdb.Allowed
		refused string
	}{
		"below its own child":         {city.ID, county.ID, everybody, "below-itself"},
		"below an equal":              {other.ID, h.province.ID, everybody, "invalid"},
		"somebody else's":             {city.ID, h.province.ID, under(h.province.ID), "not found"},
		"to somebody else":            {city.ID, h.province.ID, under(other.ID), "not found"},
		"one's own department":        {other.ID, h.province.ID, under(other.ID), "not found"},
		"what is not there":           {uuid.New(), h.province.ID, everybody, "not found"},
		"a name that stands there":    {h.made(t, org.New{Kind: org.Employer, NameZh: "工厂", ParentID: &city.ID}).ID, h.province.ID, everybody, "conflict"},
		"below a department and back": {school.ID, city.ID, under(other.ID), ""},
	} {
		if err := h.store.Move(t.Context(), h.person, tc.id, tc.to, tc.may); code(err) != tc.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := h.ear.actions(); !slices.Equal(got, []string{"organisation.move", "organisation.move"}) {
		t.Errorf("the trail holds %v", got)
	}
}

func TestNobodyPlantedDuringAMoveGetsAnOldLineage(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	other := h.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Provincial, NameZh: "邻省厅"})
	city := h.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Municipal, NameZh: "市局", ParentID: &h.province.ID})
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 5 {
				n := org.New{Kind: org.Employer, NameZh: fmt.Sprintf("厂%d-%d", i, j), ParentID: &city.ID}
				if _, err := h.store.Create(t.Context(), uuid.Nil, n); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Go(func() {
		for i := range 10 {
			if err := h.store.Move(t.Context(), h.person, city.ID, []uuid.UUID{other.ID, h.province.ID}[i%2], everybody); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	var wrong int
	err := h.db.Pool().QueryRow(t.Context(), `
		SELECT count(*) FROM organisations o JOIN organisations p ON p.id = o.parent_id WHERE o.lineage <> o.id || p.lineage`).Scan(&wrong)
	if err != nil || wrong != 0 {
		t.Errorf("%d lineages are not their parent's with oneself before: %v", wrong, err)
	}
}

func TestWhatClosesTakesNobodyIn(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	h.gives(t, h.person, h.employer.ID, org.Professional)
	if _, err := h.store.Invite(t.Context(), org.NewInvitation{Org: h.employer.ID, Role: org.Professional, Email: "li@example.cn", By: h.person}); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Close(t.Context(), h.person, h.province.ID, everybody, ""); code(err) != "not-empty" {
		t.Errorf("a department with an employer below it: %v", err)
	}
	if err := h.store.Close(t.Context(), h.person, h.employer.ID, under(h.employer.ID), ""); code(err) != "not found" {
		t.Errorf("by itself: %v", err)
	}
	if err := h.store.Close(t.Context(), h.person, h.employer.ID, everybody, "破产"); err != nil {
		t.Fatal(err)
	}
	held, _ := h.store.Memberships(t.Context(), h.person)
	if len(held) != 1 || held[0].Until == nil || !held[0].Until.After(held[0].Since) {
		t.Errorf("roles %+v", held)
	}
	if waiting, err := h.store.Invitations(t.Context(), h.employer.ID, false, 10, ""); err != nil || len(waiting.Items) != 0 {
		t.Errorf("invitations %+v, %v", waiting, err)
	}
	if _, err := h.store.AddMembership(t.Context(), h.person, h.employer.ID, org.Professional); code(err) != "organisation-closed" {
		t.Errorf("a new role: %v", err)
	}
	if err := h.store.Close(t.Context(), h.person, h.employer.ID, everybody, ""); code(err) != "organisation-closed" {
		t.Errorf("again: %v", err)
	}
	if page, err := h.store.Page(t.Context(), h.employer.ID); err != nil || page.ClosedAt == nil || page.Successor != nil {
		t.Errorf("its page %+v, %v", page, err)
	}
	if list, err := h.store.List(t.Context(), org.Filter{Kind: org.Employer, Limit: 10}); err != nil || len(list.Items) != 0 {
		t.Errorf("it is listed: %+v, %v", list, err)
	}
	h.made(t, org.New{Kind: org.Employer, NameZh: "工厂", ParentID: &h.province.ID}) // the name is free again
}

func TestAMergerMovesThePeopleAndLeavesTheYears(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	into := h.made(t, org.New{Kind: org.Employer, NameZh: "新厂", Ownership: org.Private, ParentID: &h.province.ID})
	both := h.newPerson(t, "both@example.cn")
	before := *h.clock
	h.gives(t, h.person, h.employer.ID, org.Professional)
	h.gives(t, h.person, h.employer.ID, org.EmployerOfficer)
	h.gives(t, both, h.employer.ID, org.Professional)
	h.gives(t, both, into.ID, org.Professional)
	*h.clock = before.Add(time.Hour)
	if err := h.store.Merge(t.Context(), h.person, h.employer.ID, into.ID, under(h.province.ID), "重组"); err != nil {
		t.Fatal(err)
	}
	held, err := h.store.Memberships(t.Context(), h.person)
	if err != nil || len(held) != 4 {
		t.Fatalf("roles %+v, %v", held, err)
	}
	for _, m := range held {
		old := m.OrgID == h.employer.ID
		if old != (m.Until != nil) || old && !m.Until.Equal(*h.clock) || old && !m.Since.Equal(before) || !old && !m.Since.Equal(*h.clock) {
			t.Errorf("role %+v", m)
		}
	}
	if held, _ := h.store.Memberships(t.Context(), both); len(held) != 2 {
		t.Errorf("whoever was in both holds %+v", held)
	}
	page, err := h.store.Page(t.Context(), h.employer.ID)
	if err != nil || page.Successor == nil || page.Successor.ID != into.ID || page.ClosedAt == nil {
		t.Errorf("the old one's page %+v, %v", page, err)
	}
	if !slices.Equal(h.ear.heirs, [][2]uuid.UUID{{h.employer.ID, into.ID}}) {
		t.Errorf("inherited %v", h.ear.heirs)
	}
	if err := h.store.Merge(t.Context(), h.person, h.employer.ID, into.ID, everybody, ""); code(err) != "organisation-closed" {
		t.Errorf("again: %v", err)
	}
	if err := h.store.Merge(t.Context(), h.person, into.ID, h.province.ID, everybody, ""); code(err) != "invalid" {
		t.Errorf("an employer into a department: %v", err)
	}
}

func TestWhoMayChangeAnOrganisation(t *testing.T) {
	t.Parallel()
	h := newHearing(t)
	err := h.store.Change(t.Context(), h.person, h.employer.ID, under(h.province.ID), org.Change{NameZh: new("新名"), Ownership: new(org.PublicInstitution)})
	o, _ := h.store.Organisation(t.Context(), h.employer.ID)
	if err != nil || o.NameZh != "新名" || o.Ownership != org.PublicInstitution || o.NameEn != "Works" {
		t.Errorf("became %+v, %v", o, err)
	}
	if err := h.store.Change(t.Context(), h.person, h.employer.ID, under(uuid.New()), org.Change{NameZh: new("x")}); code(err) != "not found" {
		t.Errorf("by a stranger: %v", err)
	}
	if d := h.ear.deeds; len(d) != 1 || d[0].Action != "organisation.change" || d[0].Actor != h.person || d[0].Before.(map[string]any)["name_zh"] != "工厂" {
		t.Errorf("the trail holds %+v", d)
	}
}

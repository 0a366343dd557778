package registrydb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/registry"
	"github.com/hourglass-lms/hourglass/internal/registry/registrydb"
)

func (w world) people() *registrydb.People { return registrydb.NewPeople(w.store) }

// hired is a person who works at an organisation from a moment on.
func (w world) hired(t rapid.TB, name string, org uuid.UUID, since time.Time) uuid.UUID {
	t.Helper()
	id := uuid.New()
	w.do(t, `INSERT INTO people (id, name, created_at) VALUES ($1, $2, now())`, id, name)
	w.do(t, `INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', $4)`, uuid.New(), id, org, since)
	return id
}

func (w world) do(t rapid.TB, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Pool().Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// enter writes an entry of the register without its tree: what is tested here reads none.
func (w world) enter(t rapid.TB, index int64, person uuid.UUID, year int, subject string, hundredths int, corrects *int64, course ...uuid.UUID) {
	t.Helper()
	kind, reason, author := "registered", "", (*uuid.UUID)(nil)
	if corrects != nil {
		kind, reason, author = "correction", "更正", &w.person
	}
	of := (*uuid.UUID)(nil)
	if len(course) > 0 {
		of = &course[0]
	}
	w.do(t, `INSERT INTO ledger_entries (index, id, kind, person_id, year, subject, hours, source_key, title_zh, title_en, corrects, reason, author_id, course_id, earned_at, recorded_at, record)
		VALUES ($1, $2, $3, $4, $5, $6, $7::numeric / 100, $2::uuid::text, '甲', 'A', $8, $9, $10, $11, now(), now(), '')`,
		index, uuid.New(), kind, person, year, subject, hundredths, corrects, reason, author, of)
}

// merge makes other a record of keeper's person, as peopledb does.
func (w world) merge(t rapid.TB, keeper, other uuid.UUID) {
	t.Helper()
	w.do(t, `UPDATE people SET merged_into = $1 WHERE id = $2`, keeper, other)
	w.do(t, `INSERT INTO memberships (id, person_id, org_id, role, since)
		SELECT gen_random_uuid(), $1, org_id, role, since FROM memberships WHERE person_id = $2 AND until IS NULL AND role = 'professional'
		ON CONFLICT (person_id, org_id, role) WHERE until IS NULL DO NOTHING`, keeper, other)
	w.do(t, `UPDATE memberships SET until = $2 WHERE person_id = $1 AND until IS NULL`, other, noon)
}

// courses are so many that people may take.
func (w world) courses(t *testing.T, n int) (ids []uuid.UUID) {
	t.Helper()
	for range n {
		ids = append(ids, uuid.New())
		w.exec(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, $4)`, ids[len(ids)-1], w.school, w.person, noon)
	}
	return ids
}

func everyone(t rapid.TB, p *registrydb.People, f registry.StaffFilter) (all []registry.Member) {
	t.Helper()
	for {
		page, err := p.Staff(context.Background(), f)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, page.Items...); page.Next == nil {
			return all
		}
		f.Cursor = *page.Next
	}
}

// The figure in an officer's list is the learner's own, whatever was registered,
// taken back, in whichever year and under whichever policy, under one record or several.
func TestAListSaysOfEverybodyWhatTheirOwnPageSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `INSERT INTO hour_policies (id, jurisdiction_id, year_from, year_to, required_hours, public_numerator, public_denominator, title_zh, title_en, created_at)
		VALUES ($1, $2, 2025, NULL, 90, 1, 3, '省', 'P', now()), ($3, $4, 2026, 2026, 40.55, 2, 7, '厂', 'F', now())`, uuid.New(), w.province, uuid.New(), w.employer)
	p, index, courses := w.people(), int64(0), w.courses(t, 3)
	rapid.Check(t, func(rt *rapid.T) {
		var ids []uuid.UUID
		for i := range rapid.IntRange(1, 3).Draw(rt, "people") {
			at := rapid.SampledFrom([]uuid.UUID{w.employer, w.school, w.province}).Draw(rt, "at")
			id := w.hired(rt, fmt.Sprintf("人%d", i), at, noon.AddDate(-3, 0, 0))
			if rapid.Bool().Draw(rt, "left") { // and works elsewhere, under another policy, or nowhere
				w.do(rt, `UPDATE memberships SET until = $2 WHERE person_id = $1`, id, noon.AddDate(0, -6, 0))
				if rapid.Bool().Draw(rt, "elsewhere") {
					w.do(rt, `INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', $4)`, uuid.New(), id, w.employer, noon.AddDate(0, -6, 0))
				}
			}
			ids = append(ids, id)
			var mine []int64
			for range rapid.IntRange(0, 8).Draw(rt, "entries") {
				year := rapid.SampledFrom([]int{2024, 2025, 2026}).Draw(rt, "year")
				subject := rapid.SampledFrom([]string{"professional", "public"}).Draw(rt, "subject")
				var corrects *int64
				hours := rapid.IntRange(1, 6000).Draw(rt, "hours")
				if len(mine) > 0 && rapid.IntRange(0, 2).Draw(rt, "correction") == 0 {
					corrects = new(rapid.SampledFrom(mine).Draw(rt, "of"))
					hours = rapid.IntRange(-5000, 500).Draw(rt, "taken")
				} else {
					mine = append(mine, index)
				}
				w.enter(rt, index, id, year, subject, hours, corrects, courses[rapid.IntRange(0, 2).Draw(rt, "course")])
				index++
			}
		}
		keeper := rapid.SampledFrom(ids).Draw(rt, "keeper")
		joined := map[uuid.UUID]bool{}
		for _, id := range ids {
			if id != keeper && rapid.Bool().Draw(rt, "joins") {
				w.merge(rt, keeper, id)
				joined[id] = true
			}
		}
		for _, year := range []int{2024, 2025, 2026} {
			listed := map[uuid.UUID]registry.Member{}
			for _, m := range everyone(rt, p, registry.StaffFilter{Org: w.nation, Year: year, Limit: 100}) {
				listed[m.ID] = m
			}
			for _, id := range ids {
				own, err := w.store.Year(context.Background(), id, year)
				if err != nil {
					rt.Fatal(err)
				}
				if m, there := listed[id]; there && (m.Duty != own.Duty() || joined[id]) {
					rt.Fatalf("%d: %s, joined to another %v, is listed with %+v, own page says %+v", year, id, joined[id], m.Duty, own.Duty())
				} else if !there && year < 2026 && !joined[id] {
					rt.Fatalf("%d: %s is not listed", year, id)
				}
			}
			r, err := p.Roll(context.Background(), w.nation, year)
			var want registry.Tally
			for _, m := range listed {
				want.People++
				want.Counted, want.Required = want.Counted+m.Total(), want.Required+m.Required
				switch m.Standing() {
				case registry.DutyMet:
					want.Met++
				case registry.Begun:
					want.Begun++
				}
			}
			if err != nil || r.Tally != want {
				rt.Fatalf("%d: the roll says %+v, its people %+v, %v", year, r.Tally, want, err)
			}
		}
		w.do(rt, `DELETE FROM memberships WHERE person_id = ANY ($1)`, ids) // the next world begins without them
	})
}

func TestPagesOfStaffHoldEveryOneOnceInEveryOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 30 { // names and hours that are equal, so that the cursor must tell them apart
		id := w.hired(t, []string{"王伟", "李娜", "Wang Wei", "欧阳"}[i%4], w.employer, noon.AddDate(-1, 0, 0))
		if i%3 > 0 {
			w.enter(t, int64(i), id, 2026, "professional", []int{500, 7200}[i%2], nil)
		}
	}
	w.hired(t, "外人", w.school, noon.AddDate(-1, 0, 0))
	p := w.people()
	for _, sort := range []registry.StaffSort{registry.ByMissing, registry.ByName, registry.ByHours} {
		whole := everyone(t, p, registry.StaffFilter{Org: w.employer, Sort: sort, Limit: 100})
		if len(whole) != 31 {
			t.Fatalf("%s: %d people", sort, len(whole))
		}
		if byPages := everyone(t, p, registry.StaffFilter{Org: w.employer, Sort: sort, Limit: 4}); !slices.Equal(byPages, whole) {
			t.Errorf("%s: pages of four are %v, the whole is %v", sort, byPages, whole)
		}
		ordered := slices.IsSortedFunc(whole, func(a, b registry.Member) int {
			return map[registry.StaffSort]int{registry.ByMissing: int(b.Missing() - a.Missing()), registry.ByHours: int(b.Total() - a.Total())}[sort]
		})
		if !ordered {
			t.Errorf("%s: not in order: %v", sort, whole)
		}
	}
	for query, want := range map[string]int{"王": 8, "wang": 7, "G W": 7, "欧阳": 7, "%": 0, "王伟\x00": 8, "外": 0} {
		if got := everyone(t, p, registry.StaffFilter{Org: w.employer, Query: query, Limit: 100}); len(got) != want {
			t.Errorf("%q finds %d, want %d", query, len(got), want)
		}
	}
	counts := map[registry.Standing]int{}
	for _, s := range []registry.Standing{registry.DutyMet, registry.Begun, registry.NotBegun} {
		for _, m := range everyone(t, p, registry.StaffFilter{Org: w.employer, Standing: s, Limit: 100}) {
			if counts[s]++; m.Standing() != s {
				t.Errorf("%+v is listed as %s", m, s)
			}
		}
	}
	if counts[registry.DutyMet]+counts[registry.Begun]+counts[registry.NotBegun] != 31 || counts[registry.DutyMet] == 0 || counts[registry.Begun] == 0 {
		t.Errorf("by standing %v", counts)
	}
	_, err := p.Staff(t.Context(), registry.StaffFilter{Org: w.employer, Sort: registry.ByName, Cursor: *must(p.Staff(t.Context(), registry.StaffFilter{Org: w.employer, Limit: 1})).Next})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("a cursor of another order: %v", err)
	}
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

func TestWhoLeftStaysInTheYearsTheyWorkedThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `UPDATE memberships SET until = $2 WHERE person_id = $1`, w.person, noon.AddDate(0, -1, 0))
	w.exec(t, `INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', $4)`, uuid.New(), w.person, w.school, noon.AddDate(0, -1, 0))
	p := w.people()
	for year, at := range map[int][]uuid.UUID{2024: nil, 2025: {w.employer}, 2026: {w.school}, 2027: {w.school}} {
		for _, org := range []uuid.UUID{w.employer, w.school} {
			listed := len(everyone(t, p, registry.StaffFilter{Org: org, Year: year, Limit: 10})) == 1
			f, err := p.File(t.Context(), w.person, identity.Scope{Here: []uuid.UUID{org}}, year)
			if want := slices.Contains(at, org); listed != want || (err == nil) != want || want && !slices.Equal(f.Years, map[uuid.UUID][]int{w.employer: {2025}, w.school: {2026}}[org]) {
				t.Errorf("%d at the school %v: listed %v, opened %v, years %v", year, org == w.school, listed, err, f.Years)
			}
		}
	}
}

func TestAPersonsFileIsOpenedWithinTheScopeAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.registered(t, "professional", 3)
	p := w.people()
	for name, tc := range map[string]struct {
		scope identity.Scope
		sees  bool
	}{
		"the employer":                    {identity.Scope{Here: []uuid.UUID{w.employer}}, true},
		"another organisation":            {identity.Scope{Here: []uuid.UUID{w.school}}, false},
		"the department above":            {identity.Scope{Below: []uuid.UUID{w.province}}, true},
		"the department itself, not more": {identity.Scope{Here: []uuid.UUID{w.province}}, false},
		"a department beside":             {identity.Scope{Below: []uuid.UUID{w.school}}, false},
		"no scope":                        {identity.Scope{}, false},
		"everywhere":                      {identity.Scope{Everywhere: true}, true},
	} {
		f, err := p.File(t.Context(), w.person, tc.scope, 0)
		if tc.sees && (err != nil || f.Name != "李雷" || f.Org.ID != w.employer || f.Account.Total() != 300 || f.Duty != f.Account.Duty()) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
		if !tc.sees && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Hours of a course that two records were given count once, in the list as on
// the own page, and again when the first ones are taken back.
func TestWhoHasTwoRecordsIsListedOnceWithEveryCourseOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course := w.courses(t, 1)[0]
	other := w.hired(t, "李磊", w.school, noon.AddDate(-1, 0, 0))
	w.enter(t, 0, w.person, 2025, "professional", 300, nil, course)
	w.enter(t, 1, other, 2026, "professional", 400, nil, course)
	w.enter(t, 2, other, 2026, "public", 150, nil)
	w.merge(t, w.person, other)
	p := w.people()
	listed := func(want registry.Hours) {
		t.Helper()
		all := everyone(t, p, registry.StaffFilter{Org: w.nation, Limit: 10})
		if len(all) != 1 || all[0].ID != w.person || all[0].Name != "李雷" || all[0].Total() != want {
			t.Errorf("listed %+v, want one with %s", all, want)
		}
		for _, asked := range []uuid.UUID{w.person, other} {
			f, err := p.File(t.Context(), asked, identity.Scope{Here: []uuid.UUID{w.school}}, 0)
			if err != nil || f.ID != w.person || f.Name != "李雷" || f.Org.ID != w.school || f.Account.Total() != want || !slices.Equal(f.Years, []int{2026, 2025}) {
				t.Errorf("the school's file is %+v, %v", f, err)
			}
		}
	}
	listed(150)
	w.enter(t, 3, w.person, 2026, "professional", -300, new(int64(0)))
	listed(250) // 400 again, less the 300 that were taken back this year
	r, err := p.Roll(t.Context(), w.nation, 0)
	if err != nil || r.People != 1 || r.Counted != 250 {
		t.Errorf("roll %+v, %v", r, err)
	}
}

func TestARollHasALineForEachOrganisationDirectlyBelow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hired(t, "韩梅梅", w.employer, noon)
	w.hired(t, "林涛", w.province, noon)
	w.registered(t, "professional", 72)
	for org, want := range map[uuid.UUID]string{
		w.nation: "省厅 3/1", w.province: "工厂 2/1 省厅 1/0", w.employer: "工厂 2/1", w.school: "",
	} {
		r, err := w.people().Roll(t.Context(), org, 0)
		var got []string
		for _, l := range r.Below {
			got = append(got, fmt.Sprintf("%s %d/%d", l.Org.NameZh, l.People, l.Met))
		}
		if err != nil || r.Year != 2026 || strings.Join(got, " ") != want {
			t.Errorf("roll %q, want %q, %v", got, want, err)
		}
	}
	if _, err := w.people().Roll(t.Context(), uuid.New(), 0); fault.KindOf(err) != fault.NotFound {
		t.Errorf("of no organisation: %v", err)
	}
}

// A thousand people are one page's work: the plan reads tallies by their key, never the register.
func TestAThousandPeopleAreListedWithoutReadingTheRegister(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `INSERT INTO people (id, name, created_at) SELECT gen_random_uuid(), '员工' || i, now() FROM generate_series(1, 20000) i`)
	w.exec(t, `INSERT INTO memberships (id, person_id, org_id, role, since) SELECT gen_random_uuid(), id, CASE WHEN row_number() OVER () <= 1000 THEN $1::uuid ELSE $2::uuid END, 'professional', $3 FROM people WHERE name LIKE '员工%'`,
		w.employer, w.school, noon.AddDate(-1, 0, 0))
	w.exec(t, `INSERT INTO year_tallies (person_id, year, professional, public, public_standing) SELECT id, y, 100, 100, 100 FROM people, generate_series(2026, 2026) y WHERE name LIKE '员工%'`)
	w.exec(t, `ANALYZE`)
	start := time.Now()
	page, err := w.people().Staff(t.Context(), registry.StaffFilter{Org: w.employer, Limit: 100})
	if took := time.Since(start); err != nil || len(page.Items) != 100 || took > 2*time.Second {
		t.Errorf("%d people in %s, %v", len(page.Items), took, err)
	} else {
		t.Logf("1,000 of 20,000 people in %s", took)
	}
	rows, err := w.db.Pool().Query(t.Context(), `EXPLAIN `+registrydb.DutyOfStaff+` SELECT * FROM duty`, w.employer, 2026, noon, noon)
	if err != nil {
		t.Fatal(err)
	}
	plan := ""
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		plan += line + "\n"
	}
	if strings.Contains(plan, "ledger_entries") {
		t.Errorf("the plan is\n%s", plan)
	}
}

func TestPlantedHoursAreEnteredOnceForInventedPeopleAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	account := func(person uuid.UUID, email string) {
		w.exec(t, `INSERT INTO accounts (person_id, email, email_folded, password_hash, created_at, updated_at) VALUES ($1, $2, $2, 'x', now(), now())`, person, email)
	}
	account(w.person, "lilei@hourglass.example")
	e := registry.Planted{Person: w.person, Source: "old/1", Subject: registry.Public, Hours: 350, Title: registry.Text{Zh: "研修"}, Earned: time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC)}
	for range 2 {
		if err := w.store.Plant(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	// In Shanghai it was the new year already.
	if a := w.year(t, 2026); len(a.Entries) != 1 || a.Total() != 350 || a.Entries[0].Title.En != "研修" {
		t.Errorf("account %+v", a)
	}
	if _, err := w.store.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]func(*registry.Planted){
		"no source":      func(e *registry.Planted) { e.Source = "" },
		"no hours":       func(e *registry.Planted) { e.Hours = 0 },
		"no title":       func(e *registry.Planted) { e.Title = registry.Text{} },
		"not earned yet": func(e *registry.Planted) { e.Earned = noon.Add(time.Hour) },
	} {
		wrong := e
		wrong.Source = "old/2"
		bad(&wrong)
		if err := w.store.Plant(t.Context(), wrong); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, email := range []string{"", "han@hourglass.example.cn", "han.example@hourglass.cn", "han@example"} {
		e.Person, e.Source = uuid.New(), "old/3"
		w.exec(t, `INSERT INTO people (id, name, created_at) VALUES ($1, '韩梅梅', now())`, e.Person)
		if email != "" {
			account(e.Person, email)
		}
		if err := w.store.Plant(t.Context(), e); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%q was given hours: %v", email, err)
		}
	}
}

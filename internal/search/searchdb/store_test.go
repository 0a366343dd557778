package searchdb_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/search"
	"github.com/hourglass-lms/hourglass/internal/search/searchdb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

type world struct {
	db                              *pg.DB
	store                           *searchdb.Store
	province, other, factory, works uuid.UUID
}

// newWorld is two provinces, each with an employer.
func newWorld(t *testing.T) world {
	t.Helper()
	w := world{db: pgtest.New(t), province: uuid.New(), other: uuid.New(), factory: uuid.New(), works: uuid.New()}
	w.store = searchdb.New(w.db, func() time.Time { return noon })
	w.do(t, `INSERT INTO organisations (id, kind, level, name_zh, name_en, parent_id, lineage, created_at) VALUES
		($1, 'personnel_department', 'provincial', '岚江省人社厅', 'Lanjiang HR', NULL, ARRAY[$1::uuid], now()),
		($2, 'personnel_department', 'provincial', '外省人社厅', 'Other HR', NULL, ARRAY[$2::uuid], now()),
		($3, 'employer', NULL, '岚江精密仪器厂', 'Precision Instruments', $1, ARRAY[$3, $1::uuid], now()),
		($4, 'employer', NULL, '外省水务', 'Water Works', $2, ARRAY[$4, $2::uuid], now())`, w.province, w.other, w.factory, w.works)
	return w
}

func (w world) do(t rapid.TB, sql string, args ...any) {
	t.Helper()
	if _, err := w.db.Pool().Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (w world) person(t rapid.TB, name string, org uuid.UUID) uuid.UUID {
	t.Helper()
	id := uuid.New()
	w.do(t, `INSERT INTO people (id, name, created_at) VALUES ($1, $2, now())`, id, name)
	w.do(t, `INSERT INTO memberships (id, person_id, org_id, role, since) VALUES ($1, $2, $3, 'professional', $4)`, uuid.New(), id, org, noon.AddDate(-1, 0, 0))
	return id
}

func (w world) draft(t rapid.TB, title string, org, by uuid.UUID) {
	t.Helper()
	course := uuid.New()
	w.do(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, now())`, course, org, by)
	w.do(t, `INSERT INTO course_versions (id, course_id, number, state, subject, language, title_zh, created_at, updated_at) VALUES ($1, $2, 1, 'draft', 'public', 'zh', $3, now(), now())`, uuid.New(), course, title)
}

func (w world) find(t rapid.TB, q search.Query) search.Found {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 20
	}
	found, err := w.store.Find(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestPeopleAreFoundWithinTheScopeAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person(t, "王伟", w.factory)
	there := w.person(t, "王伟民", w.works)
	w.do(t, `UPDATE memberships SET until = $2 WHERE person_id = $1`, w.person(t, "王伟东", w.factory), noon.AddDate(0, -1, 0))
	w.draft(t, "王伟讲课", w.works, there)
	for name, tc := range map[string]struct {
		people identity.Scope
		drafts identity.Scope
		want   string
	}{
		"of nobody":                        {want: ""},
		"of one's own staff":               {people: identity.Scope{Here: []uuid.UUID{w.factory}}, want: "王伟"},
		"below one's department":           {people: identity.Scope{Below: []uuid.UUID{w.other}}, want: "王伟民"},
		"not at a department held here":    {people: identity.Scope{Here: []uuid.UUID{w.province}}, want: ""},
		"everywhere":                       {people: identity.Scope{Everywhere: true}, want: "王伟 王伟民"},
		"drafts of whom one writes for":    {drafts: identity.Scope{Here: []uuid.UUID{w.works}}, want: "王伟讲课"},
		"and no drafts of somebody else's": {drafts: identity.Scope{Here: []uuid.UUID{w.factory}}, want: ""},
	} {
		found := w.find(t, search.Query{Text: "王伟", People: tc.people, Drafts: tc.drafts})
		var got []string
		for _, p := range found.People {
			got = append(got, p.Name)
		}
		for _, d := range found.Drafts {
			got = append(got, d.Title.Zh)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s: found %q, want %q", name, got, tc.want)
		}
	}
}

func TestOrganisationsAreFoundInBothLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for text, want := range map[string]string{
		"": "", "岚江": "岚江省人社厅 岚江精密仪器厂", "精密": "岚江精密仪器厂", "precision": "岚江精密仪器厂", "W": "外省水务", "密仪器": "岚江精密仪器厂", "水仪": "", "%": "", "_": "", `\`: "",
	} {
		var got []string
		for _, o := range w.find(t, search.Query{Text: text}).Organisations {
			got = append(got, o.NameZh)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %v, want %q", text, got, want)
		}
	}
}

// The index by pairs finds exactly the names that hold what is asked for.
func TestPairsLoseNoName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names := []string{"王伟", "王小伟", "伟王", "阿依古丽·买买提", "Marta Lindqvist", "MARTA", "O'Brien", "李%雷", "a_b", `c\d`, "𠮷野家"}
	for _, n := range names {
		w.person(t, n, w.factory)
	}
	rapid.Check(t, func(rt *rapid.T) {
		runes := []rune(rapid.SampledFrom(names).Draw(rt, "name"))
		from := rapid.IntRange(0, len(runes)-1).Draw(rt, "from")
		to := rapid.IntRange(from+1, len(runes)).Draw(rt, "to")
		text := search.Tidy(string(runes[from:to]))
		if rapid.Bool().Draw(rt, "upper") {
			text = strings.ToUpper(text)
		}
		var want, got []string
		for _, n := range names {
			if text != "" && strings.Contains(strings.ToLower(n), strings.ToLower(text)) {
				want = append(want, n)
			}
		}
		for _, p := range w.find(rt, search.Query{Text: text, People: identity.Scope{Everywhere: true}}).People {
			got = append(got, p.Name)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			rt.Fatalf("%q finds %v, want %v", text, got, want)
		}
	})
}

func TestNoMoreIsFoundThanAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 30 {
		w.person(t, "李雷", w.factory)
	}
	for limit, want := range map[int]int{1: 1, 5: 5, 1000: 20} {
		if n := len(w.find(t, search.Query{Text: "李", People: identity.Scope{Everywhere: true}, Limit: limit}).People); n != want {
			t.Errorf("of %d asked for there are %d", limit, n)
		}
	}
}

package catalogdb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
)

func TestCoursesAreFoundInBothLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, title := range []catalog.Text{{Zh: "节水灌溉技术", En: "Drip irrigation techniques"}, {Zh: "灌区水利管理", En: "Managing the canals"}, {Zh: "网络安全", En: "Network security"}} {
		f := fields(title)
		f.FieldID = new("agriculture-protection") // its name is found too, and is in none of the titles
		w.decide(t, w.approval(w.submit(t, w.draftOf(t, w.school, f))))
	}
	w.draft(t, "节水草稿")
	for _, tc := range []struct{ name, query, want string }{
		{"nothing asked finds all, newest first", "", "网络安全 灌区水利管理 节水灌溉技术"},
		{"a Chinese word", "节水", "节水灌溉技术"},
		{"one Chinese character", "灌", "灌区水利管理 节水灌溉技术"},
		{"characters that are not neighbours are not a word", "水技", ""},
		{"an English word", "security", "网络安全"},
		{"another form of it", "irrigate manage ", ""},
		{"its stem", "technique ", "节水灌溉技术"},
		{"a word still being typed", "manag", "灌区水利管理"},
		{"full width and capitals", "ＤＲＩＰ", "节水灌溉技术"},
		{"both languages at once", "灌溉 drip", "节水灌溉技术"},
		{"the name of its field", "植物保护", "网络安全 灌区水利管理 节水灌溉技术"},
		{"the name of its provider", "college", "网络安全 灌区水利管理 节水灌溉技术"},
		{"stop words do not matter", "the irrigation", "节水灌溉技术"},
		{"operators are no operators", "drip & !security | (", ""},
		{"a quote is no quote", "drip'); DROP TABLE courses --", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found, err := w.store.Search(t.Context(), catalog.Filter{Query: catalog.ParseQuery(tc.query), Sort: "newest", Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, c := range found.Items {
				titles = append(titles, c.Title.Zh)
			}
			if got := strings.Join(titles, " "); got != tc.want || found.Total != len(titles) {
				t.Errorf("found %q of %d, want %q", got, found.Total, tc.want)
			}
		})
	}
}

func TestATitleIsMoreRelevantThanADescription(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := fields(catalog.Text{Zh: "农学"})
	f.Description.Zh = "讲授土壤"
	w.decide(t, w.approval(w.submit(t, w.draftOf(t, w.school, fields(catalog.Text{Zh: "土壤"})))))
	w.decide(t, w.approval(w.submit(t, w.draftOf(t, w.school, f))))
	found, err := w.store.Search(t.Context(), catalog.Filter{Query: catalog.ParseQuery("土壤"), Sort: "relevance", Limit: 10})
	if err != nil || len(found.Items) != 2 || found.Items[0].Title.Zh != "土壤" {
		t.Errorf("found %+v, %v", found.Items, err)
	}
}

func TestWhateverIsTypedIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.published(t, "节水")
	ask := func(text string) error {
		_, err := w.store.Search(t.Context(), catalog.Filter{Query: catalog.ParseQuery(text), Sort: "relevance", Limit: 1})
		return err
	}
	for _, text := range []string{strings.Repeat("㌖", 200), strings.Repeat("x", 5000), "\\", "'", "\x00", "\xff", "a\\'b"} {
		if err := ask(text); err != nil {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		if text := rapid.String().Draw(rt, "text"); ask(text) != nil {
			rt.Fatalf("%q: %v", text, ask(text))
		}
	})
}

// market is a catalogue of courses that differ in everything a filter asks for.
// Many share a key of the orders, so that pages end between equals.
func market(t *testing.T, courses int) world {
	t.Helper()
	w := newWorld(t)
	fieldIDs := []string{"agriculture", "agriculture-irrigation", "agriculture-protection", "information", "information-software", "energy-efficiency"}
	hours := []float64{0.25, 1, 1, 3.75, 4, 6, 8, 12, 30}
	titles := []string{"水土", "水", "Water", "water", "", strings.Repeat("水利工程", 10)}
	for i := range courses {
		f := fields(catalog.Text{Zh: titles[i%len(titles)], En: titles[(i+2)%len(titles)]})
		f.FieldID = &fieldIDs[i%len(fieldIDs)]
		provider := w.school
		switch i % 5 {
		case 0:
			provider = w.otherSchool
		case 1:
			provider, f.Subject = w.province, catalog.Public
			if i%2 == 0 {
				f.FieldID = nil
			}
		}
		course, version, language := uuid.New(), uuid.New(), []string{"zh", "zh", "en"}[i%3]
		vector := catalog.Vector(catalog.Version{Fields: f}.SearchWords(), nil)
		w.exec(t, `INSERT INTO courses (id, org_id, created_by, created_at) VALUES ($1, $2, $3, $4)`, course, provider, w.author, noon)
		w.exec(t, `INSERT INTO course_versions (id, course_id, number, state, subject, field_id, language, title_zh, title_en, hours, search, created_at, updated_at, published_at)
			VALUES ($1, $2, 1, 'published', $3, $4, $5, $6, $7, $8, $9::tsvector, $10, $10, $10)`,
			version, course, f.Subject, f.FieldID, language, f.Title.Zh, f.Title.En, hours[i%len(hours)], vector, noon.AddDate(0, 0, i/4))
	}
	w.draft(t, "水土草稿")
	w.exec(t, `UPDATE course_versions SET search = to_tsvector('simple', 'water') WHERE state = 'draft'`)
	return w
}

func drawFilter(t *rapid.T, w world) catalog.Filter {
	some := func(name string, from ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, 2, rapid.ID[string]).Draw(t, name)
	}
	f := catalog.Filter{
		Query:     catalog.ParseQuery(rapid.SampledFrom([]string{"", "", "水", "水土", "water", "wat", "none"}).Draw(t, "query")),
		Subjects:  some("subjects", "professional", "public"),
		Fields:    some("fields", "agriculture", "agriculture-irrigation", "information", "energy", "management", "alchemy"),
		Languages: some("languages", "zh", "en"),
		HoursMin:  rapid.SampledFrom([]float64{0, 0, 1, 4}).Draw(t, "from"),
		HoursMax:  rapid.SampledFrom([]float64{0, 0, 4, 12}).Draw(t, "to"),
		Sort:      rapid.SampledFrom([]string{"relevance", "newest", "hours", "-hours", "title", ""}).Draw(t, "sort"),
		Limit:     100,
	}
	if rapid.IntRange(0, 3).Draw(t, "one institution") == 0 {
		f.Institutions = []uuid.UUID{rapid.SampledFrom([]uuid.UUID{w.school, w.otherSchool, w.province, w.nation}).Draw(t, "institution")}
	}
	return f
}

// chosen is the filter with the facet's value in place of what its group had.
func chosen(t rapid.TB, f catalog.Filter, x catalog.Facet) catalog.Filter {
	switch x.Group {
	case "subject":
		f.Subjects = []string{x.Value}
	case "field":
		f.Fields = []string{x.Value}
	case "institution":
		f.Institutions = []uuid.UUID{uuid.MustParse(x.Value)}
	case "language":
		f.Languages = []string{x.Value}
	case "hours":
		low, high := 0.0, 0.0
		if n, err := fmt.Sscanf(x.Value, "%g-%g", &low, &high); n == 0 {
			t.Fatalf("%s is no band of hours: %v", x.Value, err)
		}
		f.HoursMin, f.HoursMax = low, high
	default:
		t.Fatalf("%s is no group", x.Group)
	}
	return f
}

func TestAFacetCountsWhatItsFilterThenFinds(t *testing.T) {
	t.Parallel()
	w := market(t, 24)
	rapid.Check(t, func(rt *rapid.T) {
		f := drawFilter(rt, w)
		found, err := w.store.Search(t.Context(), f)
		if err != nil {
			rt.Fatal(err)
		}
		if found.Total != len(found.Items) {
			rt.Fatalf("%d courses are %d", found.Total, len(found.Items))
		}
		if len(found.Facets) == 0 {
			return
		}
		x := rapid.SampledFrom(found.Facets).Draw(rt, "facet")
		then, err := w.store.Search(t.Context(), chosen(rt, f, x))
		if err != nil || then.Total != x.Count || then.Total == 0 {
			rt.Fatalf("%s %s counts %d and finds %d, %v", x.Group, x.Value, x.Count, then.Total, err)
		}
	})
}

func TestPagesOfTheCatalogueNeitherLoseNorRepeat(t *testing.T) {
	t.Parallel()
	w := market(t, 24)
	rapid.Check(t, func(rt *rapid.T) {
		f := drawFilter(rt, w)
		whole, err := w.store.Search(t.Context(), f)
		if err != nil || whole.Next != nil {
			rt.Fatalf("%v, %v", whole.Next, err)
		}
		want := ids(whole.Items)
		f.Limit = rapid.IntRange(4, 12).Draw(rt, "limit")
		got := pages(rt, func(cursor string) ([]uuid.UUID, *string, error) {
			f.Cursor = cursor
			found, err := w.store.Search(t.Context(), f)
			return ids(found.Items), found.Next, err
		})
		if !slices.Equal(got, want) {
			rt.Fatalf("by %d: %d courses %v, want %d %v", f.Limit, len(got), got, len(want), want)
		}
	})
}

func ids(cards []catalog.Card) (out []uuid.UUID) {
	for _, c := range cards {
		out = append(out, c.ID)
	}
	return out
}

func TestCoursesComeInTheOrderAskedFor(t *testing.T) {
	t.Parallel()
	w := market(t, 24)
	for sort, inOrder := range map[string]func(a, b catalog.Card) bool{
		"newest":  func(a, b catalog.Card) bool { return !a.PublishedAt.Before(b.PublishedAt) },
		"hours":   func(a, b catalog.Card) bool { return a.Hours <= b.Hours },
		"-hours":  func(a, b catalog.Card) bool { return a.Hours >= b.Hours },
		"unknown": func(a, b catalog.Card) bool { return !a.PublishedAt.Before(b.PublishedAt) },
	} {
		found, err := w.store.Search(t.Context(), catalog.Filter{Sort: sort, Limit: 100})
		if err != nil || len(found.Items) != 24 {
			t.Fatalf("%s: %d courses, %v", sort, len(found.Items), err)
		}
		for i := range found.Items[1:] {
			if !inOrder(found.Items[i], found.Items[i+1]) {
				t.Errorf("%s: course %d comes before %d", sort, i, i+1)
			}
		}
	}
}

func TestTitlesComeByPinyin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, title := range []string{"植物保护", "安全生产", "Python", "节水灌溉", "水利"} {
		w.published(t, title)
	}
	found, err := w.store.Search(t.Context(), catalog.Filter{Sort: "title", Limit: 10})
	var got []string
	for _, c := range found.Items {
		got = append(got, c.Title.Zh)
	}
	if want := "安全生产 节水灌溉 水利 植物保护 Python"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("titles %v, want %s, %v", got, want, err)
	}
}

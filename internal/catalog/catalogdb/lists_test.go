package catalogdb_test

import (
	"encoding/base64"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/catalog"
	"github.com/hourglass-lms/hourglass/internal/fault"
)

// pages reads a list to its end, page by page, and fails if one item comes twice.
func pages(t rapid.TB, read func(cursor string) (items []uuid.UUID, next *string, err error)) (all []uuid.UUID) {
	t.Helper()
	cursor := ""
	for {
		items, next, err := read(cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range items {
			if slices.Contains(all, id) {
				t.Fatalf("%s comes twice", id)
			}
			all = append(all, id)
		}
		if next == nil {
			return all
		}
		if len(items) == 0 {
			t.Fatalf("an empty page has a next one")
		}
		cursor = *next
	}
}

func TestDraftsAreListedForTheirOwnOrganisationsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var mine []uuid.UUID
	for _, title := range []string{"甲", "乙", "丙", "丁", "戊"} {
		mine = append(mine, w.draft(t, title))
	}
	theirs := w.draftOf(t, w.otherSchool, fields(catalog.Text{Zh: "外"}))
	w.submit(t, mine[1])
	list := func(state string, limit int, orgs ...uuid.UUID) []uuid.UUID {
		return pages(t, func(cursor string) (ids []uuid.UUID, next *string, err error) {
			items, next, err := w.store.ListDrafts(t.Context(), catalog.DraftFilter{Orgs: orgs, State: state, Limit: limit, Cursor: cursor})
			for _, v := range items {
				ids = append(ids, v.CourseID)
			}
			return ids, next, err
		})
	}
	want := []uuid.UUID{mine[1], mine[4], mine[3], mine[2], mine[0]} // submitting is a change
	for limit := 1; limit <= 6; limit++ {
		if got := list("all", limit, w.school); !slices.Equal(got, want) {
			t.Errorf("by %d: %v, want %v", limit, got, want)
		}
	}
	w.exec(t, `UPDATE course_versions SET updated_at = $1`, noon)
	if got := list("", 2, w.school); len(got) != 5 {
		t.Errorf("changed at one moment: %d of 5 courses", len(got))
	}
	if got := list("submitted", 0, w.school); !slices.Equal(got, mine[1:2]) {
		t.Errorf("submitted: %v", got)
	}
	if got := list("", 100, w.otherSchool); !slices.Equal(got, []uuid.UUID{theirs}) {
		t.Errorf("another school's: %v", got)
	}
	if got := list("", 100); len(got) != 0 {
		t.Errorf("of no organisation: %v", got)
	}
}

func TestAListOfDraftsShowsTheNewestVersionOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	course := w.published(t, "甲")
	if err := w.store.NewVersion(t.Context(), course); err != nil {
		t.Fatal(err)
	}
	items, _, err := w.store.ListDrafts(t.Context(), catalog.DraftFilter{Orgs: []uuid.UUID{w.school}, Limit: 10})
	if err != nil || len(items) != 1 || items[0].Version != 2 || !items[0].Published {
		t.Errorf("drafts %+v, %v", items, err)
	}
}

func TestAnOfficersQueueIsOfTheirJurisdictionOldestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var mine []uuid.UUID
	for _, title := range []string{"甲", "乙", "丙", "丁"} {
		mine = append(mine, w.submit(t, w.draft(t, title)))
	}
	f := fields(catalog.Text{Zh: "公需"})
	f.Subject = catalog.Public
	mine = append(mine, w.submit(t, w.draftOf(t, w.province, f)))
	theirs := w.submit(t, w.draftOf(t, w.otherSchool, fields(catalog.Text{Zh: "外"})))
	w.draft(t, "草稿")
	queue := func(state, subject string, limit, wantWaiting int, depts ...uuid.UUID) []uuid.UUID {
		return pages(t, func(cursor string) (ids []uuid.UUID, next *string, err error) {
			items, next, waiting, err := w.store.ListReviews(t.Context(), catalog.ReviewFilter{Depts: depts, State: state, Subject: subject, Limit: limit, Cursor: cursor})
			if waiting != wantWaiting {
				t.Errorf("%d wait, want %d", waiting, wantWaiting)
			}
			for _, v := range items {
				ids = append(ids, v.VersionID)
			}
			return ids, next, err
		})
	}
	for limit := 1; limit <= 6; limit++ {
		if got := queue("submitted", "", limit, 5, w.province); !slices.Equal(got, mine) {
			t.Errorf("by %d: %v, want %v", limit, got, mine)
		}
	}
	if got := queue("submitted", "public", 9, 5, w.province); !slices.Equal(got, mine[4:]) {
		t.Errorf("public subjects: %v", got)
	}
	if got := queue("submitted", "", 9, 6, w.nation); !slices.Equal(got, append(slices.Clone(mine), theirs)) {
		t.Errorf("of the nation: %v", got)
	}
	if got := queue("submitted", "", 9, 0); len(got) != 0 {
		t.Errorf("of no department: %v", got)
	}
	w.decide(t, w.approval(mine[0]))
	w.decide(t, catalog.Decision{Version: mine[1], By: w.officer, Depts: []uuid.UUID{w.province}, Reason: "不"})
	if got := queue("published", "", 9, 3, w.province); !slices.Equal(got, mine[:1]) {
		t.Errorf("published: %v", got)
	}
	if got := queue("returned", "", 9, 3, w.province); !slices.Equal(got, mine[1:2]) {
		t.Errorf("returned: %v", got)
	}
}

func TestACursorThatIsNotOfThisListIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.published(t, "甲")
	w.published(t, "乙")
	search := func(sort, cursor string) error {
		_, err := w.store.Search(t.Context(), catalog.Filter{Query: catalog.ParseQuery("课"), Sort: sort, Limit: 1, Cursor: cursor})
		return err
	}
	sorts := []string{"relevance", "newest", "hours", "-hours", "title"}
	for _, sort := range sorts {
		found, err := w.store.Search(t.Context(), catalog.Filter{Query: catalog.ParseQuery("课"), Sort: sort, Limit: 1})
		if err != nil || found.Next == nil {
			t.Fatalf("%s: %+v, %v", sort, found, err)
		}
		for _, other := range sorts {
			if err := search(other, *found.Next); (fault.KindOf(err) == fault.Invalid) != (other != sort) || (err == nil) != (other == sort) {
				t.Errorf("a cursor of %s in %s: %v", sort, other, err)
			}
		}
		_, _, drafts := w.store.ListDrafts(t.Context(), catalog.DraftFilter{Orgs: []uuid.UUID{w.school}, Cursor: *found.Next})
		_, _, _, reviews := w.store.ListReviews(t.Context(), catalog.ReviewFilter{Depts: []uuid.UUID{w.nation}, State: "submitted", Cursor: *found.Next})
		refused(t, drafts, fault.Invalid, "")
		refused(t, reviews, fault.Invalid, "")
	}
	codes := map[string]byte{"relevance": 'r', "newest": 'n', "hours": 'h', "-hours": 'H', "title": 't'}
	rapid.Check(t, func(rt *rapid.T) {
		sort := rapid.SampledFrom(sorts).Draw(rt, "sort")
		key := rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 8, 8), rapid.SliceOfN(rapid.Byte(), 0, 30), rapid.Map(rapid.String(), func(s string) []byte { return []byte(s) })).Draw(rt, "key")
		data := slices.Concat([]byte{codes[sort]}, rapid.SliceOfN(rapid.Byte(), 15, 16).Draw(rt, "id"), key)
		cursor := base64.RawURLEncoding.EncodeToString(data)
		if err := search(sort, cursor); err != nil && fault.KindOf(err) != fault.Invalid {
			rt.Fatalf("%q in %s: %v", cursor, sort, err)
		}
	})
	for _, cursor := range []string{"!", "r", "AAAA", string([]byte{0xff}), base64.StdEncoding.EncodeToString(make([]byte, 25))} {
		for _, sort := range sorts {
			refused(t, search(sort, cursor), fault.Invalid, "")
		}
	}
}

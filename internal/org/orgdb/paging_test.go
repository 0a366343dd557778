package orgdb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
)

func TestPagesOfAnySizeAndSearchHoldEveryOneOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	city := w.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Municipal, NameZh: "市局", ParentID: &w.province.ID})
	for i := range 12 { // names that are equal, so that the cursor must tell them apart
		name := fmt.Sprintf("第%d中学", i%6)
		w.made(t, org.New{Kind: org.TeachingInstitution, NameZh: name, NameEn: fmt.Sprintf("School %d", i%3), ParentID: []*uuid.UUID{&w.province.ID, &city.ID}[i/6]})
	}
	all, err := w.store.List(t.Context(), org.Filter{Limit: 100})
	if err != nil || len(all.Items) != 15 {
		t.Fatalf("all %+v, %v", all, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := org.Filter{
			Limit: rapid.IntRange(1, 20).Draw(t, "limit"),
			Query: rapid.SampledFrom([]string{"", "中学", "第3", "school", "SCHOOL 1", "局", "无"}).Draw(t, "query"),
			Kind:  rapid.SampledFrom([]org.Kind{"", org.TeachingInstitution, org.Employer}).Draw(t, "kind"),
		}
		want := slices.DeleteFunc(slices.Clone(all.Items), func(o org.Ref) bool {
			names := strings.ToLower(o.NameZh + "\n" + o.NameEn)
			return !strings.Contains(names, strings.ToLower(f.Query)) || (f.Kind != "" && o.Kind != f.Kind)
		})
		var got []org.Ref
		for {
			page, err := w.store.List(context.Background(), f)
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Items) > f.Limit || (page.NextCursor != nil && len(page.Items) < f.Limit) {
				t.Fatalf("a page of %d holds %d, and more follows: %v", f.Limit, len(page.Items), page.NextCursor != nil)
			}
			if got = append(got, page.Items...); page.NextCursor == nil {
				break
			}
			f.Cursor = *page.NextCursor
		}
		if !slices.Equal(got, want) {
			t.Fatalf("pages hold %v, want %v", got, want)
		}
	})
}

func TestWhatAppearsWhilePagingMovesNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"b", "d", "f", "h"} {
		w.made(t, org.New{Kind: org.Employer, NameZh: "x" + name, ParentID: &w.province.ID})
	}
	f := org.Filter{Query: "x", Limit: 2}
	first, err := w.store.List(t.Context(), f)
	if err != nil || first.NextCursor == nil {
		t.Fatalf("%+v, %v", first, err)
	}
	for _, name := range []string{"a", "c", "e"} {
		w.made(t, org.New{Kind: org.Employer, NameZh: "x" + name, ParentID: &w.province.ID})
	}
	f.Cursor, f.Limit = *first.NextCursor, 100
	rest, err := w.store.List(t.Context(), f)
	var names []string
	for _, o := range append(first.Items, rest.Items...) {
		names = append(names, o.NameZh)
	}
	if want := []string{"xb", "xd", "xe", "xf", "xh"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("read %v, want %v: %v", names, want, err)
	}
}

func TestOneNameStandsTwiceBelowTwoParentsAndNotBelowOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	city := w.made(t, org.New{Kind: org.PersonnelDepartment, Level: org.Municipal, NameZh: "市局", ParentID: &w.province.ID})
	again := org.New{Kind: org.Employer, NameZh: "工厂"}
	for _, tc := range []struct {
		name   string
		change func(*org.New)
		taken  bool
	}{
		{"below another parent", func(n *org.New) { n.ParentID = &city.ID }, false},
		{"below another parent again", func(n *org.New) { n.ParentID = &city.ID }, true},
		{"below the same parent", func(n *org.New) { n.ParentID = &w.province.ID }, true},
		{"of another kind", func(n *org.New) { n.ParentID, n.Kind = &w.province.ID, org.Association }, false},
		{"a second root", func(n *org.New) { n.Kind, n.Level, n.NameZh = org.PersonnelDepartment, org.Provincial, "省厅" }, true},
	} {
		n := again
		tc.change(&n)
		_, err := w.store.CreateOrganisation(t.Context(), n)
		if (err != nil) != tc.taken || (tc.taken && fault.KindOf(err) != fault.Conflict) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

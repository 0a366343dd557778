package org_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// code is an error's own name, or its kind's.
func code(err error) string {
	if e, ok := fault.Of(err); ok && e.Code != "" {
		return e.Code
	}
	if err == nil {
		return ""
	}
	return fault.KindOf(err).String()
}

func TestWhereAnOrganisationMayMove(t *testing.T) {
	t.Parallel()
	nation := made(t, nil, org.PersonnelDepartment, org.National)
	province := made(t, nation, org.PersonnelDepartment, org.Provincial)
	other := made(t, nation, org.PersonnelDepartment, org.Provincial)
	city := made(t, province, org.PersonnelDepartment, org.Municipal)
	county := made(t, city, org.PersonnelDepartment, org.County)
	works := made(t, city, org.Employer, "")
	industry := made(t, province, org.IndustryDepartment, "")
	closed := made(t, nation, org.PersonnelDepartment, org.Provincial)
	closed.ClosedAt = &noon
	for _, tc := range []struct {
		name    string
		o, to   *org.Organisation
		refused string
	}{
		{"a city below another province", city, other, ""},
		{"an employer below a county", works, county, ""},
		{"an employer below an industry's department", works, industry, ""},
		{"where it stands already", city, province, ""},
		{"a city below its own county", city, county, "below-itself"},
		{"a province below itself", province, province, "below-itself"},
		{"a province below its city's industry department", province, industry, "below-itself"},
		{"a province below a province", province, other, "invalid"},
		{"a city below an industry's department", city, industry, "invalid"},
		{"a county below an employer", county, works, "invalid"},
		{"an employer below one that is closed", works, closed, "invalid"},
		{"one that is closed", closed, province, "organisation-closed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := tc.o.MayStandBelow(*tc.to); code(err) != tc.refused {
				t.Errorf("answered %v", err)
			}
		})
	}
}

func TestALineageAfterAMoveIsThatOfOneMadeThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		chain := func(name string) []uuid.UUID {
			out := make([]uuid.UUID, rapid.IntRange(0, 4).Draw(rt, name))
			for i := range out {
				out[i] = uuid.New()
			}
			return out
		}
		moved, below, old, parent := uuid.New(), chain("below"), chain("old"), append(chain("new"), uuid.New())
		lineage := slices.Concat(below, []uuid.UUID{moved}, old)
		before := slices.Clone(lineage)
		if got, want := org.Moved(lineage, moved, parent), slices.Concat(below, []uuid.UUID{moved}, parent); !slices.Equal(got, want) {
			rt.Fatalf("%v, want %v", got, want)
		}
		if !slices.Equal(lineage, before) {
			rt.Fatal("the old lineage was written into")
		}
	})
}

func TestWhatMayCloseAndMerge(t *testing.T) {
	t.Parallel()
	province := made(t, nil, org.PersonnelDepartment, org.Provincial)
	city := made(t, province, org.PersonnelDepartment, org.Municipal)
	a, b := made(t, province, org.Employer, ""), made(t, city, org.Employer, "")
	school := made(t, province, org.TeachingInstitution, "")
	gone := made(t, province, org.Employer, "")
	gone.ClosedAt = &noon
	for _, tc := range []struct {
		name    string
		err     error
		refused string
	}{
		{"an employer into another", a.MayMergeInto(*b), ""},
		{"an employer into itself", a.MayMergeInto(*a), "invalid"},
		{"an employer into a school", a.MayMergeInto(*school), "invalid"},
		{"an employer into one that has ended", a.MayMergeInto(*gone), "invalid"},
		{"one that has ended", gone.MayMergeInto(*a), "organisation-closed"},
		{"a department", city.MayMergeInto(*province), "department"},
		{"closing an employer", a.MayClose(0), ""},
		{"closing what others stand below", city.MayClose(1), "not-empty"},
		{"closing twice", gone.MayClose(0), "organisation-closed"},
	} {
		if code(tc.err) != tc.refused {
			t.Errorf("%s: %v", tc.name, tc.err)
		}
	}
}

func TestWhatAnOrganisationMayBecome(t *testing.T) {
	t.Parallel()
	province := made(t, nil, org.PersonnelDepartment, org.Provincial)
	works := made(t, province, org.Employer, "")
	for _, tc := range []struct {
		name    string
		o       *org.Organisation
		change  org.Change
		refused string
	}{
		{"nothing of it", works, org.Change{}, ""},
		{"another name, tidied", works, org.Change{NameZh: new("  新厂 "), NameEn: new("New Works")}, ""},
		{"a name with an emoji", works, org.Change{NameZh: new("新厂🏭")}, ""},
		{"a name of 200 characters", works, org.Change{NameZh: new(strings.Repeat("厂", 200))}, ""},
		{"a name of 201 characters", works, org.Change{NameZh: new(strings.Repeat("厂", 201))}, "name_zh"},
		{"a name with a right-to-left mark", works, org.Change{NameEn: new("Works\u200f")}, "name_en"},
		{"a name of nothing", works, org.Change{NameZh: new(" ")}, "name_zh"},
		{"an owner", works, org.Change{Ownership: new(org.SocialOrganisation)}, ""},
		{"an owner nobody knows", works, org.Change{Ownership: new(org.Ownership("king"))}, "ownership"},
		{"an owner of a department", province, org.Change{Ownership: new(org.Private)}, "ownership"},
		{"a time zone nobody knows", works, org.Change{TimeZone: new("Asia/Atlantis")}, "time_zone"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := tc.o.Changed(tc.change); places(err) != tc.refused {
				t.Errorf("answered %v", err)
			}
		})
	}
	changed, _ := works.Changed(org.Change{NameZh: new("  新厂 ")})
	if changed.NameZh != "新厂" || changed.ID != works.ID || changed.TimeZone != works.TimeZone {
		t.Errorf("became %+v", changed)
	}
}

func TestWhenARoleEnds(t *testing.T) {
	t.Parallel()
	now := noon
	m := org.Membership{Since: now.Add(-time.Hour)}
	ended := m
	ended.Until = &now
	for _, tc := range []struct {
		name    string
		m       org.Membership
		at      *time.Time
		refused string
	}{
		{"now", m, nil, ""},
		{"half an hour ago", m, new(now.Add(-time.Minute)), ""},
		{"before it began", m, new(now.Add(-2 * time.Hour)), "until"},
		{"tomorrow", m, new(now.Add(time.Second)), "until"},
		{"a second time", ended, nil, "already-ended"},
	} {
		end, err := tc.m.End(org.Ending{At: tc.at}, now)
		if places(err)+strings.TrimPrefix(code(err), "invalid") != tc.refused {
			t.Errorf("%s: %v", tc.name, err)
		}
		if err == nil && (end.After(now) || !end.After(tc.m.Since)) {
			t.Errorf("%s: it ends at %v", tc.name, end)
		}
	}
	if end, err := (org.Membership{Since: now}).End(org.Ending{}, now); err != nil || !end.After(now) {
		t.Errorf("in the moment it began: %v, %v", end, err)
	}
}

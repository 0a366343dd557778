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

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.FixedZone("CST", 8*3600))

// below is a New that stands below a parent.
func below(parent *org.Organisation, kind org.Kind, level org.Level) org.New {
	n := org.New{Kind: kind, Level: level, NameZh: "单位"}
	if parent != nil {
		n.ParentID = &parent.ID
	}
	return n
}

func made(t *testing.T, parent *org.Organisation, kind org.Kind, level org.Level) *org.Organisation {
	t.Helper()
	o, err := org.Make(uuid.New(), below(parent, kind, level), parent, noon)
	if err != nil {
		t.Fatal(err)
	}
	return &o
}

// places are the fields an error names.
func places(err error) string {
	var out []string
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path)
	}
	return strings.Join(out, " ")
}

func TestWhoMayStandBelowWhom(t *testing.T) {
	t.Parallel()
	province := made(t, nil, org.PersonnelDepartment, org.Provincial)
	industry := made(t, nil, org.IndustryDepartment, "")
	school := made(t, province, org.TeachingInstitution, "")
	for _, tc := range []struct {
		name   string
		parent *org.Organisation
		kind   org.Kind
		level  org.Level
		want   string
	}{
		{"a nation's department stands alone", nil, org.PersonnelDepartment, org.National, ""},
		{"a county's may stand alone", nil, org.PersonnelDepartment, org.County, ""},
		{"an industry's department stands alone", nil, org.IndustryDepartment, "", ""},
		{"a school does not stand alone", nil, org.TeachingInstitution, "", "parent_id"},
		{"an employer does not stand alone", nil, org.Employer, "", "parent_id"},
		{"an association does not stand alone", nil, org.Association, "", "parent_id"},
		{"a city's department stands below a province's", province, org.PersonnelDepartment, org.Municipal, ""},
		{"a level may be left out", province, org.PersonnelDepartment, org.County, ""},
		{"a province's does not stand below a province's", province, org.PersonnelDepartment, org.Provincial, "parent_id"},
		{"a nation's does not stand below a province's", province, org.PersonnelDepartment, org.National, "parent_id"},
		{"a personnel department does not stand below an industry's", industry, org.PersonnelDepartment, org.County, "parent_id"},
		{"an industry's department stands below a personnel department", province, org.IndustryDepartment, "", ""},
		{"an industry's department stands below an industry's", industry, org.IndustryDepartment, "", ""},
		{"a school stands below an industry's department", industry, org.TeachingInstitution, "", ""},
		{"an employer stands below a province's department", province, org.Employer, "", ""},
		{"nobody stands below a school", school, org.Employer, "", "parent_id"},
		{"a department neither", school, org.PersonnelDepartment, org.County, "parent_id"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, err := org.Make(uuid.New(), below(tc.parent, tc.kind, tc.level), tc.parent, noon)
			if places(err) != tc.want || (err == nil) != (tc.want == "") {
				t.Errorf("made %+v, %v", o, err)
			}
		})
	}
}

func TestWhatAnOrganisationMustSayOfItself(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*org.New)
		want   string
	}{
		{"a kind nobody knows", func(n *org.New) { n.Kind, n.Level = "club", "" }, "kind parent_id"},
		{"a personnel department without a level", func(n *org.New) { n.Level = "" }, "level"},
		{"a level nobody knows", func(n *org.New) { n.Level = "village" }, "level"},
		{"a level of an industry's department", func(n *org.New) { n.Kind = org.IndustryDepartment }, "level"},
		{"no Chinese name", func(n *org.New) { n.NameZh = " \t\u3000" }, "name_zh"},
		{"a name of 200 characters", func(n *org.New) { n.NameZh = strings.Repeat("厅", 200) }, ""},
		{"a name of 201 characters", func(n *org.New) { n.NameZh = strings.Repeat("厅", 201) }, "name_zh"},
		{"an English name of 201 characters", func(n *org.New) { n.NameEn = strings.Repeat("a", 201) }, "name_en"},
		{"a name that turns the direction of writing", func(n *org.New) { n.NameZh = "省\u202e厅" }, "name_zh"},
		{"a name with a blank nobody sees", func(n *org.New) { n.NameZh = "省\u200b厅" }, "name_zh"},
		{"a name with a zero byte", func(n *org.New) { n.NameEn = "a\x00b" }, "name_en"},
		{"a name of broken text", func(n *org.New) { n.NameZh = "\xff" }, "name_zh"},
		{"a time zone of ours", func(n *org.New) { n.TimeZone = "Asia/Urumqi" }, ""},
		{"a time zone nobody knows", func(n *org.New) { n.TimeZone = "Asia/Atlantis" }, "time_zone"},
		{"the server's own time zone", func(n *org.New) { n.TimeZone = "Local" }, "time_zone"},
		{"a path for a time zone", func(n *org.New) { n.TimeZone = "../../etc/passwd" }, "time_zone"},
		{"all of it at once", func(n *org.New) { *n = org.New{Kind: "club", TimeZone: "x"} }, "kind name_zh time_zone parent_id"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := org.New{Kind: org.PersonnelDepartment, Level: org.Provincial, NameZh: "省厅"}
			tc.change(&n)
			_, err := org.Make(uuid.New(), n, nil, noon)
			if places(err) != tc.want || (err == nil) != (tc.want == "") {
				t.Errorf("it names %q, want %q: %v", places(err), tc.want, err)
			}
		})
	}
}

func TestAnOrganisationIsTidiedAndTimed(t *testing.T) {
	t.Parallel()
	o, err := org.Make(uuid.New(), org.New{Kind: org.IndustryDepartment, NameZh: " 省\u3000 卫健委\n", NameEn: "Cafe\u0301  Board"}, nil, noon)
	if err != nil || o.NameZh != "省 卫健委" || o.NameEn != "Caf\u00e9 Board" || o.TimeZone != "Asia/Shanghai" || o.Created.Location() != time.UTC || !o.Created.Equal(noon) {
		t.Errorf("made %+v, %v", o, err)
	}
}

func TestALineageIsItselfAndEverybodyAbove(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var parent *org.Organisation
		for _, level := range []org.Level{org.National, org.Provincial, org.Municipal, org.County} {
			if !rapid.Bool().Draw(rt, string(level)) {
				continue
			}
			o := made(t, parent, org.PersonnelDepartment, level)
			want := []uuid.UUID{o.ID}
			if parent != nil {
				want = append(want, parent.Lineage...)
			}
			if !slices.Equal(o.Lineage, want) {
				rt.Fatalf("lineage %v, want %v", o.Lineage, want)
			}
			parent = o
		}
		if parent == nil {
			return
		}
		a, b := made(t, parent, org.Employer, ""), made(t, parent, org.Employer, "")
		if !slices.Equal(a.Lineage[1:], parent.Lineage) || !slices.Equal(b.Lineage[1:], parent.Lineage) || a.Lineage[0] != a.ID {
			rt.Fatalf("siblings share their lineage: %v and %v", a.Lineage, b.Lineage)
		}
	})
}

func TestTheLevelsStandInOneOrder(t *testing.T) {
	t.Parallel()
	order := []org.Level{org.National, org.Provincial, org.Municipal, org.County}
	for i, a := range order {
		for j, b := range order {
			if a.Above(b) != (i < j) {
				t.Errorf("%s above %s: %v", a, b, a.Above(b))
			}
		}
	}
}

func TestARoleFitsTheKindOfItsOrganisation(t *testing.T) {
	t.Parallel()
	kinds := []org.Kind{org.PersonnelDepartment, org.IndustryDepartment, org.TeachingInstitution, org.Employer, org.Association}
	may := map[org.Role][]org.Kind{
		org.Professional:       kinds,
		org.Instructor:         {org.TeachingInstitution, org.Association},
		org.InstitutionManager: {org.TeachingInstitution, org.Association},
		org.DepartmentOfficer:  {org.PersonnelDepartment, org.IndustryDepartment},
		org.EmployerOfficer:    {org.Employer},
		org.Auditor:            {org.PersonnelDepartment, org.IndustryDepartment},
	}
	for _, r := range append(slices.Clone(org.Roles), "king", "") {
		for _, k := range append(slices.Clone(kinds), "club") {
			err := org.CheckRole(r, k)
			if fits := slices.Contains(may[r], k); (err == nil) != fits || (!fits && places(err) != "role") {
				t.Errorf("%q in %q: %v", r, k, err)
			}
		}
	}
}

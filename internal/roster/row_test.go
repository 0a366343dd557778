package roster_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/roster"
)

var today = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

func judge(kind org.Kind) *roster.Judge {
	return &roster.Judge{Columns: roster.Recognise([]string{"姓名", "邮箱", "工号", "部门", "职务", "角色", "分组", "入职日期", "单位"}),
		Org: org.Ref{Kind: kind, NameZh: "清源水务", NameEn: "Qingyuan Water"}, Today: today}
}

// codes are what is wrong, as "field:code".
func codes(r roster.Row) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, string(p.Field)+":"+p.Code)
	}
	return strings.Join(out, " ")
}

func TestEveryProblemOfARowIsNamed(t *testing.T) {
	t.Parallel()
	cells := func(change map[int]string) []string {
		c := []string{"李雷", "li@example.cn", "", "", "", "", "", "", ""}
		for i, s := range change {
			c[i] = s
		}
		return c
	}
	for _, tc := range []struct {
		name   string
		change map[int]string
		want   string
	}{
		{"nothing is wrong", nil, ""},
		{"no name", map[int]string{0: " \u3000"}, "name:name-missing"},
		{"a name of 100 characters", map[int]string{0: strings.Repeat("李", 100)}, ""},
		{"a name of 200 characters", map[int]string{0: strings.Repeat("李", 200)}, "name:name-long"},
		{"a name with emoji", map[int]string{0: "李雷🎉"}, ""},
		{"a name that is only emoji", map[int]string{0: "🎉"}, "name:name-missing"},
		{"a name with a right-to-left mark", map[int]string{0: "李\u202e雷"}, "name:name-marks"},
		{"no mail", map[int]string{1: ""}, "email:mail-missing"},
		{"a mail that is none", map[int]string{1: "li at example"}, "email:mail-bad"},
		{"a mail in capitals", map[int]string{1: "LI@Example.CN"}, "email:mail-read-as"},
		{"a mail outside ASCII", map[int]string{1: "li@例子.cn"}, "email:mail-read-as"},
		{"a mail in punycode", map[int]string{1: "li@xn--fsqu00a.cn"}, ""},
		{"a formula in text", map[int]string{0: "=HYPERLINK(\"x\")"}, "name:formula"},
		{"an error for a value", map[int]string{3: "#REF!"}, "department:cell-error"},
		{"broken text", map[int]string{3: "部\ufffd门"}, "department:encoding-broken"},
		{"a long number", map[int]string{2: strings.Repeat("1", 41)}, "employee_no:number-long"},
		{"a long department", map[int]string{3: strings.Repeat("部", 101)}, "department:text-long"},
		{"a line break in a department", map[int]string{3: "一\n二"}, "department:text-marks"},
		{"a role nobody knows", map[int]string{5: "king"}, "role:role-bad"},
		{"an instructor at an employer", map[int]string{5: "教师"}, "role:role-not-here"},
		{"an officer", map[int]string{5: "Employer_Officer"}, "role:role-by-hand"},
		{"no date", map[int]string{7: "soon"}, "hired_on:date-bad"},
		{"the 30th of February", map[int]string{7: "2026-02-30"}, "hired_on:date-bad"},
		{"a date of another century", map[int]string{7: "1900/1/1"}, "hired_on:date-far"},
		{"our own name", map[int]string{8: "清源水务"}, ""},
		{"another's name", map[int]string{8: "外地水务"}, "unit:unit-unknown"},
		{"all at once", map[int]string{0: "", 1: "x", 5: "king"}, "name:name-missing email:mail-bad role:role-bad"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := codes(judge(org.Employer).Read(roster.Line{Number: 2, Cells: cells(tc.change)})); got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func TestWhatComesTwiceNamesTheFirstRow(t *testing.T) {
	t.Parallel()
	j := judge(org.TeachingInstitution)
	j.Read(roster.Line{Number: 2, Cells: []string{"李雷", "li@例子.cn", "007"}})
	r := j.Read(roster.Line{Number: 3, Cells: []string{"李蕾", "LI@XN--FSQU00A.CN", "007", "", "", "讲师"}})
	if codes(r) != "email:mail-read-as email:mail-twice employee_no:number-twice" || r.Problems[1].More != "2" || r.Role != org.Instructor {
		t.Errorf("%+v", r)
	}
}

func TestDatesAndNumbersAsAWorkbookKeepsThem(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		cell     string
		from1904 bool
		day      string
		problem  string
	}{
		{"46082", false, "2026-03-01", ""},
		{"44620", true, "2026-03-01", ""},
		{"2026/3/1", false, "2026-03-01", "hired_on:date-text"},
		{"2026年3月1日", false, "2026-03-01", "hired_on:date-text"},
		{"2026.3.1 0:00:00", false, "2026-03-01", "hired_on:date-text"},
		{"59", false, "", "hired_on:date-bad"},
		{"-1", false, "", "hired_on:date-bad"},
		{"1e300", false, "", "hired_on:date-bad"},
		{"NaN", false, "", "hired_on:date-bad"},
	} {
		r := judge(org.Employer).Read(roster.Line{Number: 2, Serials: true, From1904: tc.from1904, Cells: []string{"李雷", "li@example.cn", "1.3800138E+10", "", "", "", "", tc.cell}})
		day := ""
		if r.HiredOn != nil {
			day = r.HiredOn.Format(time.DateOnly)
		}
		if day != tc.day || codes(r) != tc.problem || r.EmployeeNo != "13800138000" {
			t.Errorf("%q is %q with %q, number %q", tc.cell, day, codes(r), r.EmployeeNo)
		}
	}
}

func TestMarkedCellsAreNamedAndGiveNoValue(t *testing.T) {
	t.Parallel()
	r := judge(org.Employer).Read(roster.Line{Number: 2, Cells: []string{"李雷", "li@example.cn", "7"}, Marks: map[int]roster.Mark{0: roster.Merged, 2: roster.Formula}})
	if codes(r) != "name:merged employee_no:formula" || r.Name != "" || r.EmployeeNo != "" {
		t.Errorf("%+v", r)
	}
}

func TestWhateverIsReadFitsTheTablesAndEveryProblemHasTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := judge(org.Employer).Read(roster.Line{Number: 2, Serials: rapid.Bool().Draw(t, "serials"), Cells: rapid.SliceOfN(rapid.String(), 0, 12).Draw(t, "cells")})
		for _, p := range r.Problems {
			if p.Text(false) == "" || p.Text(true) == "" {
				t.Fatalf("%s has no text", p.Code)
			}
		}
		if n := len([]rune(r.Name)); n > 100 || len([]rune(r.Department)) > 100 || len([]rune(r.EmployeeNo)) > 40 {
			t.Fatalf("%+v", r)
		}
		if !roster.Bad(r.Problems) && (r.Name == "" || r.Folded == "") {
			t.Fatalf("a good row without name or mail: %+v", r)
		}
	})
}

func TestNoExportedCellIsAFormula(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "＝1": "'＝1", "李雷": "李雷", "": "", "a=b": "a=b"} {
		if got := roster.Defuse(given); got != want {
			t.Errorf("%q becomes %q", given, got)
		}
	}
}

func TestColumnsAreFoundByEitherLanguage(t *testing.T) {
	t.Parallel()
	c := roster.Recognise([]string{" 序号 ", "姓名*", "E-Mail", "Employee No.", "部门（必填）", "name"})
	if len(c) != 4 || c[roster.Name] != 1 || c[roster.Email] != 2 || c[roster.EmployeeNo] != 3 || c[roster.Department] != 4 || !c.Whole() {
		t.Errorf("%v", c)
	}
	for _, f := range roster.Fields {
		if roster.Recognise([]string{f.Heading(false)})[f] != 0 || len(roster.Recognise([]string{f.Heading(true)})) != 1 {
			t.Errorf("the template's headings of %s are not recognised", f)
		}
	}
	if (roster.Columns{roster.Name: 1, roster.Email: 1}).Fits(3) || (roster.Columns{"x": 1}).Fits(3) || (roster.Columns{roster.Name: 3}).Fits(3) {
		t.Error("columns fit that do not")
	}
}

func TestAnAssignmentIsDueAtTheEndOfItsDay(t *testing.T) {
	t.Parallel()
	due := today
	for _, tc := range []struct {
		begun, done bool
		today       time.Time
		want        roster.Stage
	}{
		{false, false, due, roster.Assigned}, {true, false, due.Add(23 * time.Hour), roster.Begun}, {true, false, due.AddDate(0, 0, 1), roster.Overdue},
		{false, false, due.AddDate(0, 0, 1), roster.Overdue}, {true, true, due.AddDate(0, 0, 9), roster.Finished},
	} {
		if got := roster.StageOf(tc.begun, tc.done, due, tc.today); got != tc.want {
			t.Errorf("%+v is %s", tc, got)
		}
	}
}

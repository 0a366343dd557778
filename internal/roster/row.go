package roster

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Bounds of what is taken from a file.
const (
	MaxRows  = 200_000
	maxCell  = 1000 // characters
	maxText  = 100
	maxNo    = 40
	earliest = 1940
)

// Mark is what a cell is beside its text.
type Mark string

// What a cell can be that no value can be taken from.
const (
	Formula Mark = "formula"
	Merged  Mark = "merged"
)

// Line is one row of a file as it was read.
type Line struct {
	Number int // as the file counts, from 1
	Cells  []string
	Marks  map[int]Mark // by column; nil: none
	// Serials: numbers may be days, as a workbook counts them.
	Serials  bool
	From1904 bool // of a workbook that counts days from 1904
	Broken   bool // cannot be read
}

// Empty says whether nothing stands in it.
func (l Line) Empty() bool {
	for _, c := range l.Cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return len(l.Marks) == 0 && !l.Broken
}

// Row is what is taken from a line.
type Row struct {
	Number                          int
	Name, Email, Folded, EmployeeNo string
	Department, Position, Group     string
	Role                            org.Role
	HiredOn                         *time.Time
	Problems                        []Problem
}

// Judge reads the lines of one file, and remembers what must not come twice.
type Judge struct {
	Columns Columns
	Org     org.Ref
	Today   time.Time
	mails   map[string]int
	numbers map[string]int
}

// Read judges a line and says all that is wrong with it.
func (j *Judge) Read(l Line) Row {
	r := reading{judge: j, line: l, row: Row{Number: l.Number, Role: org.Professional}}
	if l.Broken {
		r.add(Name, "row-broken", "")
		return r.row
	}
	r.name()
	r.mail()
	r.number()
	r.row.Department, r.row.Position, r.row.Group = r.text(Department), r.text(Position), r.text(InGroup)
	r.role()
	r.date()
	r.unit()
	return r.row
}

// reading is one line under judgement.
type reading struct {
	judge *Judge
	line  Line
	row   Row
}

func (r *reading) add(f Field, code, more string) {
	r.row.Problems = append(r.row.Problems, Problem{Field: f, Code: code, More: more})
}

// cell is a field's text; false when it has none that could be used, which was
// then said already.
func (r *reading) cell(f Field) (string, bool) {
	i, there := r.judge.Columns[f]
	if !there {
		return "", true
	}
	if mark := r.line.Marks[i]; mark != "" {
		r.add(f, string(mark), "")
		return "", false
	}
	if i >= len(r.line.Cells) {
		return "", true
	}
	s := undefused(strings.Trim(norm.NFC.String(r.line.Cells[i]), " \t\r\n\u3000\u00a0"))
	switch {
	case utf8.RuneCountInString(s) > maxCell:
		r.add(f, "cell-long", "")
	case strings.ContainsRune(s, utf8.RuneError):
		r.add(f, "encoding-broken", "")
	case strings.HasPrefix(s, "="):
		r.add(f, "formula", "")
	case strings.HasPrefix(s, "#") && (strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || s == "#N/A"):
		r.add(f, "cell-error", s)
	default:
		return s, true
	}
	return "", false
}

func (r *reading) name() {
	s, ok := r.cell(Name)
	if !ok {
		return
	}
	r.row.Name = identity.TidyName(s)
	if p := identity.NameProblem(r.row.Name); p != "" {
		r.add(Name, "name-"+p, "")
		r.row.Name = Shorten(r.row.Name, maxText)
	}
}

func (r *reading) mail() {
	s, ok := r.cell(Email)
	if !ok {
		return
	}
	r.row.Email = Shorten(s, identity.MaxEmail)
	if s == "" {
		r.add(Email, "mail-missing", "")
		return
	}
	folded, ok := identity.MailAddress(s)
	if !ok {
		r.add(Email, "mail-bad", "")
		return
	}
	r.row.Folded = folded
	if folded != s {
		r.add(Email, "mail-read-as", folded)
	}
	r.once(Email, &r.judge.mails, folded, "mail-twice")
}

// once says when a value stood in an earlier row.
func (r *reading) once(f Field, seen *map[string]int, value, code string) {
	if *seen == nil {
		*seen = map[string]int{}
	}
	if first, twice := (*seen)[value]; twice {
		r.add(f, code, strconv.Itoa(first))
		return
	}
	(*seen)[value] = r.row.Number
}

func (r *reading) number() {
	s, ok := r.cell(EmployeeNo)
	if !ok || s == "" {
		return
	}
	s = wholeNumber(s)
	switch {
	case utf8.RuneCountInString(s) > maxNo:
		r.add(EmployeeNo, "number-long", "")
	case !clean(s):
		r.add(EmployeeNo, "text-marks", "")
	default:
		r.row.EmployeeNo = s
		r.once(EmployeeNo, &r.judge.numbers, s, "number-twice")
	}
}

// wholeNumber undoes what a spreadsheet does to a long number: 1.2E+10.
func wholeNumber(s string) string {
	if !strings.ContainsAny(s, "eE") || strings.Trim(s, "0123456789.+eE") != "" {
		return s
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v != float64(int64(v)) || v > 1<<53 || v < 0 {
		return s
	}
	return strconv.FormatInt(int64(v), 10)
}

func clean(s string) bool { return identity.NameProblem("x"+s) != "marks" }

func (r *reading) text(f Field) string {
	s, ok := r.cell(f)
	if !ok {
		return ""
	}
	switch {
	case utf8.RuneCountInString(s) > maxText:
		r.add(f, "text-long", "")
		return Shorten(s, maxText)
	case !clean(s):
		r.add(f, "text-marks", "")
		return ""
	}
	return s
}

var roleWords = map[string]org.Role{
	"": org.Professional, "professional": org.Professional, "专业技术人员": org.Professional, "学员": org.Professional, "learner": org.Professional, "员工": org.Professional,
	"instructor": org.Instructor, "教师": org.Instructor, "讲师": org.Instructor, "teacher": org.Instructor,
	"employer_officer": org.EmployerOfficer, "institution_manager": org.InstitutionManager, "department_officer": org.DepartmentOfficer, "auditor": org.Auditor,
	"管理员": org.EmployerOfficer, "manager": org.EmployerOfficer, "officer": org.EmployerOfficer, "审计员": org.Auditor, "机构管理员": org.InstitutionManager, "单位管理员": org.EmployerOfficer,
}

func (r *reading) role() {
	s, ok := r.cell(Role)
	if !ok {
		return
	}
	role, known := roleWords[strings.ToLower(norm.NFKC.String(s))]
	switch {
	case !known:
		r.add(Role, "role-bad", "")
	case role != org.Professional && role != org.Instructor:
		r.add(Role, "role-by-hand", "")
	case org.CheckRole(role, r.judge.Org.Kind) != nil:
		r.add(Role, "role-not-here", "")
	default:
		r.row.Role = role
	}
}

func (r *reading) date() {
	s, ok := r.cell(HiredOn)
	if !ok || s == "" {
		return
	}
	day, asText, ok := readDate(s, r.line.Serials, r.line.From1904)
	switch {
	case !ok:
		r.add(HiredOn, "date-bad", "")
	case day.Year() < earliest || day.After(r.judge.Today.AddDate(1, 0, 0)):
		r.add(HiredOn, "date-far", "")
	default:
		r.row.HiredOn = &day
		if asText && r.line.Serials {
			r.add(HiredOn, "date-text", day.Format(time.DateOnly))
		}
	}
}

func (r *reading) unit() {
	s, ok := r.cell(Unit)
	same := func(a, b string) bool { return b != "" && strings.EqualFold(norm.NFKC.String(a), norm.NFKC.String(b)) }
	if ok && s != "" && !same(s, r.judge.Org.NameZh) && !same(s, r.judge.Org.NameEn) {
		r.add(Unit, "unit-unknown", "")
	}
}

// Shorten leaves at most n characters.
func Shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

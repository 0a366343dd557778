// Package roster knows an organisation's own list of its people: how it is
// read from a file, row by row, with every problem named by its place; the
// groups that people are put in; and the courses they are to take.
package roster

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Field is what a column of a file can hold.
type Field string

// The fields; only the name and the mail must be there.
const (
	Name       Field = "name"
	Email      Field = "email"
	EmployeeNo Field = "employee_no"
	Department Field = "department"
	Position   Field = "position"
	Role       Field = "role"
	InGroup    Field = "group"
	HiredOn    Field = "hired_on"
	Unit       Field = "unit"
)

// Fields are all fields, in the order of the template.
var Fields = []Field{Name, Email, EmployeeNo, Department, Position, Role, InGroup, HiredOn, Unit}

// headings are the words a column is known by; the first two are written in templates.
var headings = map[Field][]string{
	Name:       {"姓名", "Name", "名字", "员工姓名", "full name", "employee name"},
	Email:      {"邮箱", "E-mail", "email", "电子邮箱", "电子邮件", "邮件", "邮箱地址", "mail", "email address", "e-mail address"},
	EmployeeNo: {"工号", "Employee no.", "员工编号", "职工号", "人员编号", "employee number", "employee no", "staff number", "employee id", "staff id"},
	Department: {"部门", "Department", "所在部门", "科室", "dept"},
	Position:   {"职务", "Position", "岗位", "职位", "职称", "title", "job title", "post"},
	Role:       {"角色", "Role"},
	InGroup:    {"分组", "Group", "组", "组别", "班组", "team"},
	HiredOn:    {"入职日期", "Joined on", "入职时间", "到岗日期", "hire date", "hired on", "start date"},
	Unit:       {"单位", "Organisation", "单位名称", "工作单位", "organization", "employer", "company", "unit"},
}

// Heading is how a template names a field.
func (f Field) Heading(english bool) string {
	if english {
		return headings[f][1]
	}
	return headings[f][0]
}

// Columns says in which column, from 0, each field stands.
type Columns map[Field]int

// Recognise finds the fields by a file's first row. Of two columns with the
// same meaning the first is taken.
func Recognise(first []string) Columns {
	c := Columns{}
	for i, cell := range first {
		word := plain(cell)
		for _, f := range Fields {
			if _, taken := c[f]; !taken && known(f, word) {
				c[f] = i
				break
			}
		}
	}
	return c
}

// Whole says whether what must be there is.
func (c Columns) Whole() bool {
	_, name := c[Name]
	_, mail := c[Email]
	return name && mail
}

// Fits says whether the columns exist in a file of a width, each used once.
func (c Columns) Fits(width int) bool {
	used := map[int]bool{}
	for f, i := range c {
		if headings[f] == nil || i < 0 || i >= width || used[i] {
			return false
		}
		used[i] = true
	}
	return true
}

func known(f Field, word string) bool {
	for _, h := range headings[f] {
		if plain(h) == word {
			return true
		}
	}
	return false
}

// plain leaves of a heading what it is known by: neither case nor blanks, nor
// a star or a note in brackets.
func plain(heading string) string {
	s := strings.ToLower(norm.NFKC.String(heading))
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '*' || r == '.' || r == '-' || r == '_' || r == ':' || r == '\ufeff' || r == '\n' || r == '\t' {
			return -1
		}
		return r
	}, s)
}

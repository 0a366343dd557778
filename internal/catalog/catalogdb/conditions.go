package catalogdb

import (
	"strconv"
	"strings"

	"github.com/hourglass-lms/hourglass/internal/catalog"
)

// sql collects a statement's arguments while its text is put together. Only
// what is asked for goes into the text, so that the planner sees it plainly.
type sql struct{ args []any }

// arg adds an argument and is its place in the text.
func (s *sql) arg(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

// conditions of a filter, one a facet group, so that a facet can leave out its
// own. What the filter does not ask for is TRUE.
type conditions struct {
	sql
	query                                        string // $1 when there is one
	found                                        string
	subject, field, institution, language, hours string
}

func conditionsOf(f catalog.Filter, tsquery string) *conditions {
	c := &conditions{found: "TRUE", subject: "TRUE", field: "TRUE", institution: "TRUE", language: "TRUE", hours: "TRUE"}
	if tsquery != "" {
		c.query = c.arg(tsquery) + "::tsquery"
		c.found = "v.search @@ " + c.query
	}
	if len(f.Subjects) > 0 {
		c.subject = "v.subject = ANY (" + c.arg(f.Subjects) + ")"
	}
	if len(f.Fields) > 0 {
		at := c.arg(f.Fields)
		c.field = "(v.field_id = ANY (" + at + ") OR f.parent_id = ANY (" + at + "))"
	}
	if len(f.Institutions) > 0 {
		c.institution = "c.org_id = ANY (" + c.arg(f.Institutions) + ")"
	}
	if len(f.Languages) > 0 {
		c.language = "v.language = ANY (" + c.arg(f.Languages) + ")"
	}
	var bounds []string
	if f.HoursMin > 0 {
		bounds = append(bounds, "v.hours >= "+c.arg(f.HoursMin)+"::float8")
	}
	if f.HoursMax > 0 {
		bounds = append(bounds, "v.hours <= "+c.arg(f.HoursMax)+"::float8")
	}
	if len(bounds) > 0 {
		c.hours = strings.Join(bounds, " AND ")
	}
	return c
}

// all is the condition of a course that the whole filter leaves.
func (c *conditions) all() string {
	return strings.Join([]string{"v.state = 'published'", c.found, c.subject, c.field, c.institution, c.language, c.hours}, " AND ")
}

// after is the condition of what comes after the cursor, and the order.
func (s *sql) after(o ordering, c *cursor) string {
	direction, compare := "", " > "
	if o.desc {
		direction, compare = " DESC", " < "
	}
	text := ""
	if c != nil {
		text = " AND (" + o.key + ", v.id)" + compare + "(" + s.arg(c.Key) + "::" + o.kind + ", " + s.arg(c.ID) + "::uuid)"
	}
	return text + " ORDER BY " + o.key + direction + ", v.id" + direction
}

// Package org knows organisations of every kind, the tree they stand in, and
// who belongs to them. Authority over a node of the tree is authority over
// what is below it.
package org

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Kind is what an organisation is (domain.md).
type Kind string

// The kinds of organisation.
const (
	PersonnelDepartment Kind = "personnel_department"
	IndustryDepartment  Kind = "industry_department"
	TeachingInstitution Kind = "teaching_institution"
	Employer            Kind = "employer"
	Association         Kind = "association"
)

var kinds = []Kind{PersonnelDepartment, IndustryDepartment, TeachingInstitution, Employer, Association}

// IsDepartment says whether organisations may stand below one of this kind.
func (k Kind) IsDepartment() bool { return k == PersonnelDepartment || k == IndustryDepartment }

// Level is how high a personnel department stands.
type Level string

// The levels of personnel departments, highest first.
const (
	National   Level = "national"
	Provincial Level = "provincial"
	Municipal  Level = "municipal"
	County     Level = "county"
)

var levels = []Level{National, Provincial, Municipal, County}

// Above says whether a department of level l may stand over one of level m.
func (l Level) Above(m Level) bool { return slices.Index(levels, l) < slices.Index(levels, m) }

// Ref names an organisation.
type Ref struct {
	ID     uuid.UUID
	Kind   Kind
	Level  Level // only of a personnel department
	NameZh string
	NameEn string
}

// Organisation is one node of the tree.
type Organisation struct {
	Ref
	ParentID *uuid.UUID
	Lineage  []uuid.UUID // itself and all ancestors, nearest first
	TimeZone string      // IANA name; the year of its people turns by it
	Created  time.Time
	// Ownership of an employer; "" where it was not said.
	Ownership Ownership
	// ClosedAt is when it ended; nobody joins it and nothing stands below it any more.
	ClosedAt  *time.Time
	Successor *uuid.UUID // of a closed one that was merged into another
}

// Ownership is whose an employer is. It is told and counted by; no rule treats
// one otherwise than another.
type Ownership string

// The kinds of ownership.
const (
	StateOwned         Ownership = "state"
	Private            Ownership = "private"
	PublicInstitution  Ownership = "public_institution"
	SocialOrganisation Ownership = "social_organisation"
)

var ownerships = []Ownership{StateOwned, Private, PublicInstitution, SocialOrganisation}

// Page is what anybody may see of an organisation.
type Page struct {
	Ref
	Lineage   []uuid.UUID
	Parent    *Ref
	Courses   int // published
	Ownership Ownership
	ClosedAt  *time.Time
	Successor *Ref
	// Accreditation is of a teaching institution alone; its steps are the newest first.
	Accreditation *Standing
	Steps         []Step
}

// Filter chooses organisations; its zero fields choose all.
type Filter struct {
	Kind   Kind
	Query  string // part of a name, in either language
	Limit  int    // 1 to 100
	Cursor string
}

// List is one page of organisations by name.
type List struct {
	Items      []Ref
	NextCursor *string
}

// New is an organisation to be.
type New struct {
	Kind     Kind
	Level    Level
	NameZh   string
	NameEn   string
	ParentID *uuid.UUID
	TimeZone string // "": Asia/Shanghai
	// Ownership of an employer; "": not said.
	Ownership Ownership
}

const maxName = 200

// Make judges an organisation to be against its parent (nil: it has none) and
// gives it its place in the tree. The error names every field that is not right.
func Make(id uuid.UUID, n New, parent *Organisation, now time.Time) (Organisation, error) {
	n.NameZh, n.NameEn = tidy(n.NameZh), tidy(n.NameEn)
	if n.TimeZone == "" {
		n.TimeZone = "Asia/Shanghai"
	}
	var bad fault.Fields
	checkSelf(n, &bad)
	checkParent(n, parent, &bad)
	if err := bad.Err("the organisation is not valid"); err != nil {
		return Organisation{}, err
	}
	o := Organisation{
		Ref:      Ref{ID: id, Kind: n.Kind, Level: n.Level, NameZh: n.NameZh, NameEn: n.NameEn},
		ParentID: n.ParentID, Lineage: []uuid.UUID{id}, TimeZone: n.TimeZone, Created: now.UTC(), Ownership: n.Ownership,
	}
	if parent != nil {
		o.Lineage = append(o.Lineage, parent.Lineage...)
	}
	return o, nil
}

func checkSelf(n New, bad *fault.Fields) {
	if !slices.Contains(kinds, n.Kind) {
		bad.Add("kind", "is not a kind of organisation")
	}
	if n.NameZh == "" {
		bad.Add("name_zh", "is required")
	}
	checkName("name_zh", n.NameZh, bad)
	checkName("name_en", n.NameEn, bad)
	if known := slices.Contains(levels, n.Level); n.Kind == PersonnelDepartment && !known {
		bad.Add("level", "a personnel department is national, provincial, municipal or county")
	} else if n.Kind != PersonnelDepartment && n.Level != "" {
		bad.Add("level", "only a personnel department has a level")
	}
	if n.Ownership != "" && n.Kind != Employer {
		bad.Add("ownership", "only an employer has one")
	} else if n.Ownership != "" && !slices.Contains(ownerships, n.Ownership) {
		bad.Add("ownership", "is not a kind of ownership")
	}
	if _, err := time.LoadLocation(n.TimeZone); err != nil || n.TimeZone == "Local" {
		bad.Add("time_zone", "is not an IANA time zone")
	}
}

func checkName(field, name string, bad *fault.Fields) {
	if utf8.RuneCountInString(name) > maxName {
		bad.Add(field, "must be at most %d characters", maxName)
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, forbiddenInName) {
		bad.Add(field, "must not hold control characters")
	}
}

// checkParent: whoever is supervised stands below a department, and a
// personnel department only below a higher one, so that authority runs downwards.
func checkParent(n New, parent *Organisation, bad *fault.Fields) {
	if parent == nil {
		if !n.Kind.IsDepartment() {
			bad.Add("parent_id", "an organisation that is not a department stands below one")
		}
		return
	}
	switch {
	case parent.ClosedAt != nil:
		bad.Add("parent_id", "is closed")
	case !parent.Kind.IsDepartment():
		bad.Add("parent_id", "only a department stands above others")
	case n.Kind == PersonnelDepartment && parent.Kind != PersonnelDepartment:
		bad.Add("parent_id", "a personnel department stands below a personnel department")
	case n.Kind == PersonnelDepartment && !parent.Level.Above(n.Level):
		bad.Add("parent_id", "a department stands below one of a higher level")
	}
}

// tidy makes names that look the same be the same.
func tidy(name string) string {
	return strings.Join(strings.Fields(norm.NFC.String(name)), " ")
}

// forbiddenInName: controls, blanks without width and the marks that turn the
// direction of writing can make one name look like another.
func forbiddenInName(r rune) bool {
	return r < 0x20 || (r >= 0x7f && r < 0xa0) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) ||
		r == 0x200b || r == 0x200e || r == 0x200f || r == 0x061c || r == 0x2028 || r == 0x2029 || r == 0xfeff
}

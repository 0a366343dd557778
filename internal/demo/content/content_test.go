package content

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func load(t *testing.T) All {
	t.Helper()
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Courses) < 6 {
		t.Fatalf("only %d courses", len(all.Courses))
	}
	return all
}

// needs complains of a text that lacks a language, or holds the other one.
func needs(t *testing.T, place string, text Text) {
	t.Helper()
	if strings.TrimSpace(text.Zh) == "" || strings.TrimSpace(text.En) == "" {
		t.Errorf("%s: a language is missing: %+v", place, text)
	}
	if strings.ContainsFunc(text.En, func(r rune) bool { return r >= 0x3400 && r <= 0x9fff }) {
		t.Errorf("%s: Chinese in the English text %q", place, text.En)
	}
}

func TestTheTreeOfOrganisationsGrowsFromTheRoot(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{"": true}
	for _, o := range load(t).Organisations {
		needs(t, o.Key, o.Name)
		if seen[o.Key] {
			t.Errorf("%q is there twice", o.Key)
		}
		if !seen[o.Parent] {
			t.Errorf("%s comes before its parent %s", o.Key, o.Parent)
		}
		seen[o.Key] = true
	}
}

func TestPeopleBelongToOrganisations(t *testing.T) {
	t.Parallel()
	all := load(t)
	seen := map[string]bool{}
	for _, p := range all.People {
		if seen[p.Email] {
			t.Errorf("%s is there twice", p.Email)
		}
		seen[p.Email] = true
		if len(p.Roles) == 0 {
			t.Errorf("%s has no role", p.Email)
		}
		for _, r := range p.Roles {
			if all.organisation(r.Org) == nil {
				t.Errorf("%s: there is no organisation %q", p.Email, r.Org)
			}
		}
	}
}

func TestStaffWorkForEmployers(t *testing.T) {
	t.Parallel()
	all := load(t)
	for _, m := range all.Staff {
		if o := all.organisation(m.Org); o == nil || o.Kind != "employer" || m.Name == "" {
			t.Errorf("%q works for %q", m.Name, m.Org)
		}
	}
}

func (a All) organisation(key string) *Organisation {
	if i := slices.IndexFunc(a.Organisations, func(o Organisation) bool { return o.Key == key }); i >= 0 {
		return &a.Organisations[i]
	}
	return nil
}

// holds says whether the person has the role in the organisation or above it.
func (a All) holds(email, role, org string) bool {
	for _, p := range a.People {
		for o := a.organisation(org); p.Email == email && o != nil; o = a.organisation(o.Parent) {
			if slices.Contains(p.Roles, Role{Role: role, Org: o.Key}) {
				return true
			}
		}
	}
	return false
}

func TestWhoeverActsOnACourseMay(t *testing.T) {
	t.Parallel()
	all := load(t)
	publisher := map[string]string{"professional": "teaching_institution", "public": "personnel_department"}
	writes := map[string]string{"professional": "instructor", "public": "department_officer"}
	submits := map[string]string{"professional": "institution_manager", "public": "department_officer"}
	for _, c := range all.Courses {
		t.Run(c.Slug, func(t *testing.T) {
			o := all.organisation(c.Org)
			if o == nil || o.Kind != publisher[c.Subject] {
				t.Fatalf("%s does not publish %s subjects", c.Org, c.Subject)
			}
			if !all.holds(c.Author, writes[c.Subject], c.Org) {
				t.Errorf("%s may not write for %s", c.Author, c.Org)
			}
			if !all.holds(c.Submitter, submits[c.Subject], c.Org) {
				t.Errorf("%s may not submit for %s", c.Submitter, c.Org)
			}
			if !all.holds(c.Reviewer, "department_officer", c.Org) {
				t.Errorf("%s has no authority over %s", c.Reviewer, c.Org)
			}
			if c.Reviewer == c.Submitter || c.Reviewer == c.Author {
				t.Errorf("%s reviews work of their own", c.Reviewer)
			}
		})
	}
}

func TestCoursesSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range load(t).Courses {
		t.Run(c.Slug, func(t *testing.T) {
			needs(t, "title", c.Title)
			needs(t, "summary", c.Summary)
			needs(t, "description", c.Description)
			for _, o := range c.Outcomes {
				needs(t, "outcomes", o)
			}
			for _, chapter := range c.Chapters {
				needs(t, "chapter", chapter.Title)
				for _, l := range chapter.Lessons {
					needs(t, "lesson", l.Title)
				}
			}
			if len(c.Outcomes) == 0 || c.Hours <= 0 || c.Hours*4 != float64(int(c.Hours*4)) {
				t.Errorf("%d outcomes, %g hours", len(c.Outcomes), c.Hours)
			}
		})
	}
}

func TestReadingsAreWorthReadingInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range load(t).Courses {
		for _, l := range c.lessons("document") {
			if l.PDF != "" {
				continue // its text only introduces it
			}
			text := Text{Zh: file(t, c, l.Reading+".zh.md"), En: file(t, c, l.Reading+".en.md")}
			needs(t, c.Slug, text)
			if n := len(strings.Fields(text.En)); n < 400 || n > 1500 {
				t.Errorf("%s: %d English words", c.Slug, n)
			}
			if n := utf8.RuneCountInString(text.Zh); n < 700 || n > 4000 {
				t.Errorf("%s: %d Chinese characters", c.Slug, n)
			}
			if strings.Count(text.Zh, "\n## ") != strings.Count(text.En, "\n## ") || strings.Count(text.Zh, "\n|") != strings.Count(text.En, "\n|") {
				t.Errorf("%s: the two readings differ in sections or tables", c.Slug)
			}
		}
	}
}

func TestReadingTimesCanBeRead(t *testing.T) {
	t.Parallel()
	required := 0
	for _, c := range load(t).Courses {
		for _, l := range c.lessons("document") {
			if l.MinS > l.MaxS || l.MinS < 0 || l.Required && l.MinS == 0 {
				t.Errorf("%s, %s: from %d to %d s", c.Slug, l.Title.En, l.MinS, l.MaxS)
			}
			if l.PDF != "" && !strings.HasPrefix(file(t, c, l.PDF+".pdf"), "%PDF-") {
				t.Errorf("%s: %s is no PDF; run make readings", c.Slug, l.PDF)
			}
			if l.Required {
				required++
			}
		}
	}
	if required < 2 {
		t.Errorf("%d readings are required: one text and one PDF should be", required)
	}
}

func TestTheWholeRangeIsThere(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	titles := map[string]bool{}
	for _, c := range load(t).Courses {
		top, _, _ := strings.Cut(c.Field, "-")
		found["field "+top], found["subject "+c.Subject], found["language "+c.Language] = true, true, true
		if titles[c.Title.Zh] || titles[c.Title.En] {
			t.Errorf("two courses are called %+v", c.Title)
		}
		titles[c.Title.Zh], titles[c.Title.En] = true, true
		for _, kind := range []string{"document", "quiz"} {
			if len(c.lessons(kind)) == 0 {
				t.Errorf("%s has no %s", c.Slug, kind)
			}
		}
		if len(c.lessons("video")) == 0 && !slices.ContainsFunc(c.lessons("document"), func(l Lesson) bool { return l.Required }) {
			t.Errorf("%s asks for neither watching nor reading", c.Slug)
		}
	}
	for _, want := range []string{
		"field agriculture", "field manufacturing", "field information", "field energy", "field management",
		"subject professional", "subject public", "language zh", "language en",
	} {
		if !found[want] {
			t.Errorf("no course has %s", want)
		}
	}
}

func (c Course) lessons(kind string) (out []Lesson) {
	for _, chapter := range c.Chapters {
		for _, l := range chapter.Lessons {
			if l.Kind() == kind {
				out = append(out, l)
			}
		}
	}
	return out
}

func file(t *testing.T, c Course, name string) string {
	t.Helper()
	data, err := c.File(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

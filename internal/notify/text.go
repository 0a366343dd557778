package notify

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Text is a notice in one language, for any medium: plain text, no markup.
type Text struct {
	Title string
	Body  []string // paragraphs
	Label string   // of the button that leads to the path; "": none
}

// phrases are the texts of a kind with gaps: {course}. A paragraph whose gap
// stays empty is left out, so that it may tell what is not always known.
type phrases struct {
	title string
	body  []string
	label string
}

// language is everything that is written in one.
type language struct {
	name   string // "zh", "en"
	kinds  map[Kind]phrases
	words  map[string]string // facts of the form Word, "role.instructor"
	day    string            // layouts of time.Format
	minute string
}

var gap = regexp.MustCompile(`\{[a-z]+\}`)

// Tell is the notice in the language of a locale, its moments in a zone.
func (n Notice) Tell(locale string, zone *time.Location) Text {
	l := languageOf(locale)
	p := l.kinds[n.Kind]
	t := Text{Label: p.label}
	t.Title, _ = n.fill(p.title, l, zone)
	for _, line := range p.body {
		if filled, whole := n.fill(line, l, zone); whole {
			t.Body = append(t.Body, filled)
		}
	}
	return t
}

func languageOf(locale string) language {
	if strings.HasPrefix(locale, "en") {
		return english
	}
	return chinese
}

// fill writes facts into the gaps of a text, and says whether none stayed empty.
func (n Notice) fill(text string, l language, zone *time.Location) (string, bool) {
	whole := true
	filled := gap.ReplaceAllStringFunc(text, func(g string) string {
		name := g[1 : len(g)-1]
		value := n.fact(name, l.name)
		whole = whole && value != ""
		return written(formOf(n.Kind, name), name, value, l, zone)
	})
	return filled, whole
}

// written is a fact as it is read. What comes from outside is one line of
// bounded length, so that it can forge neither headers nor paragraphs.
func written(form Form, name, value string, l language, zone *time.Location) string {
	switch form {
	case Word:
		if word, ok := l.words[name+"."+value]; ok {
			return word
		}
	case Moment:
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return at.In(zone).Format(l.minute)
		}
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return day.Format(l.day)
		}
	case Plain:
	}
	return OneLine(value)
}

// factMost bounds a fact in a text, in characters.
const factMost = 300

// OneLine is text without line breaks, controls and marks that turn the
// direction of writing, cut to what a text has room for.
func OneLine(text string) string {
	var b strings.Builder
	count, space := 0, false
	for _, r := range strings.ToValidUTF8(text, "") {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.In(r, unicode.Cc, unicode.Co) || unicode.Is(unicode.Bidi_Control, r) || r == 0x200b || r == 0xfeff:
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if count++; count > factMost {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

func formOf(k Kind, name string) Form {
	spec, _ := SpecOf(k)
	for _, f := range spec.Facts {
		if f.Name == name {
			return f.Form
		}
	}
	return optional[name]
}

// optional are the forms of facts that are told where they are known.
var optional = map[string]Form{"due": Moment, "until": Moment, "at": Moment, "role": Word}

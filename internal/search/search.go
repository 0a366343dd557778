// Package search finds people, courses and organisations by a few words, each
// within what the person who searches may see.
package search

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
	"github.com/hourglass-lms/hourglass/internal/quiz"
)

// MaxQuery is how many characters are looked at; whoever pastes a page means its beginning.
const MaxQuery = 60

// Tidy is what is searched for: "" when nothing is.
func Tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, norm.NFC.String(width.Fold.String(strings.ToValidUTF8(text, " "))))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > MaxQuery {
		text = string(runes[:MaxQuery])
	}
	return text
}

// Query is a search of somebody.
type Query struct {
	Text   string // as Tidy made it
	People identity.Scope
	Drafts identity.Scope
	Limit  int // of each kind
}

// Person is one whose records may be seen, and where they work.
type Person struct {
	ID   uuid.UUID
	Name string
	Org  org.Ref
}

// Draft is a course that is not, or not as it stands, in the catalogue.
type Draft struct {
	ID    uuid.UUID
	Title quiz.Text
	State string
	Org   org.Ref
}

// Found is what was found, the best first, at most Limit of each.
type Found struct {
	People        []Person
	Drafts        []Draft
	Organisations []org.Ref
}

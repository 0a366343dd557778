package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// NameProblem is what is wrong with a tidied name: "missing", "long", "marks"
// (control characters, or marks that turn the direction of writing), or "".
func NameProblem(name string) string {
	switch {
	case !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }):
		return "missing"
	case utf8.RuneCountInString(name) > MaxName:
		return "long"
	case !utf8.ValidString(name) || strings.ContainsFunc(name, misleading):
		return "marks"
	}
	return ""
}

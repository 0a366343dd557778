package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/search"
)

func TestWhatIsTypedIsTidied(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"": "", "  \t\n": "", " 李  雷\u3000": "李 雷", "Ｗａｎｇ": "Wang", "a\x00b": "a b", "\xff水": "水", "Mu\u0308ller": "Müller", strings.Repeat("长", 100): strings.Repeat("长", search.MaxQuery),
	} {
		if got := search.Tidy(typed); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once := search.Tidy(rapid.String().Draw(t, "typed"))
		if !utf8.ValidString(once) || strings.ContainsRune(once, 0) || utf8.RuneCountInString(once) > search.MaxQuery {
			t.Fatalf("%q", once)
		}
	})
}

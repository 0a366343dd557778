package identity_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

func TestAddressesThatAreOneFoldAlike(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{
		"capitals":                       {"Li.Lei@Example.CN", "li.lei@example.cn"},
		"blanks around":                  {" li@example.cn\t", "li@example.cn"},
		"full-width letters":             {"ｌｉ＠example.cn", "li@example.cn"},
		"a letter with its mark as two":  {"mu\u0308ller@example.cn", "m\u00fcller@example.cn"},
		"a capital whose mark is apart":  {"J\u030cirka@example.cn", "\u01f0irka@example.cn"},
		"a capital outside Latin script": {"ИВАН@example.cn", "иван@example.cn"},
	} {
		if a, b := identity.FoldEmail(pair[0]), identity.FoldEmail(pair[1]); a != b {
			t.Errorf("%s: %q and %q", name, a, b)
		}
	}
	for name, pair := range map[string][2]string{
		"a dot is part of the address": {"lilei@example.cn", "li.lei@example.cn"},
		"so is a tag":                  {"li+a@example.cn", "li@example.cn"},
	} {
		if identity.FoldEmail(pair[0]) == identity.FoldEmail(pair[1]) {
			t.Errorf("%s: folded alike", name)
		}
	}
}

func TestFoldingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once := identity.FoldEmail(rapid.String().Draw(t, "local") + "@" + rapid.String().Draw(t, "domain"))
		if twice := identity.FoldEmail(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}

func TestNamesThatLookTheSameAreTheSame(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"  李 雷\u3000": "李 雷", "\u00a0Lei Li ": "Lei Li", "Mu\u0308ller": "M\u00fcller", "": "", "a\nb": "a\nb", "\tLi": "\tLi",
	} {
		if got := identity.TidyName(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
	if got := identity.TidyName(strings.Repeat(" ", 5)); got != "" {
		t.Errorf("blanks become %q", got)
	}
}

package identity

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

func TestAPasswordIsJudgedByLengthAndByWhatIsGuessedFirst(t *testing.T) {
	t.Parallel()
	alone := passwordFor{place: "p", email: "Wang.Xiaoming.Engineer@example.cn", name: "Alexandra Nightingale"}
	beside := alone
	beside.secondFactor = true
	for _, tc := range []struct {
		name, password string
		by             passwordFor
		taken          bool
	}{
		{"fifteen characters", "korrekt pferd b", alone, true},
		{"fourteen characters", "korrekt pferd ", alone, false},
		{"fourteen beside a second factor", "korrekt pferd ", beside, true},
		{"seven beside a second factor", "korrekt", beside, false},
		{"only small letters", "tomatenmarkdosenoeffner", alone, true},
		{"fifteen Chinese characters", "春眠不觉晓处处闻啼鸟夜来风雨声", alone, true},
		{"a common one beside a second factor", "qwertyuiop", beside, false},
		{"a common one said twice", "passwordpassword", alone, false},
		{"a common one in capitals, counted on", "PASSWORD1234567!", alone, false},
		{"one character", "aaaaaaaaaaaaaaaaaaaa", alone, false},
		{"counting", "1234567890123456", alone, false},
		{"the alphabet", "abcdefghijklmnopqrst", alone, false},
		{"one's own address", "wang.xiaoming.engineer@example.cn", alone, false},
		{"what stands before the at-sign", "Wang.Xiaoming.Engineer", alone, false},
		{"one's own name", "alexandra nightingale", alone, false},
		{"one too long", strings.Repeat("tomate und ", 30), alone, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var bad fault.Fields
			checkPassword(tc.password, tc.by, &bad)
			if (len(bad) == 0) != tc.taken {
				t.Errorf("%q: %v", tc.password, bad)
			}
		})
	}
}

func TestTheUnitSaidAgainIsTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-c]{1,12}`).Draw(t, "text")
		u := unit(text)
		if u == "" || !strings.HasPrefix(strings.Repeat(u, len(text)+1), text) {
			t.Fatalf("unit of %q is %q", text, u)
		}
	})
}

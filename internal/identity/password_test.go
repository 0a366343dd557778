package identity_test

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// cheap is a cost that tests can afford.
var cheap = identity.HashCost{MemoryKiB: 64, Passes: 1, Lanes: 1}

func hashed(t *testing.T, h *identity.Hasher, password string) string {
	t.Helper()
	stored, err := h.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func TestAHashOpensForItsPasswordAlone(t *testing.T) {
	t.Parallel()
	h := identity.NewHasher(cheap)
	for _, tc := range []struct {
		name, chosen, typed string
		want                bool
	}{
		{"the password itself", "correct horse", "correct horse", true},
		{"another password", "correct horse", "correct horsE", false},
		{"nothing", "correct horse", "", false},
		{"a beginning of it", "correct horse", "correct hors", false},
		{"it and a blank", "correct horse", "correct horse ", false},
		{"it and a zero byte", "correct horse", "correct horse\x00", false},
		{"Chinese", "一寸光阴一寸金", "一寸光阴一寸金", true},
		{"a letter with its mark typed as two", "m\u00fcllerin1", "mu\u0308llerin1", true},
		{"full-width letters of an input method", "abcdefgh", "ａｂｃｄｅｆｇｈ", true},
		{"256 characters, all of which count", strings.Repeat("金", 255) + "a", strings.Repeat("金", 255) + "b", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := h.Matches(t.Context(), tc.typed, hashed(t, h, tc.chosen))
			if err != nil || got != tc.want {
				t.Errorf("matches: %v, %v", got, err)
			}
		})
	}
}

func TestAnyPasswordOpensItsHashAndNoOther(t *testing.T) {
	t.Parallel()
	h := identity.NewHasher(cheap)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[ -~]{8,40}`).Draw(t, "a"), rapid.StringMatching(`[ -~]{8,40}`).Draw(t, "b")
		stored, err := h.Hash(context.Background(), a)
		if err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{a, b} {
			if got, err := h.Matches(context.Background(), typed, stored); err != nil || got != (typed == a) {
				t.Fatalf("%q opens the hash of %q: %v, %v", typed, a, got, err)
			}
		}
	})
}

func TestTwoHashesOfOnePasswordDiffer(t *testing.T) {
	t.Parallel()
	h := identity.NewHasher(cheap)
	a, b := hashed(t, h, "correct horse"), hashed(t, h, "correct horse")
	if a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("%q and %q", a, b)
	}
}

func TestTheDefaultCostIsOwaspsFirstChoice(t *testing.T) {
	t.Parallel()
	h := identity.NewHasher(identity.HashCost{})
	stored := hashed(t, h, "correct horse")
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored %q", stored)
	}
	if right, err := h.Matches(t.Context(), "correct horse", stored); err != nil || !right {
		t.Errorf("matches: %v, %v", right, err)
	}
}

func TestNoAccountIsNeverRight(t *testing.T) {
	t.Parallel()
	h := identity.NewHasher(cheap)
	for _, password := range []string{"", "correct horse", strings.Repeat("\x00", 32)} {
		if right, err := h.Matches(t.Context(), password, ""); err != nil || right {
			t.Errorf("%q: %v, %v", password, right, err)
		}
	}
}

func TestAHashOfAnotherCostStillOpensAndIsOutdated(t *testing.T) {
	t.Parallel()
	weak, strong := identity.NewHasher(cheap), identity.NewHasher(identity.HashCost{MemoryKiB: 128, Passes: 2, Lanes: 2})
	stored := hashed(t, weak, "correct horse")
	if right, err := strong.Matches(t.Context(), "correct horse", stored); err != nil || !right {
		t.Errorf("matches: %v, %v", right, err)
	}
	if !strong.Outdated(stored) || weak.Outdated(stored) || strong.Outdated(hashed(t, strong, "x")) {
		t.Error("outdated is what was made at another cost, and nothing else")
	}
}

func TestWhatIsNoHashOfOursIsAnErrorAndNeverRight(t *testing.T) {
	t.Parallel()
	h := identity.NewHasher(cheap)
	good := hashed(t, h, "correct horse")
	for name, stored := range map[string]string{
		"text":               "correct horse",
		"bcrypt":             "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
		"argon2i":            strings.Replace(good, "argon2id", "argon2i", 1),
		"another version":    strings.Replace(good, "v=19", "v=16", 1),
		"no passes":          strings.Replace(good, "t=1", "t=0", 1),
		"no lanes":           strings.Replace(good, "p=1", "p=0", 1),
		"too many lanes":     strings.Replace(good, "p=1", "p=256", 1),
		"a terabyte":         strings.Replace(good, "m=64", "m=1073741824", 1),
		"a key cut short":    good[:len(good)-8],
		"a part more":        good + "$x",
		"a key not base64":   good[:len(good)-1] + "!",
		"a salt not base64":  strings.Replace(good, "p=1$", "p=1$!", 1),
		"words for numbers":  strings.Replace(good, "m=64", "m=much", 1),
		"something in front": "x" + good,
	} {
		t.Run(name, func(t *testing.T) {
			if right, err := h.Matches(t.Context(), "correct horse", stored); err == nil || right {
				t.Errorf("%q: %v, %v", stored, right, err)
			}
			if !h.Outdated(stored) {
				t.Errorf("%q may stay", stored)
			}
		})
	}
}

func TestWhoWaitsInVainForATurnIsToldToComeBack(t *testing.T) {
	t.Parallel()
	h := identity.NewHasher(cheap)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	refused := false
	for range 200 { // a free turn and the end of time are drawn by lot
		if _, err := h.Hash(over, "correct horse"); err != nil {
			if fault.KindOf(err) != fault.Unavailable {
				t.Fatal(err)
			}
			refused = true
		}
	}
	if !refused {
		t.Error("nobody was refused though the time was over")
	}
	if _, err := h.Hash(t.Context(), "correct horse"); err != nil {
		t.Errorf("a turn was lost: %v", err)
	}
}

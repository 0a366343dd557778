package identity

import (
	"strings"
	"testing"
)

func TestARecoveryCodeIsReadHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 200 {
		code := newRecoveryCode()
		if seen[code] || len(code) != 11 || code[5] != '-' {
			t.Fatalf("%q", code)
		}
		seen[code] = true
		for _, typed := range []string{code, strings.ToUpper(code), " " + strings.ReplaceAll(code, "-", " ") + " ", strings.ReplaceAll(code, "0", "O"), strings.ReplaceAll(strings.ReplaceAll(code, "-", ""), "1", "l")} {
			if got := foldRecoveryCode(typed); got != code {
				t.Errorf("%q is read as %q, not %q", typed, got, code)
			}
		}
	}
	for _, wrong := range []string{"", "123456", "7k3qd-9x2m", "7k3qd-9x2mfu", "7k3qd-9x2mu", "七七七七七七七七七七"} {
		if got := foldRecoveryCode(wrong); got != "" {
			t.Errorf("%q is read as %q", wrong, got)
		}
	}
}

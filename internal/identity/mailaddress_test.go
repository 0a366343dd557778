package identity_test

import (
	"strings"
	"testing"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

func TestSpellingsOfOneMailAddress(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, typed, folded string
		ok                  bool
	}{
		{"as it is", "li@example.cn", "li@example.cn", true},
		{"in capitals, with blanks around", "  LI@Example.CN ", "li@example.cn", true},
		{"a domain in Chinese", "li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s", true},
		{"the same in punycode", "Li@XN--FSQU00A.xn--fiqs8s", "li@xn--fsqu00a.xn--fiqs8s", true},
		{"full-width letters", "ｌｉ@example.cn", "li@example.cn", true},
		{"a local part in Chinese", "李雷@example.cn", "李雷@example.cn", true},
		{"no domain", "li@", "", false},
		{"a display name", "Li <li@example.cn>", "", false},
		{"a mark that turns the direction", "li\u202e@example.cn", "", false},
		{"two lines", "li@example.cn\nBcc: x@y.z", "", false},
		{"punycode that decodes to nothing", "li@xn--zzzzzzz-.cn", "", false},
		{"longer than an address may be", strings.Repeat("a", 64) + "@" + strings.Repeat("b", 190) + ".cn", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			folded, ok := identity.MailAddress(tc.typed)
			if folded != tc.folded || ok != tc.ok {
				t.Errorf("%q is %q, %v", tc.typed, folded, ok)
			}
		})
	}
}

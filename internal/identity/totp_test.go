package identity_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// rfcSecret is that of RFC 6238, appendix B.
var rfcSecret = []byte("12345678901234567890")

func TestCodesAreThoseOfTheRFC(t *testing.T) {
	t.Parallel()
	// Appendix B lists eight digits; six are their end.
	for seconds, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := (identity.TOTP{Secret: rfcSecret}).Code(seconds / 30); got != want {
			t.Errorf("at %d s: %s, want %s", seconds, got, want)
		}
	}
}

func TestACodeIsTakenAroundItsTimeAndOnce(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_015, 0)
	step := now.Unix() / 30
	totp := identity.TOTP{Secret: rfcSecret}
	for _, tc := range []struct {
		name  string
		off   int64
		last  int64
		ahead []int64
		want  identity.TOTPVerdict
	}{
		{"the present one is taken", 0, 0, nil, identity.TOTPVerdict{OK: true, Step: step}},
		{"the one before is taken", -1, 0, nil, identity.TOTPVerdict{OK: true, Step: step - 1}},
		{"the next one is taken", 1, 0, nil, identity.TOTPVerdict{OK: true, Step: step + 1}},
		{"it is spent", 0, step, nil, identity.TOTPVerdict{Spent: true, Step: step}},
		{"it is spent by a later one", -1, step, nil, identity.TOTPVerdict{Spent: true, Step: step - 1}},
		{"a clock two steps slow is named", -2, 0, nil, identity.TOTPVerdict{Step: step - 2, Off: -time.Minute}},
		{"a clock ten minutes fast is named", 20, 0, nil, identity.TOTPVerdict{Step: step + 20, Off: 10 * time.Minute}},
		{"a clock ten minutes slow is named", -20, 0, nil, identity.TOTPVerdict{Step: step - 20, Off: -10 * time.Minute}},
		{"a code shown before its time is refused at its time", 0, 0, []int64{step}, identity.TOTPVerdict{Spent: true, Step: step}},
		{"an hour off is no code", 120, 0, nil, identity.TOTPVerdict{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			with := totp
			with.LastStep, with.Refused = tc.last, tc.ahead
			if got := with.Check(totp.Code(step+tc.off), now); got != tc.want {
				t.Errorf("%+v, want %+v", got, tc.want)
			}
		})
	}
	for _, typed := range []string{totp.Code(step)[:3] + " " + totp.Code(step)[3:], " " + totp.Code(step) + " "} {
		if !totp.Check(typed, now).OK {
			t.Errorf("%q is not taken", typed)
		}
	}
	for _, wrong := range []string{"", "12345", "1234567", "abcdef", totp.Code(step) + "0"} {
		if v := totp.Check(wrong, now); v != (identity.TOTPVerdict{}) {
			t.Errorf("%q is %+v", wrong, v)
		}
	}
}

func TestNoCodeIsTakenTwiceWhateverTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		totp := identity.TOTP{Secret: rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "secret")}
		now, taken := int64(60_000_000), map[string]bool{}
		for i := range 12 {
			now += rapid.Int64Range(0, 2).Draw(t, fmt.Sprint("steps", i))
			step := now + rapid.Int64Range(-2, 2).Draw(t, fmt.Sprint("off", i))
			v := totp.Check(totp.Code(step), time.Unix(now*30, 0))
			if !v.OK {
				continue
			}
			if key := fmt.Sprint(v.Step); taken[key] {
				t.Fatalf("the code of step %s was taken twice", key)
			} else {
				taken[key] = true
			}
			totp.LastStep = v.Step
		}
	})
}

func TestAnAddressForAnAppNamesIssuerAndAccount(t *testing.T) {
	t.Parallel()
	got := identity.TOTPAddress(rfcSecret, "Hourglass", "li lei@example.cn")
	want := "otpauth://totp/Hourglass:li%20lei@example.cn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hourglass&algorithm=SHA1&digits=6&period=30"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

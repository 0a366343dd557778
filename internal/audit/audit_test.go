package audit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/audit"
	"github.com/hourglass-lms/hourglass/internal/fault"
)

type account struct {
	Name     string
	IDNumber string
}

func TestASecretDoesNotGetIntoTheTrail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		value any
		fails bool
	}{
		{"a state", map[string]any{"state": "open"}, false},
		{"a password", map[string]any{"password": "x"}, true},
		{"its hash", map[string]any{"password_hash": "x"}, true},
		{"in other letters", map[string]any{"newPassword": "x"}, true},
		{"with other signs between", map[string]any{"ID-Number": "x"}, true},
		{"a field of a struct", account{Name: "李雷"}, true},
		{"deep inside", map[string]any{"rows": []any{map[string]any{"x": map[string]any{"access_token": "x"}}}}, true},
		{"a TOTP seed", map[string]any{"totp_seed": "x"}, true},
		{"a recovery code", map[string]any{"recovery_codes": 3}, true},
		{"how many of them are left", map[string]any{"recovery_codes_left": 3}, false},
		{"the public id of a token", map[string]any{"token_id": "x"}, false},
		{"a client's secret", map[string]any{"client_secret": "x"}, true},
		{"a word for a value is none", map[string]any{"changed": "password"}, false},
		{"what no JSON is", func() {}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if data, err := audit.Clean(tc.value); (err != nil) != tc.fails {
				t.Errorf("kept %s, %v", data, err)
			}
		})
	}
	if data, err := audit.Clean(nil); data != nil || err != nil {
		t.Errorf("nothing is kept as %q, %v", data, err)
	}
	if _, err := audit.Clean(map[string]string{"reason": strings.Repeat("a", 70<<10)}); fault.KindOf(err) != fault.TooLarge {
		t.Errorf("too much: %v", err)
	}
}

func TestAnIdentityNumberInATextIsMasked(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"a resident's number", "身份证11010519491231002X有误", "身份证******************有误"},
		{"with a small x", "11010519491231002x", "******************"},
		{"a serial that is none", "HG-2026-110105", "HG-2026-110105"},
		{"a month that is none", "110105194913310021", "110105194913310021"},
	} {
		data, err := audit.Clean(map[string]string{"reason": tc.text})
		if want := `{"reason":"` + tc.want + `"}`; err != nil || string(data) != want {
			t.Errorf("%s: kept %s, %v, want %s", tc.name, data, err, want)
		}
	}
}

func TestASearchIsOverAStretchOfTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, tc := range []struct {
		name   string
		filter audit.Filter
		fails  bool
	}{
		{"nothing said", audit.Filter{}, false},
		{"a year", audit.Filter{From: now.Add(-366 * day), To: now}, false},
		{"more than a year", audit.Filter{From: now.Add(-367 * day), To: now}, true},
		{"its end before its begin", audit.Filter{From: now, To: now.Add(-day)}, true},
		{"all of an object's actions", audit.Filter{Action: "integrity-flag."}, false},
		{"one action", audit.Filter{Action: "course.submit"}, false},
		{"no action", audit.Filter{Action: "course"}, true},
		{"an action with a sign of a pattern", audit.Filter{Action: "course.%"}, true},
	} {
		if err := tc.filter.Window(now); (err != nil) != tc.fails {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	f := audit.Filter{}
	if _ = f.Window(now); f.To.Sub(f.From) != 30*day || f.To.Before(now) {
		t.Errorf("the usual stretch is %s to %s", f.From, f.To)
	}
}

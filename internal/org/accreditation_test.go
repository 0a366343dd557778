package org_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/org"
)

var (
	shanghai, _ = time.LoadLocation("Asia/Shanghai")
	today       = time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
	manager     = &org.Person{ID: uuid.New()}
	officer     = &org.Person{ID: uuid.New()}
)

// history makes steps of one word each, a minute apart; "accredited" holds to the end of the year.
func history(words string) (out []org.Step) {
	for i, w := range strings.Fields(words) {
		s := org.Step{State: org.Accreditation(w), By: officer, Reason: "因", At: noon.Add(time.Duration(i-100) * time.Minute)}
		if s.State == org.Applied {
			s.By = manager
		}
		if s.State == org.Accredited {
			s.Until = new(today.AddDate(0, 7, 27))
		}
		out = append(out, s)
	}
	return out
}

func TestWhatTheStepsMakeOfAnInstitution(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		steps   string
		state   org.Accreditation
		pending bool
	}{
		{"", org.Never, false},
		{"applied", org.Never, true},
		{"applied refused", org.Refused, false},
		{"applied refused applied", org.Refused, true},
		{"applied accredited", org.Accredited, false},
		{"accredited applied", org.Accredited, true},
		{"accredited applied refused", org.Accredited, false},
		{"accredited suspended", org.Suspended, false},
		{"accredited applied suspended", org.Suspended, true},
		{"accredited suspended applied refused", org.Suspended, false},
		{"accredited suspended accredited", org.Accredited, false},
		{"accredited suspended revoked", org.Revoked, false},
		{"accredited revoked applied accredited", org.Accredited, false},
	} {
		s := org.StandingOf(history(tc.steps), noon, shanghai)
		if s.State != tc.state || (s.Pending != nil) != tc.pending || s.InForce() != (tc.state == org.Accredited) {
			t.Errorf("%q makes %+v", tc.steps, s)
		}
	}
}

func TestAnAccreditationHoldsThroughItsLastDayWhereTheInstitutionIs(t *testing.T) {
	t.Parallel()
	steps := []org.Step{{State: org.Accredited, Until: &today}}
	for _, tc := range []struct {
		at   string
		want org.Accreditation
	}{
		{"2026-05-04T23:59:59+08:00", org.Accredited},
		{"2026-05-05T00:00:00+08:00", org.Expired},
		{"2026-05-04T15:59:59Z", org.Accredited},
		{"2026-05-04T16:00:00Z", org.Expired},
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		if s := org.StandingOf(steps, at, shanghai); err != nil || s.State != tc.want || s.Until == nil {
			t.Errorf("at %s it is %+v", tc.at, s)
		}
	}
}

func TestWhichStepMayFollow(t *testing.T) {
	t.Parallel()
	far := today.AddDate(11, 0, 0)
	for _, tc := range []struct {
		name, before string
		step         org.Step
		refused      string
	}{
		{"to apply", "", org.Step{State: org.Applied, By: manager}, ""},
		{"to apply twice", "applied", org.Step{State: org.Applied, By: manager}, "already-applied"},
		{"to apply for more time", "accredited", org.Step{State: org.Applied, By: manager}, ""},
		{"to accredit", "applied", org.Step{State: org.Accredited, Until: &today, By: officer}, ""},
		{"to accredit who did not apply", "", org.Step{State: org.Accredited, Until: &today, By: officer}, ""},
		{"to accredit without end", "applied", org.Step{State: org.Accredited, By: officer}, "until"},
		{"to accredit until yesterday", "applied", org.Step{State: org.Accredited, By: officer, Until: new(today.AddDate(0, 0, -1))}, "until"},
		{"to accredit for eleven years", "applied", org.Step{State: org.Accredited, By: officer, Until: &far}, "until"},
		{"to accredit oneself", "applied", org.Step{State: org.Accredited, Until: &today, By: manager}, "own-application"},
		{"to refuse oneself", "applied", org.Step{State: org.Refused, Reason: "x", By: manager}, "own-application"},
		{"to refuse nobody", "accredited", org.Step{State: org.Refused, Reason: "x", By: officer}, "no-application"},
		{"to refuse without a reason", "applied", org.Step{State: org.Refused, Reason: " ", By: officer}, "reason"},
		{"to suspend", "accredited", org.Step{State: org.Suspended, Reason: "x", By: officer}, ""},
		{"to suspend until a day", "accredited", org.Step{State: org.Suspended, Reason: "x", Until: &today, By: officer}, "until"},
		{"to suspend without a reason", "accredited", org.Step{State: org.Suspended, By: officer}, "reason"},
		{"to suspend who is not accredited", "applied", org.Step{State: org.Suspended, Reason: "x", By: officer}, "not-accredited"},
		{"to suspend twice", "accredited suspended", org.Step{State: org.Suspended, Reason: "x", By: officer}, "not-accredited"},
		{"to let go on", "accredited suspended", org.Step{State: org.Accredited, Until: &today, By: officer}, ""},
		{"to revoke", "accredited suspended", org.Step{State: org.Revoked, Reason: "x", By: officer}, ""},
		{"to revoke twice", "accredited revoked", org.Step{State: org.Revoked, Reason: "x", By: officer}, "not-accredited"},
		{"a reason of 2001 characters", "accredited", org.Step{State: org.Revoked, Reason: strings.Repeat("因", 2001), By: officer}, "reason"},
		{"a step nobody knows", "accredited", org.Step{State: "blessed", Reason: "x", By: officer}, "decision"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := org.StandingOf(history(tc.before), noon, shanghai).Next(tc.step, noon, shanghai)
			if got := places(err); got != tc.refused && code(err) != tc.refused {
				t.Errorf("answered %v", err)
			}
		})
	}
}

func TestNobodyIsAccreditedWithoutADecisionThatSaysSo(t *testing.T) {
	t.Parallel()
	all := []org.Accreditation{org.Applied, org.Accredited, org.Refused, org.Suspended, org.Revoked}
	rapid.Check(t, func(t *rapid.T) {
		var taken []org.Step
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			step := org.Step{State: rapid.SampledFrom(all).Draw(t, "state"), By: officer, Reason: "x"}
			if step.State == org.Applied {
				step.By = manager
			}
			if step.State == org.Accredited {
				step.Until = new(today.AddDate(1, 0, 0))
			}
			if next, err := org.StandingOf(taken, noon, shanghai).Next(step, noon, shanghai); err == nil {
				taken = append(taken, next)
			}
		}
		decided := slices.DeleteFunc(slices.Clone(taken), func(s org.Step) bool { return s.State == org.Applied || s.State == org.Refused })
		want := len(decided) > 0 && decided[len(decided)-1].State == org.Accredited
		if got := org.StandingOf(taken, noon, shanghai).InForce(); got != want {
			t.Fatalf("in force: %v after %+v", got, taken)
		}
	})
}

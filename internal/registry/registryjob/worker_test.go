package registryjob_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/registry/registryjob"
)

func TestARegistrationIsGivenUpOnlyWhenItCanNeverSucceed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		err      error
		givenUp  bool
		succeeds bool
	}{
		{"hours that are entered are done", nil, false, true},
		{"an enrolment that is gone is given up", fault.New(fault.NotFound, "gone"), true, false},
		{"an enrolment that is not complete is given up", fault.New(fault.Conflict, "not complete"), true, false},
		{"a database that is away is tried again", fault.New(fault.Unavailable, "away"), false, false},
		{"a mistake of ours is tried again", errors.New("nobody knows"), false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			enrolment, asked := uuid.New(), uuid.Nil
			worker := registryjob.New(func(_ context.Context, id uuid.UUID) error {
				asked = id
				return tc.err
			})
			err := worker.Work(t.Context(), &river.Job[jobs.RegisterHours]{Args: jobs.RegisterHours{EnrolmentID: enrolment}})
			var cancel *river.JobCancelError
			if asked != enrolment || (err == nil) != tc.succeeds || errors.As(err, &cancel) != tc.givenUp || !errors.Is(err, tc.err) {
				t.Errorf("registered %s, answered %v", asked, err)
			}
		})
	}
}

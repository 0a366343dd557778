// Package registryjob works on jobs.RegisterHours.
package registryjob

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
)

// Register enters the hours of a completed enrolment, exactly once.
type Register func(ctx context.Context, enrolment uuid.UUID) error

// Worker registers one enrolment a job.
type Worker struct {
	river.WorkerDefaults[jobs.RegisterHours]
	register Register
}

// New makes a worker.
func New(r Register) *Worker { return &Worker{register: r} }

// Timeout bounds one registration.
func (*Worker) Timeout(*river.Job[jobs.RegisterHours]) time.Duration { return 30 * time.Second }

// Work registers. What can never succeed is given up with its reason kept in the queue.
func (w *Worker) Work(ctx context.Context, job *river.Job[jobs.RegisterHours]) error {
	err := w.register(ctx, job.Args.EnrolmentID)
	if k := fault.KindOf(err); k == fault.NotFound || k == fault.Conflict {
		return river.JobCancel(err)
	}
	return err
}

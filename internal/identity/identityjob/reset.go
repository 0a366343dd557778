// Package identityjob mails links that set a new password, apart from the
// request that asks for one, so that asking takes as long for everybody.
package identityjob

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/jobs"
)

// Mail mails a link, if somebody has the folded address (identity.Accounts.MailReset).
type Mail func(ctx context.Context, folded string) error

// Worker works on jobs.MailReset.
type Worker struct {
	river.WorkerDefaults[jobs.MailReset]
	mail Mail
}

// New makes a worker.
func New(m Mail) *Worker { return &Worker{mail: m} }

// Timeout bounds one link.
func (*Worker) Timeout(*river.Job[jobs.MailReset]) time.Duration { return 30 * time.Second }

// Work mails one.
func (w *Worker) Work(ctx context.Context, job *river.Job[jobs.MailReset]) error {
	return w.mail(ctx, job.Args.Email)
}

package app

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/notify/notifydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// notices is what tells people. The queue is made after the workers that tell, so it is asked for late.
func (a *App) notices() *notifydb.Store {
	return notifydb.New(a.parts.db, func(ctx context.Context, tx *pg.Tx, args ...river.JobArgs) error {
		return a.jobs.EnqueueAll(ctx, tx, args...)
	}, time.Now)
}

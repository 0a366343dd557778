package app

import (
	"context"
	"time"

	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/internal/study/studydb"
)

const (
	houseEvery = 6 * time.Hour
	// daysAhead are the evidence's partitions that stand ready: a worker may be
	// away for that long before the rest partition has to take a day.
	daysAhead = 14
)

// keepHouse makes room for what comes and takes away what has expired, until
// ctx ends. Several workers may do it at once.
func (a *App) keepHouse(ctx context.Context) {
	t := time.NewTicker(houseEvery)
	defer t.Stop()
	for {
		a.tidy(ctx)
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

func (a *App) tidy(ctx context.Context) {
	now := time.Now()
	for task, do := range map[string]func() error{
		"make the evidence's partitions": func() error { return studydb.New(a.parts.db, nil).MakePartitions(ctx, now, daysAhead) },
		"keep the evidence by policy":    func() error { return a.retainEvidence(ctx, now) },
		"forget imports of people":       func() error { return a.rosterWorker().Forget(ctx) },
		"forget old digests":             func() error { return a.flags().Forget(ctx) },
		"delete who asked for it":        func() error { return a.deletePeople(ctx) },
		"forget old notices":             func() error { return a.notices().Forget(ctx) },
		"sweep sign-ins and keys":        func() error { return identitydb.New(a.parts.db).Sweep(ctx, now) },
	} {
		if err := do(); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "housekeeping is done again later", "task", task, "error", err)
		}
	}
}

// Package mediajob works on jobs.PackageMedia: it runs the packager and keeps
// what came of it.
package mediajob

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/media/mediadb"
	"github.com/hourglass-lms/hourglass/internal/media/packager"
	"github.com/hourglass-lms/hourglass/storage/objects"
)

// Worker packages one upload a job.
type Worker struct {
	river.WorkerDefaults[jobs.PackageMedia]
	assets   *mediadb.Store
	store    objects.Store
	packager *packager.Packager
	log      *slog.Logger
}

// New makes a worker.
func New(assets *mediadb.Store, store objects.Store, p *packager.Packager, log *slog.Logger) *Worker {
	return &Worker{assets: assets, store: store, packager: p, log: log}
}

// Timeout bounds one video; the longest allowed takes a part of this.
func (*Worker) Timeout(*river.Job[jobs.PackageMedia]) time.Duration { return 6 * time.Hour }

// Work packages the asset. The video's own fault ends it; what may pass is tried again.
func (w *Worker) Work(ctx context.Context, job *river.Job[jobs.PackageMedia]) error {
	a, err := w.assets.Asset(ctx, job.Args.AssetID)
	if fault.KindOf(err) == fault.NotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	if a.State == media.Ready || a.State == media.Failed {
		return w.packager.RemoveParts(ctx, a)
	}
	if err := w.outcome(ctx, job, a, w.process(ctx, a)); err != nil {
		return err
	}
	return w.packager.RemoveParts(ctx, a)
}

// outcome decides whether an error ends the asset or only this attempt.
func (w *Worker) outcome(ctx context.Context, job *river.Job[jobs.PackageMedia], a media.Asset, err error) error {
	var failed *media.Failure
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed):
		w.log.InfoContext(ctx, "an upload cannot be used", "asset", a.ID, "code", failed.Code, "error", err)
	case errors.Is(ctx.Err(), context.Canceled):
		// This program is stopping; that is not an attempt that failed.
		return river.JobSnooze(time.Second)
	case job.Attempt >= job.MaxAttempts:
		w.log.ErrorContext(ctx, "gave up packaging an upload", "asset", a.ID, "error", err)
		failed = media.ErrGaveUp
	default:
		return fmt.Errorf("package %s: %w", a.ID, err)
	}
	return w.assets.Fail(ctx, a.ID, failed)
}

func (w *Worker) process(ctx context.Context, a media.Asset) error {
	if a.Kind == media.Document {
		return w.document(ctx, a)
	}
	last, at, stage := -1, time.Time{}, media.State("")
	m, src, err := w.packager.Package(ctx, a, func(state media.State, percent int) {
		// Seen by people, so often enough is twice a second.
		if state == stage && (percent == last || (time.Since(at) < 500*time.Millisecond && percent < 100)) {
			return
		}
		last, at, stage = percent, time.Now(), state
		if err := w.assets.Advance(ctx, a.ID, state, percent); err != nil {
			w.log.WarnContext(ctx, "could not note progress", "asset", a.ID, "error", err)
		}
	})
	if err != nil {
		return err
	}
	return w.assets.Finish(ctx, a.ID, m, src)
}

func (w *Worker) document(ctx context.Context, a media.Asset) error {
	if err := w.assets.Advance(ctx, a.ID, media.Probing, 10); err != nil {
		w.log.WarnContext(ctx, "could not note progress", "asset", a.ID, "error", err)
	}
	pages, err := w.packager.Document(ctx, a)
	if err != nil {
		return err
	}
	return w.assets.FinishDocument(ctx, a.ID, pages)
}

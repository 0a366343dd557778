// Package privacyjob works on jobs.ExportData.
package privacyjob

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/jobs"
)

// Build puts an export together.
type Build func(ctx context.Context, export uuid.UUID) error

// Worker builds one export a job.
type Worker struct {
	river.WorkerDefaults[jobs.ExportData]
	build Build
}

// New makes a worker.
func New(b Build) *Worker { return &Worker{build: b} }

// Timeout bounds one export.
func (*Worker) Timeout(*river.Job[jobs.ExportData]) time.Duration { return 10 * time.Minute }

// Work builds; what fails is tried again.
func (w *Worker) Work(ctx context.Context, job *river.Job[jobs.ExportData]) error {
	return w.build(ctx, job.Args.ExportID)
}

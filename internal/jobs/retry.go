package jobs

import (
	"time"

	"github.com/riverqueue/river/rivertype"
)

// retries waits 1 s, 2 s, 4 s … and at most a minute: what a job waits for is
// a server that comes back, and people wait for their hours meanwhile.
type retries struct{}

// NextRetry is when a job that failed is tried again.
func (retries) NextRetry(job *rivertype.JobRow) time.Time {
	failed := min(len(job.Errors), 6)
	return time.Now().UTC().Add(min(time.Minute, time.Second<<failed))
}

// Package rosterjob looks files of people through and takes their rows in, and
// tells people of what was assigned to them, in the background.
package rosterjob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/roster"
	"github.com/hourglass-lms/hourglass/internal/roster/rosterdb"
	"github.com/hourglass-lms/hourglass/internal/roster/sheet"
	"github.com/hourglass-lms/hourglass/storage/objects"
)

// Key is where a part of an import's file lies.
func Key(id uuid.UUID, part int) string { return fmt.Sprintf("staff-imports/%s/%d", id, part) }

// Worker works on one import: what is to be done next follows from its state,
// so that a job begun again goes on where the one before was.
type Worker struct {
	river.WorkerDefaults[jobs.ImportStaff]
	Store   *rosterdb.Store
	Objects objects.Store
}

// Timeout bounds one import.
func (Worker) Timeout(*river.Job[jobs.ImportStaff]) time.Duration { return 15 * time.Minute }

// Work does the next step of an import.
func (w Worker) Work(ctx context.Context, job *river.Job[jobs.ImportStaff]) error {
	return w.Step(ctx, job.Args.ImportID)
}

// Step does what the import's state asks for; nothing when it asks for nothing.
func (w Worker) Step(ctx context.Context, id uuid.UUID) error {
	i, err := w.Store.Import(ctx, id)
	if err != nil {
		return err
	}
	switch i.State {
	case roster.Checking:
		err = w.check(ctx, i)
	case roster.Applying:
		err = w.Store.TakeIn(ctx, i.ID)
	default:
		return nil
	}
	if why, ok := rosterdb.IsFailure(err); ok {
		return w.Store.Fail(ctx, id, why)
	}
	return err
}

func (w Worker) check(ctx context.Context, i roster.Import) error {
	name, err := w.fetch(ctx, i)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(name) }()
	r, err := sheet.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	head, columns, rest, err := sheet.Headings(r)
	if err != nil {
		return err
	}
	headings := make([]string, min(len(head.Cells), maxColumns))
	for n := range headings {
		headings[n] = roster.Shorten(head.Cells[n], 60)
	}
	if i.Columns.Whole() {
		columns = i.Columns // mapped by hand
	}
	if !columns.Whole() {
		return w.Store.AskColumns(ctx, i.ID, r.Format(), headings, columns)
	}
	ref, today, err := w.Store.Organisation(ctx, i.OrgID)
	if err != nil {
		return err
	}
	c := reading{ctx: ctx, worker: w, id: i.ID, file: r, rest: rest, judge: roster.Judge{Columns: columns, Org: ref, Today: today}}
	return w.Store.Keep(ctx, i, r.Format(), headings, columns, c.next)
}

// maxColumns bounds what is offered to be mapped by hand.
const maxColumns = 60

// fetch puts the parts of the file together on the disk.
func (w Worker) fetch(ctx context.Context, i roster.Import) (name string, err error) {
	f, err := os.CreateTemp("", "hourglass-import-")
	if err != nil {
		return "", err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	for n := range i.Parts() {
		r, _, err := w.Objects.Get(ctx, Key(i.ID, n), 0, -1)
		if err != nil {
			return "", fmt.Errorf("part %d of import %s: %w", n, i.ID, err)
		}
		_, err = io.Copy(f, io.LimitReader(r, roster.PartSize))
		if err := errors.Join(err, r.Close()); err != nil {
			return "", err
		}
	}
	return f.Name(), nil
}

// reading goes through a file some rows at a time.
type reading struct {
	ctx    context.Context
	worker Worker
	id     uuid.UUID
	file   sheet.Reader
	rest   []roster.Line
	judge  roster.Judge
	total  int
	ended  bool
}

// some is how many rows are written at once, and after how many progress is told.
const some = 2000

func (c *reading) next() (rows []roster.Row, err error) {
	for len(rows) < some && !c.ended {
		l, err := c.line()
		if errors.Is(err, io.EOF) {
			c.ended = true
			break
		}
		if err != nil {
			return nil, err
		}
		if l.Empty() {
			continue
		}
		if c.total++; c.total > roster.MaxRows {
			return nil, roster.TooManyRows
		}
		rows = append(rows, c.judge.Read(l))
	}
	if c.total == 0 {
		return nil, roster.NoRows
	}
	done, of := c.file.Progress()
	return rows, errors.Join(c.ctx.Err(), c.worker.Store.Progress(c.ctx, c.id, done, of))
}

func (c *reading) line() (roster.Line, error) {
	if len(c.rest) > 0 {
		l := c.rest[0]
		c.rest = c.rest[1:]
		return l, nil
	}
	return c.file.Next()
}

// Forget takes away imports of more than a month ago, with their files.
func (w Worker) Forget(ctx context.Context) error {
	ids, err := w.Store.Expired(ctx)
	for _, id := range ids {
		err = errors.Join(err, w.Drop(ctx, id))
	}
	return err
}

// Drop takes an import away: its rows first, so that nothing refers to a file that is gone.
func (w Worker) Drop(ctx context.Context, id uuid.UUID) error {
	i, err := w.Store.Import(ctx, id)
	if err != nil {
		return err
	}
	if err := w.Store.Discard(ctx, id); err != nil {
		return err
	}
	for n := range i.Parts() {
		if err := w.Objects.Delete(ctx, Key(id, n)); err != nil {
			return err
		}
	}
	return nil
}

// TellEvery is how long the teller rests.
const TellEvery = 20 * time.Second

// Tell tells people of assignments until ctx ends.
func Tell(ctx context.Context, store *rosterdb.Store, log *slog.Logger) {
	t := time.NewTicker(TellEvery)
	defer t.Stop()
	for {
		if _, err := store.Tell(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "people are told of assignments later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

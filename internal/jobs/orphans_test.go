package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
)

func client(t *testing.T, db *pg.DB, o Options) *Client {
	t.Helper()
	c, err := New(db, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// enqueued puts the registration of an enrolment into the queue.
func enqueued(t *testing.T, db *pg.DB, enrolment uuid.UUID, then error) error {
	t.Helper()
	c := client(t, db, Options{})
	return db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
		return errors.Join(c.Enqueue(ctx, tx, RegisterHours{EnrolmentID: enrolment}), then)
	})
}

// states counts the jobs by their state.
func states(t *testing.T, db *pg.DB) map[string]int {
	t.Helper()
	rows, err := db.Pool().Query(t.Context(), `SELECT state::text, count(*) FROM river_job GROUP BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			t.Fatal(err)
		}
		out[state] = n
	}
	return out
}

// running marks all jobs as begun by a worker of the name.
func running(t *testing.T, db *pg.DB, worker string) {
	t.Helper()
	_, err := db.Pool().Exec(t.Context(), `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now(), attempted_by = ARRAY['earlier', $1::text]`, worker)
	if err != nil {
		t.Fatal(err)
	}
}

// holding is an orphanage that holds its lock and sweeps when the test says so.
func holding(t *testing.T, db *pg.DB, name string) (sweep func(), die func()) {
	t.Helper()
	o := &orphanage{pool: db.Pool(), name: name, log: slog.New(slog.DiscardHandler)}
	conn := o.hold(t.Context(), nil)
	if conn == nil {
		t.Fatalf("%s cannot hold its lock", name)
	}
	die = sync.OnceFunc(func() { release(conn) })
	t.Cleanup(die)
	sweep = func() {
		if err := o.sweep(t.Context(), conn.Conn()); err != nil {
			t.Error(err)
		}
	}
	return sweep, die
}

func TestAJobIsThereExactlyIfTheTransactionIs(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	enrolment, no := uuid.New(), errors.New("no")
	if err := enqueued(t, db, enrolment, no); !errors.Is(err, no) {
		t.Fatal(err)
	}
	if got := states(t, db); len(got) != 0 {
		t.Errorf("after a rollback there are %v", got)
	}
	for range 3 {
		if err := enqueued(t, db, enrolment, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := states(t, db); got["available"] != 1 {
		t.Errorf("asked for thrice it waits %v", got)
	}
}

func TestAQueueWhoseDatabaseIsGoneIsUnavailable(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := client(t, db, Options{})
	err := db.InTx(t.Context(), func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Pgx().Exec(ctx, `SELECT pg_terminate_backend(pg_backend_pid())`); err == nil {
			t.Error("the connection outlived its end")
		}
		return c.Enqueue(ctx, tx, RegisterHours{EnrolmentID: uuid.New()})
	})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("%v is %s", err, fault.KindOf(err))
	}
}

func TestTheJobsOfAWorkerThatDiedAreTakenUp(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	if err := enqueued(t, db, uuid.New(), nil); err != nil {
		t.Fatal(err)
	}
	sweep, _ := holding(t, db, "alive")
	_, die := holding(t, db, "doomed")
	running(t, db, "doomed")
	for range 3 {
		sweep()
	}
	if got := states(t, db); got["running"] != 1 {
		t.Fatalf("a living worker's job was taken: %v", got)
	}
	die()
	untilHeld(t, db, 1)
	sweep()
	if got := states(t, db); got["running"] != 1 {
		t.Fatalf("one look is no proof, and yet: %v", got)
	}
	sweep()
	if got := states(t, db); got["available"] != 1 {
		t.Errorf("the dead worker's job was left: %v", got)
	}
}

func TestAWorkerThatComesBackBetweenTwoLooksKeepsItsJobs(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	if err := enqueued(t, db, uuid.New(), nil); err != nil {
		t.Fatal(err)
	}
	sweep, _ := holding(t, db, "alive")
	running(t, db, "restarted")
	sweep()
	holding(t, db, "restarted")
	sweep()
	sweep()
	if got := states(t, db); got["running"] != 1 {
		t.Errorf("its job was taken: %v", got)
	}
}

// done is a worker that tells which enrolments it got.
type done struct {
	river.WorkerDefaults[RegisterHours]
	got chan uuid.UUID
}

func (d done) Work(_ context.Context, job *river.Job[RegisterHours]) error {
	d.got <- job.Args.EnrolmentID
	return nil
}

func TestAWorkingProgramWorksAndIsKnownToBeAlive(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	d := done{got: make(chan uuid.UUID, 1)}
	workers := river.NewWorkers()
	river.AddWorker(workers, d)
	c := client(t, db, Options{Workers: workers})
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	enrolment := uuid.New()
	if err := enqueued(t, db, enrolment, nil); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-d.got:
		if got != enrolment {
			t.Errorf("worked on %s", got)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nobody worked")
	}
	if n := locks(t, db); n != 1 {
		t.Errorf("%d names are held while it works", n)
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	untilHeld(t, db, 0)
}

// untilHeld waits for PostgreSQL to notice that a connection is gone.
func untilHeld(t *testing.T, db *pg.DB, names int) {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for n := locks(t, db); n != names; n = locks(t, db) {
		if time.Now().After(end) {
			t.Fatalf("%d names are held, want %d", n, names)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func locks(t *testing.T, db *pg.DB) (n int) {
	t.Helper()
	err := db.Pool().QueryRow(t.Context(), `
		SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1::bigint::oid AND objsubid = 2
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, orphanLockClass).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAJobThatFailsIsTriedAgainSoonAndNeverLaterThanAMinute(t *testing.T) {
	t.Parallel()
	for failed, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute} {
		job := &rivertype.JobRow{Errors: make([]rivertype.AttemptError, failed)}
		if wait := time.Until(retries{}.NextRetry(job)); wait > want || wait < want-200*time.Millisecond {
			t.Errorf("after %d failures it waits %s, want %s", failed, wait, want)
		}
	}
}

// unlucky is a worker that fails once.
type unlucky struct {
	river.WorkerDefaults[RegisterHours]
	attempts chan int
}

func (u unlucky) Work(_ context.Context, job *river.Job[RegisterHours]) error {
	u.attempts <- job.Attempt
	if job.Attempt == 1 {
		return errors.New("the database was away")
	}
	return nil
}

func TestAJobThatFailedOnceIsDoneTheSecondTime(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	u := unlucky{attempts: make(chan int, 5)}
	workers := river.NewWorkers()
	river.AddWorker(workers, u)
	c := client(t, db, Options{Workers: workers})
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := enqueued(t, db, uuid.New(), nil); err != nil {
		t.Fatal(err)
	}
	for want := 1; want <= 2; want++ {
		select {
		case got := <-u.attempts:
			if got != want {
				t.Fatalf("attempt %d, want %d", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("attempt %d was never made", want)
		}
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if got := states(t, db); len(got) != 1 || got["completed"] != 1 {
		t.Errorf("at the end there are %v", got)
	}
}

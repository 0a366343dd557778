// Package jobs is what one domain owes another after a commit: typed work,
// enqueued inside the caller's transaction, so that it exists exactly if the
// transaction does. River keeps the queue in PostgreSQL.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/hourglass-lms/hourglass/storage/pg"
)

// RegisterHours asks the registry to enter the hours of a completed enrolment.
type RegisterHours struct {
	EnrolmentID uuid.UUID `json:"enrolment_id" river:"unique"`
}

// Kind names the job in the queue.
func (RegisterHours) Kind() string { return "register_hours" }

// InsertOpts: however often it is asked for, it waits once.
func (RegisterHours) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 100, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// PackageMedia asks for an uploaded video to be made playable.
type PackageMedia struct {
	AssetID uuid.UUID `json:"asset_id" river:"unique"`
}

// Kind names the job in the queue.
func (PackageMedia) Kind() string { return "package_media" }

// InsertOpts puts videos into a queue of their own: a long one must not keep hours waiting.
func (PackageMedia) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: MediaQueue, MaxAttempts: 20, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// ExportData asks for everything about a person to be put together.
type ExportData struct {
	ExportID uuid.UUID `json:"export_id" river:"unique"`
}

// Kind names the job in the queue.
func (ExportData) Kind() string { return "export_data" }

// InsertOpts: however often it is asked for, it waits once.
func (ExportData) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 20, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// MailReset asks for a link that sets a new password to be mailed, if somebody
// has the address.
type MailReset struct {
	Email string `json:"email"` // folded
}

// Kind names the job in the queue.
func (MailReset) Kind() string { return "mail_reset" }

// InsertOpts: a link that comes an hour late is better asked for again.
func (MailReset) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 8} }

// ImportStaff asks for the next step of an import of people.
type ImportStaff struct {
	ImportID uuid.UUID `json:"import_id" river:"unique"`
}

// Kind names the job in the queue.
func (ImportStaff) Kind() string { return "import_staff" }

// InsertOpts lets the second step be asked for while the first is not yet marked as done.
func (ImportStaff) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 20} }

// MediaQueue is where videos wait for ffmpeg.
const MediaQueue = "media"

// SendMail asks for a mail to be written and sent.
type SendMail struct {
	MailID uuid.UUID `json:"mail_id"`
}

// Kind names the job in the queue.
func (SendMail) Kind() string { return "send_mail" }

// InsertOpts puts mail into a queue of its own: where no server for mail is
// set nobody works on it, and it waits. The worker gives up by the mail's age.
func (SendMail) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: MailQueue, MaxAttempts: 1000}
}

// MailQueue is where mail waits for the server that takes it.
const MailQueue = "mail"

// Options say what a client works on.
type Options struct {
	Logger  *slog.Logger
	Workers *river.Workers // nil: this program only enqueues
	// MediaWorkers is how many videos are packaged at once; 0: 1.
	MediaWorkers int
	// MailWorkers is how many mails are sent at once; 0: mail waits.
	MailWorkers int
}

// Client enqueues and, when it has workers, works.
type Client struct {
	river   *river.Client[pgx.Tx]
	pool    *pgxpool.Pool
	log     *slog.Logger
	orphans *orphanage
}

// New makes a client on the pool.
func New(db *pg.DB, o Options) (*Client, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	cfg := &river.Config{Logger: o.Logger}
	if o.Workers != nil {
		cfg.Workers = o.Workers
		cfg.Queues = map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: 4},
			MediaQueue:         {MaxWorkers: max(1, o.MediaWorkers)},
		}
		if o.MailWorkers > 0 {
			cfg.Queues[MailQueue] = river.QueueConfig{MaxWorkers: o.MailWorkers}
		}
		// A notification may be swallowed by its throttle; the poll bounds how long that can delay a job.
		cfg.FetchPollInterval = 500 * time.Millisecond
		cfg.JobTimeout = -1 // each worker says its own
		cfg.RescueStuckJobsAfter = 15 * time.Minute
		cfg.RetryPolicy = retries{}
	}
	r, err := river.NewClient(riverpgxv5.New(db.Pool()), cfg)
	if err != nil {
		return nil, fmt.Errorf("set up jobs: %w", err)
	}
	return &Client{river: r, pool: db.Pool(), log: o.Logger}, nil
}

// Enqueue puts a job into the queue if and only if tx commits.
func (c *Client) Enqueue(ctx context.Context, tx *pg.Tx, args river.JobArgs) error {
	if _, err := c.river.InsertTx(ctx, tx.Pgx(), args, nil); err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), pg.Translate(err))
	}
	return nil
}

// EnqueueAll is Enqueue for many jobs in one statement.
func (c *Client) EnqueueAll(ctx context.Context, tx *pg.Tx, args ...river.JobArgs) error {
	many := make([]river.InsertManyParams, len(args))
	for i, a := range args {
		many[i].Args = a
	}
	if _, err := c.river.InsertManyTx(ctx, tx.Pgx(), many); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", len(args), pg.Translate(err))
	}
	return nil
}

// Start works until Stop.
func (c *Client) Start(ctx context.Context) error {
	// First: a worker without its name would be thought dead with its first job.
	c.orphans = startOrphanage(ctx, c.pool, c.river.ID(), c.log)
	if err := c.river.Start(ctx); err != nil {
		c.orphans.close()
		return fmt.Errorf("start workers: %w", err)
	}
	return nil
}

// Stop lets jobs under way finish until ctx ends, then cancels them; a
// cancelled job is taken up again by another worker.
func (c *Client) Stop(ctx context.Context) error {
	if c.orphans != nil {
		// Last: while jobs finish, nobody may think their worker dead.
		defer c.orphans.close()
	}
	if err := c.river.Stop(ctx); err == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := c.river.StopAndCancel(hard); err != nil {
		return fmt.Errorf("stop workers: %w", err)
	}
	return nil
}

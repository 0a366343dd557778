package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A program that was killed leaves its jobs marked as running, and the queue
// itself would wait for their time-out. Instead every working program holds an
// advisory lock under its name; the lock goes with its connection, and whoever
// still works takes up the jobs of names that no longer hold theirs.
const (
	orphanLockClass = 0x48474a42 // "HGJB"
	sweepEvery      = 5 * time.Second
)

// orphanage holds the lock of one client and sweeps for those of the dead.
type orphanage struct {
	pool *pgxpool.Pool
	name string
	log  *slog.Logger
	stop context.CancelFunc
	done sync.WaitGroup
	// missing are the names without a lock at the last sweep: a restart of
	// PostgreSQL takes all locks at once, so one sweep proves nothing.
	missing map[string]bool
}

// startOrphanage returns with the lock held, unless the database is away: then
// it is taken once it is back.
func startOrphanage(ctx context.Context, pool *pgxpool.Pool, name string, log *slog.Logger) *orphanage {
	o := &orphanage{pool: pool, name: name, log: log}
	conn := o.hold(ctx, nil)
	ctx, o.stop = context.WithCancel(context.WithoutCancel(ctx))
	o.done.Go(func() { o.run(ctx, conn) })
	return o
}

func (o *orphanage) close() {
	o.stop()
	o.done.Wait()
}

func (o *orphanage) run(ctx context.Context, conn *pgxpool.Conn) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	defer func() { release(conn) }()
	for {
		conn = o.hold(ctx, conn)
		if conn != nil {
			if err := o.sweep(ctx, conn.Conn()); err != nil && ctx.Err() == nil {
				o.log.WarnContext(ctx, "could not look for jobs of dead workers", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// hold returns a connection that holds the lock, a new one when the old is gone.
func (o *orphanage) hold(ctx context.Context, conn *pgxpool.Conn) *pgxpool.Conn {
	if conn != nil && conn.Ping(ctx) == nil {
		return conn
	}
	release(conn)
	o.missing = nil
	conn, err := o.pool.Acquire(ctx)
	if err != nil {
		return nil
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1, hashtext($2))`, orphanLockClass, o.name); err != nil {
		release(conn)
		return nil
	}
	return conn
}

// release closes the connection for good, so that no other borrower inherits the lock.
func release(conn *pgxpool.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Hijack().Close(ctx)
}

func (o *orphanage) sweep(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
		SELECT DISTINCT attempted_by[array_upper(attempted_by, 1)] FROM river_job j
		WHERE state = 'running' AND NOT EXISTS (
			SELECT FROM pg_locks l
			WHERE l.locktype = 'advisory' AND l.classid = $1::bigint::oid AND l.objsubid = 2
			  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
			  AND l.objid = (hashtext(attempted_by[array_upper(attempted_by, 1)])::bigint & 4294967295)::oid)`, orphanLockClass)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	before := o.missing
	o.missing = map[string]bool{}
	for _, name := range names {
		o.missing[name] = true
		if !before[name] {
			continue
		}
		tag, err := conn.Exec(ctx, `
			UPDATE river_job SET state = 'available', scheduled_at = now()
			WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`, name)
		if err != nil {
			return err
		}
		o.log.InfoContext(ctx, "took up the jobs of a worker that is gone", "worker", name, "jobs", tag.RowsAffected())
	}
	return nil
}

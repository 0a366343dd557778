package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Tx is one transaction on one connection, spoken to by hand-written SQL and
// by GORM alike.
type Tx struct {
	pgx  pgx.Tx
	conn *sql.Conn
	base *gorm.DB
	ctx  context.Context
}

// Pgx is the transaction for hand-written SQL. Committing or rolling it back
// is InTx's business.
func (tx *Tx) Pgx() pgx.Tx { return tx.pgx }

// Gorm is GORM inside the same transaction.
func (tx *Tx) Gorm() *gorm.DB {
	g := tx.base.Session(&gorm.Session{NewDB: true, Context: tx.ctx})
	g.Statement.ConnPool = inside{tx.conn}
	return g
}

const maxTries = 5

// InTx runs fn in one transaction: committed when fn returns nil, rolled back
// on an error or a panic. A transaction that PostgreSQL gave up for another's
// sake (40001, 40P01) is run again, so fn must not have effects elsewhere.
func (db *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	for try := 1; ; try++ {
		err := db.once(ctx, fn)
		if err == nil || try == maxTries || !mayRetry(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(try*try) * 5 * time.Millisecond):
		}
	}
}

func mayRetry(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

func (db *DB) once(ctx context.Context, fn func(context.Context, *Tx) error) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return fmt.Errorf("take a connection: %w", Translate(err))
	}
	defer func() { _ = conn.Close() }()
	var c *pgx.Conn
	// Raw must return before GORM may use the connection: it holds its lock meanwhile.
	// The connection stays ours until Close, so speaking to it below is safe.
	if err := conn.Raw(func(driver any) error {
		c = driver.(*stdlib.Conn).Conn()
		return nil
	}); err != nil {
		return fmt.Errorf("take a connection: %w", Translate(err))
	}
	tx, err := c.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", Translate(err))
	}
	return db.finish(ctx, tx, conn, fn)
}

func (db *DB) finish(ctx context.Context, tx pgx.Tx, conn *sql.Conn, fn func(context.Context, *Tx) error) error {
	done := false
	defer func() {
		if !done { // an error or a panic: the connection must not keep the transaction
			clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
			defer cancel()
			if tx.Rollback(clean) != nil {
				_ = tx.Conn().Close(clean)
			}
		}
	}()
	if err := fn(ctx, &Tx{pgx: owned{tx}, conn: conn, base: db.gorm, ctx: ctx}); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", Translate(err))
	}
	done = true
	return nil
}

// owned is a transaction that only InTx may end.
type owned struct{ pgx.Tx }

var errOwned = errors.New("the transaction is ended by InTx alone")

func (owned) Commit(context.Context) error   { return errOwned }
func (owned) Rollback(context.Context) error { return errOwned }

// inside shows GORM the connection without a way to begin: a transaction is open already.
type inside struct{ gorm.ConnPool }

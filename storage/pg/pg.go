// Package pg is the one pool of connections to PostgreSQL: hand-written SQL
// and GORM speak through it, within one transaction where they must, and what
// PostgreSQL refuses comes back as a kind of fault. It knows no domain.
package pg

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Options say which database and how much of it.
type Options struct {
	URL      string       // postgres://user:password@host:port/name?sslmode=…
	MaxConns int32        // 0: 16
	Logger   *slog.Logger // nil: silent
	// AsyncCommit gives up the flush before an answer, for throw-away databases of tests.
	AsyncCommit bool
	// Tracer sees every statement before it is sent; nil: none.
	Tracer pgx.QueryTracer
}

// DB is the pool.
type DB struct {
	pool *pgxpool.Pool
	sql  *sql.DB
	gorm *gorm.DB
	log  *slog.Logger
}

const (
	defaultConns   = 16
	connectTimeout = 3 * time.Second
	// statementTimeout bounds a query whose caller forgot to; requests carry shorter deadlines.
	statementTimeout = "60s"
)

// Open makes a pool and checks that the database answers.
func Open(ctx context.Context, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", redact(err))
	}
	cfg.MaxConns = o.MaxConns
	if cfg.MaxConns <= 0 {
		cfg.MaxConns = defaultConns
	}
	cfg.ConnConfig.ConnectTimeout = connectTimeout
	cfg.ConnConfig.Tracer = o.Tracer
	cfg.MaxConnIdleTime = 5 * time.Minute
	cfg.HealthCheckPeriod = 5 * time.Second
	setParam(cfg, "application_name", "hourglass")
	setParam(cfg, "timezone", "UTC")
	setParam(cfg, "statement_timeout", statementTimeout)
	setParam(cfg, "idle_in_transaction_session_timeout", "60s")
	if o.AsyncCommit {
		setParam(cfg, "synchronous_commit", "off")
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", Translate(err))
	}
	db := &DB{pool: pool, log: o.Logger}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", Translate(err))
	}
	db.sql = stdlib.OpenDBFromPool(pool)
	// The pool underneath keeps connections; a second idle set above it would only hold them back.
	db.sql.SetMaxIdleConns(0)
	if db.gorm, err = openGorm(db.sql); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func setParam(cfg *pgxpool.Config, name, value string) {
	if _, chosen := cfg.ConnConfig.RuntimeParams[name]; !chosen {
		cfg.ConnConfig.RuntimeParams[name] = value
	}
}

// redact drops the address from a parse error: it may hold the password.
func redact(error) error { return fmt.Errorf("it is not a PostgreSQL URL") }

func openGorm(conn gorm.ConnPool) (*gorm.DB, error) {
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: conn}), &gorm.Config{
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC() },
	})
	if err != nil {
		return nil, fmt.Errorf("set up gorm: %w", err)
	}
	return g, nil
}

// Pool is for hand-written SQL.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Gorm is GORM over the same pool.
func (db *DB) Gorm(ctx context.Context) *gorm.DB { return db.gorm.WithContext(ctx) }

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return Translate(db.pool.Ping(ctx)) }

// Close waits for connections in use and closes the pool.
func (db *DB) Close() {
	if db.sql != nil {
		_ = db.sql.Close()
	}
	db.pool.Close()
}

// Querier is what a pool and a transaction have in common, for helpers that
// read on either.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

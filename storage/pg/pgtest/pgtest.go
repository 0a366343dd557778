// Package pgtest gives a test a fresh, fully migrated database of a real
// PostgreSQL: a copy of a template that is migrated once.
package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/migrations"
	"github.com/hourglass-lms/hourglass/storage/pg"
)

// serverVariable names a server that several test programs share; without it
// each starts its own.
const serverVariable = "HOURGLASS_TEST_PG_URL"

// New is a database for this test alone, dropped at its end.
func New(t testing.TB) *pg.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open opens a database that URL made, closed at the test's end.
func Open(t testing.TB, address string) *pg.DB {
	t.Helper()
	db, err := pg.Open(t.Context(), pg.Options{URL: address, MaxConns: 12})
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL makes a database like New and tells its address, for programs under test.
func URL(t testing.TB) string {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := "hgt_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := s.exec(fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", name, s.template)); err != nil {
		t.Fatalf("copy the template database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Logf("drop the test's database: %v", err)
		}
	})
	return s.url(name)
}

type server struct {
	base     *url.URL
	template string
}

var theServer = sync.OnceValues(func() (*server, error) {
	address := os.Getenv(serverVariable)
	if address == "" {
		own, err := startOwn()
		if err != nil {
			return nil, err
		}
		address = own
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%s is not a URL", serverVariable)
	}
	s := &server{base: base}
	return s, s.makeTemplate()
})

// startOwn starts a server that lives as long as this test program, and first
// clears away what test programs before it left behind.
func startOwn() (string, error) {
	pattern := filepath.Join(os.TempDir(), "hg-pgtest-*")
	old, _ := filepath.Glob(pattern)
	for _, dir := range old {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(dir)
		}
	}
	dir, err := os.MkdirTemp("", "hg-pgtest-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	p, err := embedded.StartPostgres(context.Background(), embedded.PostgresOptions{Dir: dir, Fast: true, Database: "postgres"})
	if err != nil {
		return "", err
	}
	return p.URL(), nil
}

func (s *server) url(database string) string {
	u := *s.base
	u.Path = "/" + database
	return u.String()
}

func (s *server) exec(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	_, err = c.Exec(ctx, sql)
	return err
}

// makeTemplate migrates a database named after the migrations' content, once,
// whoever comes first; it only gets its name when it is whole.
func (s *server) makeTemplate() error {
	sum, err := schemaSum()
	if err != nil {
		return err
	}
	s.template = "hgtpl_" + sum
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock(7061)`); err != nil {
		return err
	}
	var exists bool
	if err := c.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, s.template).Scan(&exists); err != nil || exists {
		return err
	}
	raw := s.template + "_raw"
	if _, err := c.Exec(ctx, "DROP DATABASE IF EXISTS "+raw); err != nil {
		return err
	}
	if _, err := c.Exec(ctx, "CREATE DATABASE "+raw); err != nil {
		return err
	}
	if err := migrate(ctx, s.url(raw)); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "ALTER DATABASE "+raw+" RENAME TO "+s.template)
	return err
}

func migrate(ctx context.Context, address string) error {
	db, err := pg.Open(ctx, pg.Options{URL: address})
	if err != nil {
		return err
	}
	defer db.Close()
	return migrations.Up(ctx, db.Pool(), slog.New(slog.DiscardHandler))
}

func schemaSum() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(migrations.Files(), name)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(data), data)
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}

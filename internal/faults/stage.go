package faults

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	goredis "github.com/redis/go-redis/v9"
	"golang.org/x/mod/sumdb/note"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/migrations"
	"github.com/hourglass-lms/hourglass/storage/pg"
	redisclient "github.com/hourglass-lms/hourglass/storage/redis"
)

// patience is how long anything may take to come back before it counts as broken.
const patience = 30 * time.Second

// stage is everything that is struck, and ways around the proxies to look at it.
type stage struct {
	life       context.Context // ends with the run; servers started anew are bound to it
	pg         *embedded.Postgres
	redis      *embedded.Redis
	toPostgres *proxy
	toRedis    *proxy
	db         *pg.DB
	hot        goredis.UniversalClient
	keys       *study.Keys
	servers    []*keeper
	worker     *keeper
	addresses  []string // of the servers
	course     course
}

func raise(ctx context.Context, o Options) (s *stage, err error) {
	s = &stage{life: ctx}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if err = s.startParts(o.Dir); err != nil {
		return s, err
	}
	if err = migrations.Up(ctx, s.db.Pool(), slog.New(slog.DiscardHandler)); err != nil {
		return s, err
	}
	if s.course, err = plant(ctx, s.db, filepath.Join(o.Dir, "files"), o.people()); err != nil {
		return s, err
	}
	env, err := s.environment(o.Dir)
	if err != nil {
		return s, err
	}
	if s.worker, err = keep(o.Binary, o.Dir, "worker", env, "worker"); err != nil {
		return s, err
	}
	for n := range 2 {
		address, err := freeAddress()
		if err != nil {
			return s, err
		}
		k, err := keep(o.Binary, o.Dir, fmt.Sprintf("server-%d", n+1), append(slices.Clip(env), "HOURGLASS_LISTEN="+address), "serve")
		if err != nil {
			return s, err
		}
		s.servers, s.addresses = append(s.servers, k), append(s.addresses, address)
	}
	return s, s.ready(ctx)
}

func (s *stage) startParts(dir string) (err error) {
	// With its safe defaults: what is promised to be durable is to be flushed.
	if s.pg, err = embedded.StartPostgres(s.life, embedded.PostgresOptions{Dir: filepath.Join(dir, "database")}); err != nil {
		return err
	}
	if s.redis, err = embedded.StartRedis(filepath.Join(dir, "redis")); err != nil {
		return err
	}
	c, err := pgconn.ParseConfig(s.pg.URL())
	if err != nil {
		return err
	}
	if s.toPostgres, err = startProxy(pgconn.NetworkAddress(c.Host, c.Port)); err != nil {
		return err
	}
	if s.toRedis, err = startProxy("unix", strings.TrimPrefix(s.redis.URL(), "unix://")); err != nil {
		return err
	}
	if s.db, err = pg.Open(s.life, pg.Options{URL: s.pg.URL(), MaxConns: 4}); err != nil {
		return err
	}
	if s.hot, err = redisclient.Open(redisclient.Options{URL: s.redis.URL()}); err != nil {
		return err
	}
	return s.recoverFast()
}

// recoverFast lets PostgreSQL flush what it finds after a crash as a whole and
// not file by file, which takes seconds where it can.
func (s *stage) recoverFast() error {
	var can bool
	err := s.db.Pool().QueryRow(s.life, `SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'recovery_init_sync_method' AND 'syncfs' = ANY (enumvals))`).Scan(&can)
	if err != nil || !can {
		return err
	}
	_, err = s.db.Pool().Exec(s.life, `ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'`)
	return err
}

func (s *stage) environment(dir string) ([]string, error) {
	ledger, _, err := note.GenerateKey(rand.Reader, "faults")
	if err != nil {
		return nil, err
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: crypto/rand ends the program instead
	if s.keys, err = study.NewKeys(study.Key{ID: "f", Secret: secret[:]}); err != nil {
		return nil, err
	}
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOURGLASS_PUBLIC_URL=" + publicURL, "HOURGLASS_LOG_LEVEL=warn",
		"HOURGLASS_DATABASE_URL=postgres://hourglass@" + s.toPostgres.address() + "/hourglass?sslmode=disable", "HOURGLASS_REDIS_URL=redis://" + s.toRedis.address(),
		"HOURGLASS_OBJECTS=disk://" + filepath.Join(dir, "files"), "HOURGLASS_SECRET_KEYS=f:" + base64.StdEncoding.EncodeToString(secret[:]),
		"HOURGLASS_LEDGER_KEY=" + ledger, "HOURGLASS_DRAIN_SECONDS=5",
		// A check every second or two: the lesson is short.
		"HOURGLASS_PRESENCE_PER_HOUR=3600", "HOURGLASS_PRESENCE_GAP=1s",
	}, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// closeServers ends what would write.
func (s *stage) closeServers() {
	for _, k := range append(s.servers, s.worker) {
		k.close()
	}
}

func (s *stage) close() {
	s.closeServers()
	for _, p := range []*proxy{s.toPostgres, s.toRedis} {
		if p != nil {
			p.close()
		}
	}
	if s.hot != nil {
		_ = s.hot.Close()
	}
	if s.db != nil {
		s.db.Close()
	}
	if s.redis != nil {
		_ = s.redis.Close()
	}
	if s.pg != nil {
		_ = s.pg.Close()
	}
}

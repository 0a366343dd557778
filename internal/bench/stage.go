package bench

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"
	goredis "github.com/redis/go-redis/v9"
	"golang.org/x/mod/sumdb/note"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
	"github.com/hourglass-lms/hourglass/migrations"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/redis"
)

var silent = slog.New(slog.DiscardHandler)

// lessonMS is an hour's lesson.
const lessonMS = 3_600_000

// stage is everything that takes part: servers, the product as a process of
// its own, and the empty endpoint as another.
type stage struct {
	pg         *embedded.Postgres
	redis      *embedded.Redis
	db         *pg.DB
	client     goredis.UniversalClient
	course     studytest.Course
	keys       *study.Keys
	bare       role // the empty endpoint
	product    role
	redisEmpty int64
}

// role is this program in a process of its own.
type role struct {
	cmd     *exec.Cmd
	address string
}

func startStage(ctx context.Context, dir string) (s *stage, err error) {
	s = &stage{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.pg, s.redis, s.db, err = startServers(ctx, dir); err != nil {
		return s, err
	}
	if s.client, err = redis.Open(redis.Options{URL: s.redis.URL()}); err != nil {
		return s, err
	}
	if s.course, err = studytest.PlantCourse(ctx, s.db, lessonMS); err != nil {
		return s, err
	}
	if s.redisEmpty, err = s.redisMemory(ctx); err != nil {
		return s, err
	}
	if _, err = s.db.Pool().Exec(ctx, `SELECT study_make_partitions(current_date - 1, 3)`); err != nil {
		return s, err
	}
	env, err := s.environment(dir)
	if err != nil {
		return s, err
	}
	if err = s.bare.start(ctx, nil, "bench", "empty"); err != nil {
		return s, err
	}
	return s, s.product.start(ctx, env, "serve")
}

func (s *stage) environment(dir string) ([]string, error) {
	ledger, _, err := note.GenerateKey(rand.Reader, "bench")
	if err != nil {
		return nil, err
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:])
	if s.keys, err = study.NewKeys(study.Key{ID: "b", Secret: secret[:]}); err != nil {
		return nil, err
	}
	return []string{
		"HOURGLASS_PUBLIC_URL=http://bench.example", "HOURGLASS_DATABASE_URL=" + s.pg.URL(), "HOURGLASS_REDIS_URL=" + s.redis.URL(),
		"HOURGLASS_OBJECTS=disk://" + filepath.Join(dir, "files"), "HOURGLASS_SECRET_KEYS=b:" + base64.StdEncoding.EncodeToString(secret[:]),
		"HOURGLASS_LEDGER_KEY=" + ledger, "HOURGLASS_LOG_LEVEL=warn",
	}, nil
}

// start starts this program in a role and waits until it answers.
func (p *role) start(ctx context.Context, env []string, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if p.address, err = freeAddress(); err != nil {
		return err
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(append(os.Environ(), env...), "HOURGLASS_LISTEN="+p.address)
	return p.run(ctx, cmd, strings.Join(args, " "))
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// run waits until the program answers at its address.
func (p *role) run(ctx context.Context, cmd *exec.Cmd, name string) error {
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if res, err := http.Get("http://" + p.address + "/healthz"); err == nil {
			return res.Body.Close()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return fmt.Errorf("%s does not answer", name)
}

func (p *role) stop() {
	if p.cmd != nil {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		_ = p.cmd.Wait()
	}
}

func (s *stage) close() {
	s.product.stop()
	s.bare.stop()
	if s.client != nil {
		_ = s.client.Close()
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

// Empty serves what beats are compared with: the framework as it comes, and a
// handler that does nothing.
func Empty(ctx context.Context, listen string) error {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendStatus(http.StatusOK) })
	app.Post("/*", func(c *fiber.Ctx) error { return c.SendStatus(http.StatusOK) })
	ended := make(chan error, 1)
	go func() { ended <- app.Listen(listen) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return app.Shutdown()
	}
}

func (s *stage) redisMemory(ctx context.Context) (int64, error) {
	text, err := s.client.Info(ctx, "memory").Result()
	if err != nil {
		return 0, fmt.Errorf("ask Redis for its memory: %w", err)
	}
	sc := bufio.NewScanner(strings.NewReader(text))
	for sc.Scan() {
		if n, ok := strings.CutPrefix(sc.Text(), "used_memory_dataset:"); ok {
			return strconv.ParseInt(strings.TrimSpace(n), 10, 64)
		}
	}
	return 0, fmt.Errorf("no used_memory_dataset in what INFO says")
}

// startServers starts a PostgreSQL that is as durable as in production, and a Redis.
func startServers(ctx context.Context, dir string) (*embedded.Postgres, *embedded.Redis, *pg.DB, error) {
	p, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: filepath.Join(dir, "database")})
	if err != nil {
		return nil, nil, nil, err
	}
	r, err := embedded.StartRedis(filepath.Join(dir, "redis"))
	if err != nil {
		return nil, nil, nil, errors.Join(err, p.Close())
	}
	db, err := pg.Open(ctx, pg.Options{URL: p.URL(), MaxConns: 8})
	if err == nil {
		err = migrations.Up(ctx, db.Pool(), silent)
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, r.Close(), p.Close())
	}
	return p, r, db, nil
}

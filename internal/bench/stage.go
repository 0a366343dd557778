package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"
	goredis "github.com/redis/go-redis/v9"
	"golang.org/x/mod/sumdb/note"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/studytest"
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
	processes  []*exec.Cmd
	beats      string // host:port of the product
	bare       string // and of the empty endpoint
	redisEmpty int64
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
	if _, err = s.db.Pool().Exec(ctx, `SELECT study_make_partitions(current_date - 1, 3)`); err != nil {
		return s, err
	}
	env, err := s.environment(dir)
	if err != nil {
		return s, err
	}
	if s.bare, err = s.process(ctx, nil, "bench", "empty"); err != nil {
		return s, err
	}
	s.beats, err = s.process(ctx, env, "serve")
	return s, err
}

func (s *stage) environment(dir string) ([]string, error) {
	ledger, _, err := note.GenerateKey(rand.Reader, "bench")
	if err != nil {
		return nil, err
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:])
	return []string{
		"HOURGLASS_PUBLIC_URL=http://bench.example", "HOURGLASS_DATABASE_URL=" + s.pg.URL(), "HOURGLASS_REDIS_URL=" + s.redis.URL(),
		"HOURGLASS_OBJECTS=disk://" + filepath.Join(dir, "files"), "HOURGLASS_SECRET_KEYS=b:" + base64.StdEncoding.EncodeToString(secret[:]),
		"HOURGLASS_LEDGER_KEY=" + ledger, "HOURGLASS_LOG_LEVEL=warn",
	}, nil
}

// process starts this program in another role and waits until it answers.
func (s *stage) process(ctx context.Context, env []string, args ...string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return "", err
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(append(os.Environ(), env...), "HOURGLASS_LISTEN="+address)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", err
	}
	s.processes = append(s.processes, cmd)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if res, err := http.Get("http://" + address + "/healthz"); err == nil {
			_ = res.Body.Close()
			return address, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
	}
	return "", fmt.Errorf("%s does not answer", strings.Join(args, " "))
}

func (s *stage) close() {
	for _, p := range s.processes {
		_ = p.Process.Signal(syscall.SIGTERM)
		_ = p.Wait()
	}
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

// openSessions signs people in and opens their sessions over HTTP. Then all
// of the lesson counts as sent, because no file is behind it.
func (s *stage) openSessions(ctx context.Context, n int) ([]*learner, error) {
	people, err := s.course.Enrol(ctx, s.db, n)
	if err != nil {
		return nil, err
	}
	all := make([]*learner, n)
	hashes := make([][]byte, n)
	for i := range all {
		var token [32]byte
		_, _ = rand.Read(token[:])
		hash := sha256.Sum256(token[:])
		hashes[i] = hash[:]
		all[i] = &learner{cookie: base64.RawURLEncoding.EncodeToString(token[:])}
	}
	for i, p := range people {
		if _, err := s.db.Pool().Exec(ctx, `INSERT INTO sign_ins (token_hash, person_id, created_at, seen_at, expires_at) VALUES ($1, $2, now(), now(), now() + interval '1 day')`, hashes[i], p.Person); err != nil {
			return nil, err
		}
	}
	if s.redisEmpty, err = s.redisMemory(ctx); err != nil {
		return nil, err
	}
	if err := each(all, 16, func(l *learner) error { return l.open(s.beats, s.course.Lesson.String()) }); err != nil {
		return nil, err
	}
	return all, s.deliverAll(ctx)
}

func (s *stage) deliverAll(ctx context.Context) error {
	var sent study.Bits
	for i := range s.course.Manifest.Segments() {
		sent, _ = sent.With(int64(i))
	}
	if _, err := s.db.Pool().Exec(ctx, `UPDATE study_sessions SET delivered = $1, delivered_ms = $2`, []byte(sent), int64(lessonMS)); err != nil {
		return err
	}
	return s.client.FlushAll(ctx).Err() // the first beat rebuilds
}

func each(all []*learner, width int, do func(*learner) error) error {
	var wait sync.WaitGroup
	failed := make(chan error, width)
	for w := range width {
		wait.Go(func() {
			for i := w; i < len(all); i += width {
				if err := do(all[i]); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wait.Wait()
	close(failed)
	return <-failed
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

// open opens a session over HTTP.
func (l *learner) open(address, lesson string) error {
	req, err := http.NewRequest(http.MethodPost, "http://"+address+"/api/v1/study-sessions", bytes.NewReader(fmt.Appendf(nil, `{"lesson_id":%q}`, lesson)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Cookie", "hourglass_session="+l.cookie)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusCreated {
		return fmt.Errorf("open a session: %d %s", res.StatusCode, text)
	}
	var opened struct{ ID, Token string }
	if err := json.Unmarshal(text, &opened); err != nil {
		return err
	}
	l.path, l.token, l.seq, l.last = "/api/v1/study-sessions/"+opened.ID+"/beats", opened.Token, 1, time.Now()
	return nil
}

package attacks_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

// stage is a running server with two courses, shared by all attacks.
type stage struct {
	base     string
	db       *pg.DB
	accounts *identity.Accounts
	http     *http.Client
	binary   string
	files    string // the folder of its files
	env      []string
	nginx    string // a second server, behind nginx, which sends the files
	// The course people study, another one, and a third in two versions, with
	// somebody who enrolled in the first of them.
	course, other, old, next published
	early                    *learner
	// asking is the same, through a server that asks for presence all the time.
	asking *stage
}

// secret is the server's key: an address that has expired cannot be waited for.
var secret = bytes.Repeat([]byte{7}, 32)

// raise starts the program as an operator would: migrate, serve, worker.
func raise(t *testing.T) *stage {
	t.Helper()
	_, redis := redistest.NewServer(t)
	address, listen := pgtest.URL(t), freePort(t)
	st := &stage{base: "http://" + listen, db: pgtest.Open(t, address), binary: build(t), files: t.TempDir()}
	// Passwords are not what is attacked here, so their hashes may be cheap.
	st.accounts = identity.NewAccounts(identity.Options{Store: identitydb.New(st.db), Cost: identity.HashCost{MemoryKiB: 128, Passes: 1, Lanes: 1}})
	st.http = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(st.http.CloseIdleConnections)
	st.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "HOURGLASS_LISTEN=" + listen, "HOURGLASS_PUBLIC_URL=" + st.base,
		"HOURGLASS_DATABASE_URL=" + address, "HOURGLASS_REDIS_URL=" + redis.URL(), "HOURGLASS_OBJECTS=disk://" + st.files,
		"HOURGLASS_SECRET_KEYS=k1:" + base64.StdEncoding.EncodeToString(secret), "HOURGLASS_DRAIN_SECONDS=5", "HOURGLASS_PRESENCE_PER_HOUR=0", "HOURGLASS_SECOND_FACTOR=offered", "HOURGLASS_LOG_LEVEL=warn",
	}
	key, _, _ := strings.Cut(st.run(t, "ledger", "key", "--name", "attacks.example"), "\n")
	st.env = append(st.env, key)
	st.run(t, "migrate")
	st.start(t, "serve")
	st.start(t, "worker")
	st.startBehindNginx(t)
	st.waitReady(t, st.base)
	st.waitReady(t, st.nginx)
	st.publish(t)
	st.asking = st.ask(t)
	return st
}

// ask starts another server on the same stores, where a check is due after 1.5
// seconds of study, and not before one.
func (st *stage) ask(t *testing.T) *stage {
	t.Helper()
	listen := freePort(t)
	out := *st
	out.base = "http://" + listen
	out.env = append(slices.Clone(st.env), "HOURGLASS_LISTEN="+listen, "HOURGLASS_PUBLIC_URL="+out.base,
		"HOURGLASS_PRESENCE_PER_HOUR=3600", "HOURGLASS_PRESENCE_GAP=1s", fmt.Sprintf("HOURGLASS_PRESENCE_WINDOW=%ds", windowS))
	out.start(t, "serve")
	out.waitReady(t, out.base)
	return &out
}

func build(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "hourglass")
	if text, err := exec.Command("go", "build", "-o", out, "../../../cmd/hourglass").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, text)
	}
	return out
}

func (st *stage) run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command(st.binary, args...)
	cmd.Env = st.env
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("hourglass %v: %v\n%s", args, err, errs.String())
	}
	return string(out)
}

// start runs a part of the program until the test ends. It must survive every
// attack and end cleanly.
func (st *stage) start(t *testing.T, args ...string) { t.Helper(); st.startWith(t, st.env, args...) }

func (st *stage) startWith(t *testing.T, env []string, args ...string) {
	t.Helper()
	cmd := exec.Command(st.binary, args...)
	cmd.Env = env
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
		defer kill.Stop()
		if err := cmd.Wait(); err != nil {
			t.Errorf("hourglass %v: %v", args, err)
		}
		if strings.Contains(log.String(), "panic") {
			t.Errorf("an attack made hourglass %v panic", args)
		}
		if text := log.String(); t.Failed() {
			t.Logf("hourglass %v said:\n%s", args, text[max(0, len(text)-6000):])
		}
	})
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func (st *stage) waitReady(t *testing.T, base string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		res, err := st.http.Get(base + "/readyz")
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(end) {
			t.Fatalf("the server did not come up: %v", err)
		}
	}
}

// account opens an account and signs it in.
func (st *stage) account(t *testing.T) (uuid.UUID, string) {
	t.Helper()
	in, err := st.accounts.SignUp(t.Context(), identity.NewAccount{Email: uuid.NewString() + "@attacks.example", Password: "correct horse battery", Name: "沈知远"}, identity.Client{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Profile.PersonID, in.Token
}

// signInAgain is another sign-in of a person, as on another device.
func (st *stage) signInAgain(t *testing.T, person uuid.UUID) string {
	t.Helper()
	p, err := st.accounts.Profile(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	in, err := st.accounts.SignIn(t.Context(), p.Email, "correct horse battery", identity.Client{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Token
}

func (st *stage) count(t *testing.T, sql string, args ...any) (n int64) {
	t.Helper()
	if err := st.db.Pool().QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", sql, err))
	}
	return n
}

func (st *stage) text(t *testing.T, sql string, args ...any) (out string) {
	t.Helper()
	if err := st.db.Pool().QueryRow(t.Context(), sql, args...).Scan(&out); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", sql, err))
	}
	return out
}

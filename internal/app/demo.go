package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/demo"
	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/internal/registry/registrydb"
)

// DemoOptions say how a demonstration runs.
type DemoOptions struct {
	Listen string   // address:port; port 0 takes a free one
	Dir    string   // data, made when missing and kept
	JSON   bool     // one line for programs instead of words for people
	Only   []string // folders of the courses to publish; none: all
	Out    io.Writer
	Err    io.Writer
	Debug  bool
}

// Demo runs the whole product on this machine, with servers of its own, until ctx ends.
func Demo(ctx context.Context, o DemoOptions) (err error) {
	level := slog.LevelWarn
	if o.Debug {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(o.Err, &slog.HandlerOptions{Level: level}))
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return fmt.Errorf("the folder for data: %w", err)
	}
	o.say("starting PostgreSQL and Redis")
	servers, err := startServers(ctx, o.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, servers.close()) }()
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", o.Listen, err)
	}
	c, err := demoConfig(o, servers, l.Addr().(*net.TCPAddr))
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := Migrate(ctx, c, log); err != nil {
		return errors.Join(err, l.Close())
	}
	c.Mail.Folder, c.Mail.From = o.mailFolder(), "Hourglass <no-reply@hourglass.example>"
	a, err := Open(ctx, c, log, Task{Serve: true, Work: true})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer a.Close()
	return a.runDemo(ctx, o, l)
}

// runDemo serves, works and seeds at once: seeding is done over HTTP and waits for the workers.
func (a *App) runDemo(ctx context.Context, o DemoOptions, l net.Listener) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan error, 2)
	go func() { ended <- a.serve(ctx, l) }()
	go func() { ended <- a.work(ctx) }()
	go func() {
		ready, err := demo.Seed(ctx, demo.Options{URL: a.cfg.PublicURL.String(), Organisations: a.domains.orgs, Accounts: a.domains.accounts, Register: registrydb.New(a.parts.db, time.Now), Only: o.Only, Say: o.say})
		if err != nil {
			cancel(fmt.Errorf("prepare the demonstration: %w", err))
			return
		}
		if err := o.announce(ready); err != nil {
			cancel(err)
		}
	}()
	first := <-ended
	cancel(first)
	second := <-ended
	cause := context.Cause(ctx)
	if errors.Is(cause, context.Canceled) {
		cause = nil
	}
	return errors.Join(cause, first, second)
}

func (o DemoOptions) say(format string, args ...any) {
	if !o.JSON {
		fmt.Fprintf(o.Err, "  "+format+" …\n", args...)
	}
}

// announce says that it is ready: one JSON line for programs, words for people.
func (o DemoOptions) announce(r demo.Ready) error {
	if o.JSON {
		return json.NewEncoder(o.Out).Encode(r)
	}
	fmt.Fprintf(o.Out, "\nHourglass is ready at %s\n\n", r.URL)
	for _, acc := range r.Accounts {
		fmt.Fprintf(o.Out, "  %-20s %-34s %s\n", acc.Role, acc.Email, acc.Password)
	}
	fmt.Fprintf(o.Out, "\nMail is sent to nobody; it lies in %s, to be opened with any mail program.\n", o.mailFolder())
	_, err := fmt.Fprintf(o.Out, "\nCtrl-C stops it; the data stays in %s.\n", o.Dir)
	return err
}

// mailFolder is where the demonstration's mail lies instead of being sent.
func (o DemoOptions) mailFolder() string { return filepath.Join(o.Dir, "mail") }

type servers struct {
	pg    *embedded.Postgres
	redis *embedded.Redis
}

func startServers(ctx context.Context, dir string) (*servers, error) {
	p, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: filepath.Join(dir, "database")})
	if err != nil {
		return nil, err
	}
	r, err := embedded.StartRedis(filepath.Join(dir, "redis"))
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return &servers{p, r}, nil
}

func (s *servers) close() error { return errors.Join(s.redis.Close(), s.pg.Close()) }

// demoConfig is the environment a demonstration makes for itself.
func demoConfig(o DemoOptions, s *servers, at *net.TCPAddr) (*config.Config, error) {
	keys, err := keysIn(o.Dir)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(filepath.Join(o.Dir, "files"))
	if err != nil {
		return nil, err
	}
	host := at.IP.String()
	if at.IP.IsUnspecified() || at.IP.IsLoopback() {
		host = "127.0.0.1"
	}
	env := map[string]string{
		"PUBLIC_URL": "http://" + net.JoinHostPort(host, strconv.Itoa(at.Port)), "DATABASE_URL": s.pg.URL(), "REDIS_URL": s.redis.URL(),
		"OBJECTS": "disk://" + dir, "SECRET_KEYS": keys.SecretKeys, "LEDGER_KEY": keys.LedgerKey, "DRAIN_SECONDS": "5",
		// Its accounts are for whoever looks around; a second factor can be tried out all the same.
		"SECOND_FACTOR": "offered",
	}
	return config.Load(func(name string) string {
		if strings.HasPrefix(name, config.Prefix+"OIDC_") || strings.HasPrefix(name, config.Prefix+"PRESENCE_") || strings.HasPrefix(name, config.Prefix+"INTEGRITY_") { // so that they can be tried out
			return os.Getenv(name)
		}
		return env[name[len(config.Prefix):]]
	}, ServeNeeds...)
}

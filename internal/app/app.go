package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"

	"github.com/hourglass-lms/hourglass/frontend"
	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/jobs"
	"github.com/hourglass-lms/hourglass/internal/linktoken"
	"github.com/hourglass-lms/hourglass/internal/roster/rosterjob"
	"github.com/hourglass-lms/hourglass/storage/vault"
)

// What each task cannot start without.
var (
	ServeNeeds  = []string{"PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "OBJECTS", "SECRET_KEYS", "LEDGER_KEY"}
	WorkerNeeds = []string{"DATABASE_URL", "OBJECTS", "SECRET_KEYS"}
)

// App is the product, put together and not yet running.
type App struct {
	cfg      *config.Config
	log      *slog.Logger
	parts    *parts
	jobs     *jobs.Client
	domains  *domains
	registry *prometheus.Registry
	vault    *vault.Vault
	links    *linktoken.Keys // of the proofs in mails
}

// Task says what an App is for.
type Task struct {
	Serve bool
	Work  bool
}

// Open opens everything the settings name and puts the domains together.
func Open(ctx context.Context, c *config.Config, log *slog.Logger, task Task) (*App, error) {
	p, err := openParts(ctx, c, log)
	if err != nil {
		return nil, err
	}
	a := &App{cfg: c, log: log, parts: p, registry: prometheus.NewRegistry()}
	if err := a.assemble(ctx, task); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

func (a *App) assemble(ctx context.Context, task Task) (err error) {
	if err := a.parts.ready(ctx); err != nil {
		return err
	}
	if a.vault, err = openVault(ctx, a.cfg, a.parts.db); err != nil {
		return err
	}
	if a.links, err = linkKeys(a.cfg); err != nil {
		return err
	}
	var workers *river.Workers
	if task.Work {
		workers = river.NewWorkers()
	}
	a.domains = &domains{}
	if task.Work {
		if err := a.addWorkers(workers); err != nil {
			return err
		}
	}
	if a.jobs, err = jobs.New(a.parts.db, jobs.Options{Logger: a.log, Workers: workers, MediaWorkers: a.cfg.Workers, MailWorkers: a.mailWorkers()}); err != nil {
		return err
	}
	return a.addDomains(task)
}

// Close gives everything back; what runs must have been stopped before.
func (a *App) Close() {
	if a.domains != nil {
		a.domains.close()
	}
	a.parts.close()
}

// Router is the whole edge.
func (a *App) Router() *fiber.App {
	return httpapi.NewRouter(httpapi.Options{
		Logger: a.log, Services: a.domains.services, PublicURL: a.cfg.PublicURL.String(), TrustedProxies: a.cfg.TrustedProxies,
		ObjectOrigins: a.objectOrigins(), Frontend: frontend.Dist(), Probes: a.parts.probes(), Registry: a.registry,
	})
}

// objectOrigins are where browsers may fetch media beside our own address.
func (a *App) objectOrigins() []string {
	if public := a.cfg.Objects.Public; public != nil {
		return []string{public.Scheme + "://" + public.Host}
	}
	return nil
}

// Serve answers requests until ctx ends, then lets those under way finish.
func Serve(ctx context.Context, c *config.Config, log *slog.Logger) error {
	a, err := Open(ctx, c, log, Task{Serve: true})
	if err != nil {
		return err
	}
	defer a.Close()
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return &config.Error{Name: config.Prefix + "LISTEN", Why: err.Error()}
	}
	return a.serve(ctx, l)
}

// serve owns the listener. The order of the end: no new connections, requests
// under way finish, then the parts are closed.
func (a *App) serve(ctx context.Context, l net.Listener) error {
	router := a.Router()
	failed := make(chan error, 1)
	go func() { failed <- router.Listener(l) }()
	a.log.InfoContext(ctx, "listening", "address", l.Addr().String(), "public_url", a.cfg.PublicURL.String())
	select {
	case err := <-failed:
		return fmt.Errorf("listen: %w", err)
	case <-ctx.Done():
	}
	a.log.Info("draining", "patience", a.cfg.Drain)
	if err := router.ShutdownWithTimeout(max(time.Second, a.cfg.Drain)); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("drain: %w", err)
	}
	a.log.Info("stopped")
	return nil
}

// Work works on background jobs until ctx ends, then lets those under way finish.
func Work(ctx context.Context, c *config.Config, log *slog.Logger) error {
	a, err := Open(ctx, c, log, Task{Work: true})
	if err != nil {
		return err
	}
	defer a.Close()
	return a.work(ctx)
}

func (a *App) work(ctx context.Context) error {
	if err := a.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	a.log.InfoContext(ctx, "working")
	var sweeps sync.WaitGroup
	sweeps.Go(func() { a.sweeper().Run(ctx) })
	sweeps.Go(func() { rosterjob.Tell(ctx, a.rosterStore(), a.log) })
	sweeps.Go(func() { a.digests(ctx) })
	a.keepHouse(ctx) // until ctx ends
	sweeps.Wait()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.Drain)
	defer cancel()
	return a.jobs.Stop(stop)
}

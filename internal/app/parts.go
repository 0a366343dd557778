package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/migrations"
	"github.com/hourglass-lms/hourglass/storage/objects"
	"github.com/hourglass-lms/hourglass/storage/objects/disk"
	"github.com/hourglass-lms/hourglass/storage/objects/s3"
	"github.com/hourglass-lms/hourglass/storage/pg"
	"github.com/hourglass-lms/hourglass/storage/redis"
)

// parts are the servers everything stands on.
type parts struct {
	db      *pg.DB
	redis   goredis.UniversalClient
	objects objects.Store
}

// openParts opens what the settings name; what is not set stays nil.
func openParts(ctx context.Context, c *config.Config, log *slog.Logger) (p *parts, err error) {
	p = &parts{}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if p.db, err = pg.Open(ctx, pg.Options{URL: c.DatabaseURL, MaxConns: c.DatabaseConns, Logger: log}); err != nil {
		return p, &config.Error{Name: config.Prefix + "DATABASE_URL", Why: err.Error()}
	}
	if c.RedisURL != "" {
		if p.redis, err = redis.Open(redis.Options{URL: c.RedisURL}); err != nil {
			return p, &config.Error{Name: config.Prefix + "REDIS_URL", Why: err.Error()}
		}
	}
	if p.objects, err = openObjects(ctx, c); err != nil {
		return p, &config.Error{Name: config.Prefix + "OBJECTS", Why: err.Error()}
	}
	return p, nil
}

func openObjects(ctx context.Context, c *config.Config) (objects.Store, error) {
	o := c.Objects
	if o.Bucket == "" {
		return disk.Open(o.Dir)
	}
	return s3.Open(ctx, s3.Options{Endpoint: o.Endpoint, Public: o.Public, Bucket: o.Bucket, Region: o.Region, AccessKey: o.AccessKey, SecretKey: o.SecretKey})
}

func (p *parts) close() {
	if p.redis != nil {
		_ = p.redis.Close()
	}
	if p.db != nil {
		p.db.Close()
	}
}

// ready refuses to start on a database of another version: half of the
// operations would fail, each in its own way.
func (p *parts) ready(ctx context.Context) error {
	pending, err := migrations.Pending(ctx, p.db.Pool())
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return fmt.Errorf("the database lacks %s; run `hourglass migrate`", strings.Join(pending, ", "))
	}
	return nil
}

// probe asks one part whether it answers.
type probe struct {
	name  string
	check func(context.Context) error
}

func (p probe) Name() string                    { return p.name }
func (p probe) Check(ctx context.Context) error { return p.check(ctx) }

func (p *parts) probes() []httpapi.Probe {
	return []httpapi.Probe{
		probe{"postgres", p.db.Ping},
		probe{"redis", func(ctx context.Context) error { return p.redis.Ping(ctx).Err() }},
		probe{"objects", p.objects.Ping},
	}
}

// Migrate brings the database to this version.
func Migrate(ctx context.Context, c *config.Config, log *slog.Logger) error {
	db, err := pg.Open(ctx, pg.Options{URL: c.DatabaseURL, MaxConns: 4, Logger: log})
	if err != nil {
		return &config.Error{Name: config.Prefix + "DATABASE_URL", Why: err.Error()}
	}
	defer db.Close()
	start := time.Now()
	if err := migrations.Up(ctx, db.Pool(), log); err != nil {
		return err
	}
	log.InfoContext(ctx, "the database is at this version", "took", time.Since(start))
	return nil
}

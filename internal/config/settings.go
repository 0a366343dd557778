package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

type setting struct {
	name     string
	meaning  string
	fallback string
	secret   bool
	required bool
	set      func(*Config, string) error
}

// settings are all there are, in the order they are printed.
var settings = []setting{
	{name: "PUBLIC_URL", required: true, meaning: "The address people reach the product at, e.g. https://learn.example.cn", set: setPublicURL},
	{name: "DATABASE_URL", required: true, meaning: "PostgreSQL, e.g. postgres://user:password@host:5432/hourglass?sslmode=verify-full", set: setDatabase},
	{name: "REDIS_URL", required: true, meaning: "Redis: redis://, rediss://, unix://, redis+sentinel://host:port,…/master or redis+cluster://host:port,…", set: text(func(c *Config) *string { return &c.RedisURL })},
	{name: "OBJECTS", required: true, meaning: "Where files lie: disk:///path, or s3://bucket?endpoint=https://host:port&region=us-east-1", set: setObjects},
	{name: "S3_ACCESS_KEY", meaning: "The S3 store's access key", secret: true, set: text(func(c *Config) *string { return &c.Objects.AccessKey })},
	{name: "S3_SECRET_KEY", meaning: "The S3 store's secret key", secret: true, set: text(func(c *Config) *string { return &c.Objects.SecretKey })},
	{name: "S3_PUBLIC_URL", meaning: "Where browsers reach the S3 store: they are then sent to it for segments; not set, segments come through the server", set: setS3Public},
	{name: "NGINX_FILES", meaning: "Internal address at which an nginx in front serves the folder of OBJECTS, e.g. /stored-files/ (deploy/nginx.conf); not set, the server sends files itself", set: setAccel},
	{name: "SECRET_KEYS", required: true, secret: true, meaning: "Keys for tokens and signed addresses: id:base64 of 32 bytes, several by commas, the first signs", set: setSecretKeys},
	{name: "LEDGER_KEY", required: true, secret: true, meaning: "The key that signs the register's checkpoints; made by `hourglass ledger key`", set: text(func(c *Config) *string { return &c.LedgerKey })},
	{name: "LISTEN", fallback: "127.0.0.1:8080", meaning: "Address and port to listen on", set: setListen},
	{name: "TRUSTED_PROXIES", meaning: "Networks of proxies that may say who the client is, e.g. 10.0.0.0/8", set: prefixes(func(c *Config) *[]netip.Prefix { return &c.TrustedProxies })},
	{name: "OIDC_NETWORKS", meaning: "Private networks in which organisations' own sign-in providers may be, e.g. 10.1.0.0/16; others must be at public addresses", set: prefixes(func(c *Config) *[]netip.Prefix { return &c.OIDCNetworks })},
	{name: "DATABASE_MAX_CONNS", fallback: "16", meaning: "Connections to PostgreSQL this program may hold", set: number(2, 1000, func(c *Config, n int64) { c.DatabaseConns = int32(n) })},
	{name: "WORKERS", fallback: "1", meaning: "Videos a worker packages at the same time", set: number(1, 64, func(c *Config, n int64) { c.Workers = int(n) })},
	{name: "MAX_UPLOAD_BYTES", fallback: "4294967296", meaning: "Largest file an author may upload", set: number(1<<20, 1<<40, func(c *Config, n int64) { c.MaxUpload = n })},
	{name: "PRESENCE_PER_HOUR", fallback: "3", meaning: "Presence checks a credit hour of study has on average; 0: none", set: number(0, 3600, func(c *Config, n int64) { c.Presence.PerHour = int(n) })},
	{name: "PRESENCE_GAP", fallback: "2m", meaning: "Credited time that lies between two presence checks at least", set: duration(time.Second, time.Hour, func(c *Config) *time.Duration { return &c.Presence.Gap })},
	{name: "PRESENCE_WINDOW", fallback: "2m", meaning: "How long a presence check may be answered", set: duration(5*time.Second, time.Hour, func(c *Config) *time.Duration { return &c.Presence.Window })},
	{name: "EVIDENCE_BEATS_DAYS", fallback: "90", meaning: "Days that every beat of study is kept; afterwards the session's record stands for them", set: number(14, 36500, func(c *Config, n int64) { c.Evidence.BeatsDays = int(n) })},
	{name: "EVIDENCE_YEARS", fallback: "10", meaning: "Years that the record of a session is kept, at least 6", set: number(6, 100, func(c *Config, n int64) { c.Evidence.Years = int(n) })},
	{name: "DELETION_DAYS", fallback: "14", meaning: "Days between a person's request to be deleted and the deletion, in which they can take it back", set: number(0, 365, func(c *Config, n int64) { c.DeletionDays = int(n) })},
	{name: "INTEGRITY_EVEN", fallback: "4ms", meaning: "Beats of which the middle four fifths of the intervals differ by less are flagged for review", set: duration(time.Millisecond, time.Second, func(c *Config) *time.Duration { return &c.EvenBeats })},
	{name: "SECOND_FACTOR", fallback: "required", meaning: "Of officers, managers and auditors: required, or offered to them as to everybody", set: oneOf(func(c *Config) *string { return &c.SecondFactor }, "required", "offered")},
	{name: "BREACHED_PASSWORDS", meaning: "Folder of leaked passwords' SHA-1 ranges as Have I Been Pwned's downloaders make it (5BAA6.txt …); not set, only the commonest are refused", set: text(func(c *Config) *string { return &c.BreachedPasswords })},
	{name: "SMTP_URL", meaning: "The server that takes mail: smtp://user@host:587 (STARTTLS) or smtps://user@host:465; not set, mail waits in the database", set: setSMTP},
	{name: "SMTP_PASSWORD", secret: true, meaning: "The user's password there", set: text(func(c *Config) *string { return &c.Mail.Password })},
	{name: "MAIL_FROM", meaning: "Whom mail comes from, e.g. Hourglass <no-reply@learn.example.cn>", set: setMailFrom},
	{name: "DRAIN_SECONDS", fallback: "20", meaning: "How long requests and jobs under way may take after SIGTERM", set: number(0, 3600, func(c *Config, n int64) { c.Drain = time.Duration(n) * time.Second })},
	{name: "FFMPEG", fallback: "ffmpeg", meaning: "The ffmpeg program", set: text(func(c *Config) *string { return &c.FFmpeg })},
	{name: "FFPROBE", fallback: "ffprobe", meaning: "The ffprobe program", set: text(func(c *Config) *string { return &c.FFprobe })},
	{name: "LOG_LEVEL", fallback: "info", meaning: "debug, info, warn or error", set: func(c *Config, v string) error {
		if c.LogLevel.UnmarshalText([]byte(v)) != nil {
			return errors.New("must be debug, info, warn or error")
		}
		return nil
	}},
	{name: "LOG_FORMAT", fallback: "json", meaning: "json or text", set: func(c *Config, v string) error {
		if c.LogFormat = v; v != "json" && v != "text" {
			return errors.New("must be json or text")
		}
		return nil
	}},
}

func text(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		*field(c) = v
		return nil
	}
}

func oneOf(field func(*Config) *string, words ...string) func(*Config, string) error {
	return func(c *Config, v string) error {
		if !slices.Contains(words, v) {
			return errors.New("must be " + strings.Join(words, " or "))
		}
		*field(c) = v
		return nil
	}
}

func number(low, high int64, set func(*Config, int64)) func(*Config, string) error {
	return func(c *Config, v string) error {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < low || n > high {
			return fmt.Errorf("must be a number from %d to %d", low, high)
		}
		set(c, n)
		return nil
	}
}

func duration(low, high time.Duration, field func(*Config) *time.Duration) func(*Config, string) error {
	return func(c *Config, v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < low || d > high {
			return fmt.Errorf("must be a duration from %s to %s, e.g. 2m", low, high)
		}
		*field(c) = d
		return nil
	}
}

func webURL(v string) (*url.URL, error) {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return nil, errors.New("must be an address that begins with http:// or https://")
	}
	return u, nil
}

func setPublicURL(c *Config, v string) (err error) {
	if c.PublicURL, err = webURL(v); err != nil {
		return err
	}
	if strings.Trim(c.PublicURL.Path, "/") != "" || c.PublicURL.RawQuery != "" {
		return errors.New("must not have a path: the product is served from the root of its host")
	}
	c.PublicURL.Path = ""
	return nil
}

func setDatabase(c *Config, v string) error {
	if !strings.HasPrefix(v, "postgres://") && !strings.HasPrefix(v, "postgresql://") {
		return errors.New("must begin with postgres://")
	}
	c.DatabaseURL = v
	return nil
}

func setObjects(c *Config, v string) error {
	u, err := url.Parse(v)
	if err != nil {
		return errors.New("is not an address")
	}
	switch u.Scheme {
	case "disk":
		if u.Host != "" || !filepath.IsAbs(u.Path) {
			return errors.New("must be disk:/// and an absolute path")
		}
		c.Objects.Dir = filepath.Clean(u.Path)
		return nil
	case "s3":
		return setBucket(&c.Objects, u)
	}
	return errors.New("must begin with disk:/// or s3://")
}

func setBucket(o *Objects, u *url.URL) (err error) {
	q := u.Query()
	if u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return errors.New("must name one bucket: s3://bucket?endpoint=…")
	}
	if o.Endpoint, err = webURL(q.Get("endpoint")); err != nil {
		return errors.New("needs ?endpoint=https://host:port of the store")
	}
	o.Bucket, o.Region = u.Host, q.Get("region")
	return nil
}

func setS3Public(c *Config, v string) (err error) {
	c.Objects.Public, err = webURL(v)
	return err
}

func setAccel(c *Config, v string) error {
	if c.Objects.Accel = v; !strings.HasPrefix(v, "/") || !strings.HasSuffix(v, "/") || strings.ContainsAny(v, " ?#\r\n") || len(v) < 3 {
		return errors.New("must be a path that begins and ends with a slash, e.g. /stored-files/")
	}
	return nil
}

func setSecretKeys(c *Config, v string) error {
	seen := map[string]bool{}
	for part := range strings.SplitSeq(v, ",") {
		id, text, ok := strings.Cut(strings.TrimSpace(part), ":")
		key, err := base64.StdEncoding.DecodeString(text)
		if !ok || id == "" || len(id) > 16 || strings.ContainsAny(id, ". /") || err != nil {
			return errors.New("must be id:base64, several by commas; make one with `openssl rand -base64 32`")
		}
		if len(key) < 32 {
			return fmt.Errorf("key %q is shorter than 32 bytes", id)
		}
		if seen[id] {
			return fmt.Errorf("key %q is there twice", id)
		}
		seen[id] = true
		c.SecretKeys = append(c.SecretKeys, SecretKey{id, key})
	}
	return nil
}

func setListen(c *Config, v string) error {
	_, port, err := net.SplitHostPort(v)
	if n, errPort := strconv.ParseUint(port, 10, 16); err != nil || errPort != nil || n > 65535 {
		return errors.New("must be address:port, e.g. 127.0.0.1:8080 or :8080")
	}
	c.Listen = v
	return nil
}

func prefixes(field func(*Config) *[]netip.Prefix) func(*Config, string) error {
	return func(c *Config, v string) error { return addPrefixes(field(c), v) }
}

func addPrefixes(to *[]netip.Prefix, v string) error {
	for part := range strings.SplitSeq(v, ",") {
		p, err := netip.ParsePrefix(strings.TrimSpace(part))
		if err != nil {
			return fmt.Errorf("%q is not a network like 10.0.0.0/8", part)
		}
		*to = append(*to, p)
	}
	return nil
}

// Package config reads the settings of the program from its environment, once,
// into one validated value, and can say what each of them means.
package config

import (
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Prefix begins every setting's name in the environment.
const Prefix = "HOURGLASS_"

// Config is everything the program may be told. Addresses of PostgreSQL and
// Redis are kept as text: the packages that open them know how to read them.
type Config struct {
	Listen         string
	PublicURL      *url.URL
	DatabaseURL    string
	DatabaseConns  int32
	RedisURL       string
	Objects        Objects
	SecretKeys     []SecretKey
	LedgerKey      string
	TrustedProxies []netip.Prefix
	LogLevel       slog.Level
	LogFormat      string
	OIDCNetworks   []netip.Prefix // private ones in which organisations' providers may be
	Drain          time.Duration
	FFmpeg         string
	FFprobe        string
	MaxUpload      int64
	Workers        int
	Presence       Presence
	EvenBeats      time.Duration // beats that come as evenly as this are flagged
	Evidence       Evidence
	DeletionDays   int // a deletion of one's account waits, and can be taken back
	// SecondFactor of officers, managers and auditors: "required" or "offered".
	SecondFactor      string
	BreachedPasswords string // folder; "": none
	Mail              Mail
}

// Evidence is how long what proves study is kept.
type Evidence struct {
	BeatsDays int // every beat
	Years     int // the record of a session
}

// Presence is when people who study are asked whether they are there.
type Presence struct {
	PerHour int           // checks a credit hour on average; 0: none
	Gap     time.Duration // credited time between two at least
	Window  time.Duration // to answer one in
}

// Objects says where files lie: a folder, or a bucket of an S3 store.
type Objects struct {
	Dir       string // disk
	Accel     string // nginx's internal address of Dir; "": none
	Bucket    string // s3, and the rest
	Endpoint  *url.URL
	Region    string
	AccessKey string
	SecretKey string
	Public    *url.URL // where browsers reach the store; nil: Endpoint
}

// SecretKey is one key for tokens and signed addresses. The first signs; all are accepted.
type SecretKey struct {
	ID  string
	Key []byte
}

// Error names the one setting that is not right.
type Error struct {
	Name string
	Why  string
}

func (e *Error) Error() string { return e.Name + ": " + e.Why }

// Load reads all settings. What is required depends on the program's task:
// need lists the settings (without prefix) it cannot start without.
func Load(getenv func(string) string, need ...string) (*Config, error) {
	c := &Config{}
	for _, s := range settings {
		value := getenv(Prefix + s.name)
		if value == "" {
			value = s.fallback
		}
		if value == "" {
			continue
		}
		if err := s.set(c, value); err != nil {
			return nil, &Error{Prefix + s.name, err.Error()}
		}
	}
	for _, name := range need {
		if getenv(Prefix+name) == "" && find(name).fallback == "" {
			return nil, &Error{Prefix + name, "is not set; it is " + lower(find(name).meaning)}
		}
	}
	return c, c.check()
}

// check judges what only several settings together can get wrong.
func (c *Config) check() error {
	if c.Objects.Accel != "" && c.Objects.Dir == "" {
		return &Error{Prefix + "NGINX_FILES", "needs OBJECTS on disk: nginx cannot read a bucket"}
	}
	if c.Objects.Bucket != "" {
		if c.Objects.AccessKey == "" {
			return &Error{Prefix + "S3_ACCESS_KEY", "is not set, and HOURGLASS_OBJECTS names a bucket"}
		}
		if c.Objects.SecretKey == "" {
			return &Error{Prefix + "S3_SECRET_KEY", "is not set, and HOURGLASS_OBJECTS names a bucket"}
		}
	}
	return c.Mail.check(c)
}

// Described is one setting as `hourglass config` prints it.
type Described struct {
	Name     string `json:"name"`
	Meaning  string `json:"meaning"`
	Value    string `json:"value"` // as set, or the default; secrets hidden
	Set      bool   `json:"set"`
	Default  string `json:"default,omitempty"`
	Secret   bool   `json:"secret,omitempty"`
	Problem  string `json:"problem,omitempty"`
	Required bool   `json:"required,omitempty"`
}

// Describe lists all settings with their meaning and present value. It never fails:
// a value that is not right is listed with what is wrong with it.
func Describe(getenv func(string) string) []Described {
	out := make([]Described, 0, len(settings))
	for _, s := range settings {
		value := getenv(Prefix + s.name)
		d := Described{Name: Prefix + s.name, Meaning: s.meaning, Value: value, Set: value != "", Default: s.fallback, Secret: s.secret, Required: s.required}
		if !d.Set {
			d.Value = s.fallback
		}
		if d.Value != "" {
			if err := s.set(&Config{}, d.Value); err != nil {
				d.Problem = err.Error()
			}
		}
		d.Value = shown(s, d.Value)
		out = append(out, d)
	}
	return out
}

// shown hides secrets: whole ones, and the password within an address.
func shown(s setting, value string) string {
	if value == "" {
		return ""
	}
	if s.secret {
		return "(hidden)"
	}
	if scheme, rest, ok := strings.Cut(value, "://"); ok {
		if at := strings.LastIndex(rest, "@"); at >= 0 {
			user, _, _ := strings.Cut(rest[:at], ":")
			return scheme + "://" + user + ":(hidden)" + rest[at:]
		}
		if strings.Contains(strings.ToLower(rest), "password=") {
			return scheme + "://(hidden)"
		}
	}
	return value
}

func find(name string) setting {
	for _, s := range settings {
		if s.name == name {
			return s
		}
	}
	panic(fmt.Sprintf("config: no setting %q", name)) // a mistake in the program, not in its environment
}

func lower(text string) string { return strings.ToLower(text[:1]) + text[1:] }

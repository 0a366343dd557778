// Package studyredis holds the hot state of study sessions in Redis. Every
// change is one run of a script, which judges by the same rules as package
// study. Whatever is lost here is rebuilt from PostgreSQL.
package studyredis

import (
	"context"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/redis"
)

// keep is how long a session nobody speaks for stays in memory.
const keep = 24 * time.Hour

var (
	//go:embed state.lua
	states string
	//go:embed judge.lua
	judging string
	//go:embed beats.lua
	beats string
	//go:embed deliver.lua
	deliver string
	//go:embed put.lua
	put string
	//go:embed close.lua
	closing string
)

// rules come before every script.
var rules = states + judging

// Hot is the state of the live sessions.
type Hot struct {
	redis          goredis.UniversalClient
	policy         []byte
	cluster        bool
	beats, deliver script
	put, closed    *goredis.Script
}

// New judges by a policy, which must have its defaults filled in.
func New(c goredis.UniversalClient, p study.Policy) *Hot {
	_, cluster := c.(*goredis.ClusterClient)
	return &Hot{
		redis: c, policy: packPolicy(p), cluster: cluster,
		beats: newScript(rules + beats), deliver: newScript(rules + deliver),
		put: goredis.NewScript(rules + put), closed: goredis.NewScript(rules + closing),
	}
}

// Who is a session and its person.
type Who struct{ Person, Session uuid.UUID }

// keys lie in one slot of a cluster: what is between the braces decides.
func (w Who) keys() (person, session string) {
	var room [keyRoom]byte
	both := string(w.appendKeys(room[:0]))
	return both[:personKey], both[personKey:]
}

// The lengths of a person's key, and of it with the session's.
const (
	shortID   = (8*len(uuid.UUID{}) + 5) / 6
	personKey = len("hgp{}") + shortID
	keyRoom   = 2*personKey + shortID
)

func (w Who) keyList() []string {
	person, session := w.keys()
	return []string{person, session}
}

// appendKeys writes the person's key and the session's one after the other.
func (w Who) appendKeys(b []byte) []byte {
	b = append(b, "hgp{"...)
	b = base64.RawURLEncoding.AppendEncode(b, w.Person[:])
	b = append(b, "}hgs{"...)
	b = base64.RawURLEncoding.AppendEncode(b, w.Person[:])
	return base64.RawURLEncoding.AppendEncode(append(b, '}'), w.Session[:])
}

// Put sets what PostgreSQL knows where it is missing.
func (h *Hot) Put(ctx context.Context, w Who, p study.Person, s *study.State) error {
	if err := h.put.Run(ctx, h.redis, w.keyList(), h.policy, 0, packPerson(p), packState(s)).Err(); err != nil {
		return fmt.Errorf("put session: %w", redis.Translate(err))
	}
	return nil
}

// Session is the state of a session; false when it is not here.
func (h *Hot) Session(ctx context.Context, w Who) (s study.State, found bool, err error) {
	_, key := w.keys()
	text, err := h.redis.Get(ctx, key).Bytes()
	if errors.Is(err, goredis.Nil) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("read session: %w", redis.Translate(err))
	}
	s, err = unpackState(text, nil)
	return s, err == nil, err
}

// Close lets a session accept nothing any more.
func (h *Hot) Close(ctx context.Context, w Who) error {
	if err := h.closed.Run(ctx, h.redis, w.keyList(), h.policy, 0).Err(); err != nil {
		return fmt.Errorf("close session: %w", redis.Translate(err))
	}
	return nil
}

// Forget drops a session whose state is not what PostgreSQL says; the next beat rebuilds it.
func (h *Hot) Forget(ctx context.Context, w Who) error {
	_, key := w.keys()
	if err := h.redis.Del(ctx, key).Err(); err != nil {
		return fmt.Errorf("forget session: %w", redis.Translate(err))
	}
	return nil
}

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
	//go:embed judge.lua
	rules string
	//go:embed beats.lua
	beats string
	//go:embed deliver.lua
	deliver string
	//go:embed put.lua
	put string
	//go:embed close.lua
	closing string
)

// Hot is the state of the live sessions.
type Hot struct {
	redis                       goredis.UniversalClient
	policy                      []byte
	cluster                     bool
	beats, deliver, put, closed *goredis.Script
}

// New judges by a policy, which must have its defaults filled in.
func New(c goredis.UniversalClient, p study.Policy) *Hot {
	_, cluster := c.(*goredis.ClusterClient)
	return &Hot{
		redis: c, policy: packPolicy(p), cluster: cluster,
		beats: goredis.NewScript(rules + beats), deliver: goredis.NewScript(rules + deliver),
		put: goredis.NewScript(rules + put), closed: goredis.NewScript(rules + closing),
	}
}

// Who is a session and its person.
type Who struct{ Person, Session uuid.UUID }

// keys lie in one slot of a cluster: what is between the braces decides.
func (w Who) keys() []string {
	person := "{" + short(w.Person) + "}"
	return []string{"hgp" + person, "hgs" + person + short(w.Session)}
}

func short(id uuid.UUID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// Asked is one beat to be judged.
type Asked struct {
	Who  Who
	Beat study.Beat
}

// Judged is its verdict; State is set when it was accepted, now or before.
type Judged struct {
	Verdict study.Verdict
	State   study.State
}

// Judge judges many beats at once: by one call of the script, or in a cluster,
// whose slots no call may cross, by one call for each in one round trip.
func (h *Hot) Judge(ctx context.Context, asked []Asked, nowMS int64) ([]Judged, error) {
	if h.cluster && len(asked) > 1 {
		return h.judgeEach(ctx, asked, nowMS)
	}
	return h.judge(ctx, asked, nowMS)
}

func (h *Hot) judgeEach(ctx context.Context, asked []Asked, nowMS int64) ([]Judged, error) {
	calls := make([]*goredis.Cmd, len(asked))
	pipe := h.redis.Pipeline()
	for i := range asked {
		keys, args := h.callOf(asked[i:i+1], nowMS)
		calls[i] = h.beats.EvalSha(ctx, pipe, keys, args...)
	}
	_, _ = pipe.Exec(ctx) // each call has its own error
	out := make([]Judged, len(asked))
	for i, c := range calls {
		one, err := readAnswer(c)
		if goredis.HasErrorPrefix(err, "NOSCRIPT") {
			// This node has not seen the script yet, or has lost it.
			one, err = h.judge(ctx, asked[i:i+1], nowMS)
		}
		if err != nil {
			return nil, err
		}
		out[i] = one[0]
	}
	return out, nil
}

// callOf are the keys and arguments of one call for all that is asked.
func (h *Hot) callOf(asked []Asked, nowMS int64) (keys []string, args []any) {
	keys = make([]string, 0, 2*len(asked))
	args = make([]any, 0, 2+len(asked))
	args = append(args, h.policy, nowMS)
	for _, a := range asked {
		keys = append(keys, a.Who.keys()...)
		args = append(args, packBeat(a.Beat))
	}
	return keys, args
}

func (h *Hot) judge(ctx context.Context, asked []Asked, nowMS int64) ([]Judged, error) {
	keys, args := h.callOf(asked, nowMS)
	return readAnswer(h.beats.Run(ctx, h.redis, keys, args...))
}

func readAnswer(c *goredis.Cmd) ([]Judged, error) {
	answer, err := c.Slice()
	if err != nil {
		return nil, fmt.Errorf("judge beats: %w", redis.Translate(err))
	}
	out := make([]Judged, len(answer))
	for i := range answer {
		if out[i], err = readJudged(answer[i]); err != nil {
			return nil, fmt.Errorf("judge beats: %w", err)
		}
	}
	return out, nil
}

func readJudged(item any) (j Judged, err error) {
	pair, ok := item.([]any)
	if !ok || len(pair) != 2 {
		return j, errState
	}
	verdict, ok1 := pair[0].(int64)
	text, ok2 := pair[1].(string)
	if !ok1 || !ok2 {
		return j, errState
	}
	j.Verdict = study.Verdict(verdict)
	if text != "" {
		j.State, err = unpackState(text)
	}
	return j, err
}

// Deliver decides on a segment as study.Deliver does. The state is set when
// it is sent, now or before.
func (h *Hot) Deliver(ctx context.Context, w Who, n, lengthMS, nowMS int64) (j Judged, wait time.Duration, err error) {
	answer, err := h.deliver.Run(ctx, h.redis, w.keys(), h.policy, nowMS, n, lengthMS).Slice()
	if err != nil {
		return j, 0, fmt.Errorf("deliver: %w", redis.Translate(err))
	}
	if len(answer) != 3 {
		return j, 0, errState
	}
	ms, _ := answer[1].(int64)
	j, err = readJudged([]any{answer[0], answer[2]})
	return j, time.Duration(ms) * time.Millisecond, err
}

// Put sets what PostgreSQL knows where it is missing.
func (h *Hot) Put(ctx context.Context, w Who, p study.Person, s *study.State) error {
	if err := h.put.Run(ctx, h.redis, w.keys(), h.policy, 0, packPerson(p), packState(s)).Err(); err != nil {
		return fmt.Errorf("put session: %w", redis.Translate(err))
	}
	return nil
}

// Session is the state of a session; false when it is not here.
func (h *Hot) Session(ctx context.Context, w Who) (s study.State, found bool, err error) {
	text, err := h.redis.Get(ctx, w.keys()[1]).Result()
	if errors.Is(err, goredis.Nil) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("read session: %w", redis.Translate(err))
	}
	s, err = unpackState(text)
	return s, err == nil, err
}

// Close lets a session accept nothing any more.
func (h *Hot) Close(ctx context.Context, w Who) error {
	if err := h.closed.Run(ctx, h.redis, w.keys(), h.policy, 0).Err(); err != nil {
		return fmt.Errorf("close session: %w", redis.Translate(err))
	}
	return nil
}

// Forget drops a session whose state is not what PostgreSQL says; the next beat rebuilds it.
func (h *Hot) Forget(ctx context.Context, w Who) error {
	if err := h.redis.Del(ctx, w.keys()[1]).Err(); err != nil {
		return fmt.Errorf("forget session: %w", redis.Translate(err))
	}
	return nil
}

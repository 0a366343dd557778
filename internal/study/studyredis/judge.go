package studyredis

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync"

	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/storage/redis"
)

// Asked is one beat to be judged, and what came of it.
type Asked struct {
	Who  Who
	Beat study.Beat
	Judged
}

// Judge judges many beats at once: by one call of the script, or in a cluster,
// whose slots no call may cross, by one call for each in one round trip.
func (h *Hot) Judge(ctx context.Context, asked []*Asked, nowMS int64) error {
	if h.cluster && len(asked) > 1 {
		return h.judgeEach(ctx, asked, nowMS)
	}
	return h.judge(ctx, asked, nowMS)
}

func (h *Hot) judgeEach(ctx context.Context, asked []*Asked, nowMS int64) error {
	calls := make([]*goredis.Cmd, len(asked))
	pipe := h.redis.Pipeline()
	for i := range asked {
		calls[i] = pipe.Do(ctx, h.callOf(asked[i:i+1], nowMS)...)
	}
	_, _ = pipe.Exec(ctx) // each call has its own error
	for i, c := range calls {
		err := readAnswer(c, asked[i:i+1])
		if goredis.HasErrorPrefix(err, "NOSCRIPT") {
			// This node has not seen the script yet, or has lost it.
			err = h.judge(ctx, asked[i:i+1], nowMS)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rooms are where calls are put together.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// callOf is one call for all that is asked: EVALSHA with its keys and arguments,
// which are written into one text and cut from it.
func (h *Hot) callOf(asked []*Asked, nowMS int64) []any {
	room := rooms.Get().(*[]byte)
	b := (*room)[:0]
	ends := make([]int, len(asked))
	for i, a := range asked {
		b = appendBeat(a.Who.appendKeys(b), &a.Beat)
		ends[i] = len(b)
	}
	text := string(b)
	*room = b
	rooms.Put(room)
	n := 3 + 2*len(asked) // where the policy stands
	call := make([]any, n+2+len(asked))
	call[0], call[1], call[2], call[n], call[n+1] = "EVALSHA", h.beats.Hash(), 2*len(asked), h.policy, nowMS
	begin := 0
	for i, end := range ends {
		one := text[begin:end]
		begin = end
		call[3+2*i], call[4+2*i], call[n+2+i] = one[:personKey], one[personKey:keyRoom], one[keyRoom:]
	}
	return call
}

func (h *Hot) judge(ctx context.Context, asked []*Asked, nowMS int64) error {
	call := h.callOf(asked, nowMS)
	raw := goredis.NewRawCmd(ctx, call...)
	if err := h.redis.Process(ctx, raw); err != nil {
		return fmt.Errorf("judge beats: %w", redis.Translate(err))
	}
	text, err := raw.Result()
	if err == nil && len(text) > 0 && text[0] == '*' {
		return readRaw(text, asked)
	}
	// An error is for the library to understand: the script is not known there, or the keys lie elsewhere.
	return readAnswer(h.again(ctx, call), asked)
}

// again asks by the script itself if it is not known there.
func (h *Hot) again(ctx context.Context, call []any) *goredis.Cmd {
	c := goredis.NewCmd(ctx, call...)
	if err := h.redis.Process(ctx, c); goredis.HasErrorPrefix(err, "NOSCRIPT") {
		call[0], call[1] = "EVAL", rules+beats
		c = goredis.NewCmd(ctx, call...)
		_ = h.redis.Process(ctx, c) // the command has its error
	}
	return c
}

func readAnswer(c *goredis.Cmd, asked []*Asked) error {
	answer, err := c.Slice()
	if err != nil {
		return fmt.Errorf("judge beats: %w", redis.Translate(err))
	}
	if len(answer) != 3*len(asked) {
		return fmt.Errorf("judge beats: %w", errState)
	}
	for i, a := range asked {
		verdict, isNumber := answer[3*i].(int64)
		text, isText := answer[3*i+1].(string)
		live, isLive := answer[3*i+2].(string)
		if !isNumber || !isText || !isLive {
			return fmt.Errorf("judge beats: %w", errState)
		}
		if err := a.set(verdict, []byte(text), []byte(live)); err != nil {
			return err
		}
	}
	return nil
}

func (a *Asked) set(verdict int64, state, live []byte) (err error) {
	a.Judged = Judged{Verdict: study.Verdict(verdict)}
	if len(state) > 0 {
		if a.State, err = unpackState(state, live); err != nil {
			err = fmt.Errorf("judge beats: %w", err)
		}
	}
	return err
}

// readRaw reads the answer as it came: the library's own way makes a
// string or two and four boxes of every verdict. The states lie in text from then on.
func readRaw(text []byte, asked []*Asked) error {
	w := wire{text}
	if w.number('*') != int64(3*len(asked)) {
		return fmt.Errorf("judge beats: %w", errState)
	}
	for _, a := range asked {
		verdict := w.number(':')
		if err := a.set(verdict, w.bulk(), w.bulk()); err != nil {
			return err
		}
	}
	if w.left == nil {
		return fmt.Errorf("judge beats: %w", errState)
	}
	return nil
}

// wire reads an answer in the protocol of Redis (RESP). left is nil from the first thing on that is not what was expected.
type wire struct{ left []byte }

// number reads a line of a kind; -1 for anything else.
func (w *wire) number(kind byte) int64 {
	line, rest, ok := bytes.Cut(w.left, []byte("\r\n"))
	if !ok || len(line) < 2 || line[0] != kind {
		w.left = nil
		return -1
	}
	n, err := strconv.ParseInt(string(line[1:]), 10, 64)
	if err != nil {
		w.left = nil
		return -1
	}
	w.left = rest
	return n
}

// bulk reads a text.
func (w *wire) bulk() []byte {
	n := w.number('$')
	if n < 0 || int64(len(w.left)) < n+2 {
		w.left = nil
		return nil
	}
	text := w.left[:n:n]
	w.left = w.left[n+2:]
	return text
}

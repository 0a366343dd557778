package studyredis

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync"

	goredis "github.com/redis/go-redis/v9"

	"github.com/hourglass-lms/hourglass/storage/redis"
)

// item is one of many things that a script decides on in one call.
type item interface {
	// appendTo writes its person's and its session's keys, then its argument.
	appendTo(b []byte) []byte
	// set reads the verdict and the two texts that are answered with it, which stay as they are.
	set(verdict int64, a, b []byte) error
}

// script is known to Redis by its digest, and sent whole to a server that does not know it.
type script struct {
	text string
	sha  string
}

func newScript(text string) script { return script{text, goredis.NewScript(text).Hash()} }

// decide has a script decide on many items at once: by one call, or in a
// cluster, whose slots no call may cross, by one call for each in one round trip.
func decide[T item](ctx context.Context, h *Hot, s script, items []T, nowMS int64) error {
	if h.cluster && len(items) > 1 {
		return decideEach(ctx, h, s, items, nowMS)
	}
	return decideAll(ctx, h, s, items, nowMS)
}

func decideEach[T item](ctx context.Context, h *Hot, s script, items []T, nowMS int64) error {
	calls := make([]*goredis.Cmd, len(items))
	pipe := h.redis.Pipeline()
	for i := range items {
		calls[i] = pipe.Do(ctx, callOf(h, s, items[i:i+1], nowMS)...)
	}
	_, _ = pipe.Exec(ctx) // each call has its own error
	for i, c := range calls {
		err := readAnswer(c, items[i:i+1])
		if goredis.HasErrorPrefix(err, "NOSCRIPT") {
			// This node has not seen the script yet, or has lost it.
			err = decideAll(ctx, h, s, items[i:i+1], nowMS)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rooms are where calls are put together.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// callOf is one call for all items: EVALSHA with its keys and arguments,
// which are written into one text and cut from it.
func callOf[T item](h *Hot, s script, items []T, nowMS int64) []any {
	room := rooms.Get().(*[]byte)
	b := (*room)[:0]
	ends := make([]int, len(items))
	for i, x := range items {
		b = x.appendTo(b)
		ends[i] = len(b)
	}
	text := string(b)
	*room = b
	rooms.Put(room)
	n := 3 + 2*len(items) // where the policy stands
	call := make([]any, n+2+len(items))
	call[0], call[1], call[2], call[n], call[n+1] = "EVALSHA", s.sha, 2*len(items), h.policy, nowMS
	begin := 0
	for i, end := range ends {
		one := text[begin:end]
		begin = end
		call[3+2*i], call[4+2*i], call[n+2+i] = one[:personKey], one[personKey:keyRoom], one[keyRoom:]
	}
	return call
}

func decideAll[T item](ctx context.Context, h *Hot, s script, items []T, nowMS int64) error {
	call := callOf(h, s, items, nowMS)
	raw := goredis.NewRawCmd(ctx, call...)
	if err := h.redis.Process(ctx, raw); err != nil {
		return fmt.Errorf("decide: %w", redis.Translate(err))
	}
	text, err := raw.Result()
	if err == nil && len(text) > 0 && text[0] == '*' {
		return readRaw(text, items)
	}
	// An error is for the library to understand: the script is not known there, or the keys lie elsewhere.
	return readAnswer(h.again(ctx, s, call), items)
}

// again asks by the script itself if it is not known there.
func (h *Hot) again(ctx context.Context, s script, call []any) *goredis.Cmd {
	c := goredis.NewCmd(ctx, call...)
	if err := h.redis.Process(ctx, c); goredis.HasErrorPrefix(err, "NOSCRIPT") {
		call[0], call[1] = "EVAL", s.text
		c = goredis.NewCmd(ctx, call...)
		_ = h.redis.Process(ctx, c) // the command has its error
	}
	return c
}

func readAnswer[T item](c *goredis.Cmd, items []T) error {
	answer, err := c.Slice()
	if err != nil {
		return fmt.Errorf("decide: %w", redis.Translate(err))
	}
	if len(answer) != 3*len(items) {
		return fmt.Errorf("decide: %w", errState)
	}
	for i, x := range items {
		verdict, isNumber := answer[3*i].(int64)
		a, isText := answer[3*i+1].(string)
		b, isTextToo := answer[3*i+2].(string)
		if !isNumber || !isText || !isTextToo {
			return fmt.Errorf("decide: %w", errState)
		}
		if err := x.set(verdict, []byte(a), []byte(b)); err != nil {
			return err
		}
	}
	return nil
}

// readRaw reads the answer as it came: the library's own way makes a
// string or two and four boxes of every verdict. What is told lies in text from then on.
func readRaw[T item](text []byte, items []T) error {
	w := wire{text}
	if w.number('*') != int64(3*len(items)) {
		return fmt.Errorf("decide: %w", errState)
	}
	for _, x := range items {
		verdict := w.number(':')
		if err := x.set(verdict, w.bulk(), w.bulk()); err != nil {
			return err
		}
	}
	if w.left == nil {
		return fmt.Errorf("decide: %w", errState)
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

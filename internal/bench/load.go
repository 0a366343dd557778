package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/study"
)

// cookieLen is the length of a sign-in token as text.
const cookieLen = 43

// checkLen is the length of a presence check's id as text.
const checkLen = 22

// learner sends the beats of one session. It holds no pointers: a million of
// them are nothing to a collector.
type learner struct {
	session uuid.UUID
	cookie  [cookieLen]byte
	token   [study.TokenLen]byte
	seq     int64
	at      int64 // playhead, ms
	last    int64 // when the last beat was sent, Unix ms
	check   [checkLen]byte
	asked   bool // whether somebody is there: check is the id
	paused  bool // until that is answered
}

type latencies []time.Duration

// quantile is in milliseconds.
func (l latencies) quantile(q float64) float64 {
	if len(l) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(l))
	return float64(s[min(len(s)-1, int(q*float64(len(s))))].Microseconds()) / 1000
}

type result struct {
	count     int64
	rate      float64
	latencies latencies
}

// run is one run of the load over some learners.
type run struct {
	address  string
	conns    int
	length   time.Duration // 0: until every learner sent once
	rate     float64       // requests a second over all connections; 0: as fast as they are answered
	learners []learner
	send     func(*learner, *wire) error
	buffer   int // bytes read at once; 0: 16 KiB
	begin    time.Time
}

// load sends over so many connections, each with learners of its own.
func load(ctx context.Context, o run) (r result, err error) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	o.begin = time.Now()
	o.conns = min(o.conns, len(o.learners))
	for n := range o.conns {
		wait.Go(func() {
			took, failure := o.one(ctx, n)
			mu.Lock()
			defer mu.Unlock()
			r.latencies = append(r.latencies, took...)
			err = errors.Join(err, failure)
		})
	}
	wait.Wait()
	r.count = int64(len(r.latencies))
	r.rate = float64(r.count) / time.Since(o.begin).Seconds()
	return r, err
}

// one is what connection n does.
func (o *run) one(ctx context.Context, n int) (took latencies, err error) {
	c, err := net.Dial("tcp", o.address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	w := &wire{conn: c, in: bufio.NewReaderSize(c, max(o.buffer, 16<<10))}
	// Every connection has learners of its own: nobody has two requests at once.
	at := n
	for k := 0; ctx.Err() == nil; k++ {
		start := time.Now()
		if o.rate > 0 {
			// Measured from when it was due: a request that had to wait for the one before has waited.
			start = o.begin.Add(time.Duration(float64(k*o.conns+n) / o.rate * float64(time.Second)))
			time.Sleep(time.Until(start))
		}
		if o.length > 0 && !start.Before(o.begin.Add(o.length)) {
			return took, nil
		}
		if err := o.send(&o.learners[at], w); err != nil {
			return took, err
		}
		took = append(took, time.Since(start))
		if at += o.conns; at >= len(o.learners) {
			if o.length == 0 {
				return took, nil
			}
			at = n
		}
	}
	return took, ctx.Err()
}

// to is where the playhead is now: on from where it was, but not to the lesson's end, where there is nothing more to send.
func (l *learner) to(now int64) int64 {
	to := l.at + max(0, min(now-l.last-2, 15_000))
	if l.paused || to >= lessonMS {
		return l.at
	}
	return to
}

// write makes the request; the bare endpoint is sent the very same.
func (l *learner) write(w *wire, now int64) {
	b := append(w.body[:0], `{"token":"`...)
	b = append(b, l.token[:]...)
	b = append(b, `","seq":`...)
	b = strconv.AppendInt(b, l.seq, 10)
	if l.asked {
		b = append(b, `,"presence":{"id":"`...)
		b = append(b, l.check[:]...)
		b = append(b, `","answer":[]}`...)
	}
	b = append(b, `,"state":"playing","visible":true,"spans":[`...)
	if to := l.to(now); to > l.at {
		b = append(b, `{"from_ms":`...)
		b = strconv.AppendInt(b, l.at, 10)
		b = append(b, `,"to_ms":`...)
		b = strconv.AppendInt(b, to, 10)
		b = append(b, `,"rate":1}`...)
	}
	w.body = append(b, `]}`...)
	o := append(w.out[:0], "POST /api/v1/study-sessions/"...)
	o = append(o, l.session.String()...)
	o = append(o, "/beats HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nCookie: hourglass_session="...)
	o = append(o, l.cookie[:]...)
	o = append(o, "\r\nContent-Length: "...)
	o = strconv.AppendInt(o, int64(len(w.body)), 10)
	o = append(o, "\r\n\r\n"...)
	w.out = append(o, w.body...)
}

func sendBare(l *learner, w *wire) error {
	l.write(w, time.Now().UnixMilli())
	_, _, err := w.exchange()
	return err
}

func sendBeat(l *learner, w *wire) error {
	now := time.Now().UnixMilli()
	l.write(w, now)
	status, answer, err := w.exchange()
	if err != nil {
		return err
	}
	return l.take(status, answer, now)
}

// take goes on from the answer to a beat that was written at now.
func (l *learner) take(status int, answer []byte, now int64) error {
	if status != 200 {
		return fmt.Errorf("a beat was answered %d: %s", status, answer)
	}
	_, rest, _ := bytes.Cut(answer, []byte(`"token":"`))
	if len(rest) < len(l.token) {
		return fmt.Errorf("an answer without a token: %s", answer)
	}
	copy(l.token[:], rest)
	l.seq++
	l.at = l.to(now)
	l.last = now
	_, rest, l.asked = bytes.Cut(answer, []byte(`"presence":{"id":"`))
	l.paused = l.asked && bytes.Contains(rest, []byte(`"paused":true`))
	copy(l.check[:], rest)
	return nil
}

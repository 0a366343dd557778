package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// learner sends the beats of one session.
type learner struct {
	cookie, path, token string
	seq                 int64
	at                  int64 // playhead, ms
	last                time.Time
}

// wire is a connection that is spoken to by hand, so that the load takes as
// little as it can of the processors it shares.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	out  []byte
	body []byte
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

// load sends for so long over so many connections, each with learners of its
// own; rate > 0 spaces the requests to that many a second over all.
func load(ctx context.Context, address string, conns int, length time.Duration, rate float64, learners []*learner, send func(*learner, *wire) error) (r result, err error) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	begin := time.Now()
	end := begin.Add(length)
	conns = min(conns, len(learners))
	for n := range conns {
		wait.Go(func() {
			took, failure := one(ctx, address, begin, end, n, conns, rate, learners, send)
			mu.Lock()
			defer mu.Unlock()
			r.latencies = append(r.latencies, took...)
			err = errors.Join(err, failure)
		})
	}
	wait.Wait()
	r.count = int64(len(r.latencies))
	r.rate = float64(r.count) / time.Since(begin).Seconds()
	return r, err
}

func one(ctx context.Context, address string, begin, end time.Time, n, conns int, rate float64, learners []*learner, send func(*learner, *wire) error) (took latencies, err error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	w := &wire{conn: c, in: bufio.NewReaderSize(c, 16<<10)}
	for k := 0; ctx.Err() == nil; k++ {
		start := time.Now()
		if rate > 0 {
			// Measured from when it was due: a request that had to wait for the one before has waited.
			start = begin.Add(time.Duration(float64(k*conns+n) / rate * float64(time.Second)))
			time.Sleep(time.Until(start))
		}
		if !start.Before(end) {
			return took, nil
		}
		// Every connection has learners of its own: nobody has two at once.
		if err := send(learners[n+k%(len(learners)/conns)*conns], w); err != nil {
			return took, err
		}
		took = append(took, time.Since(start))
	}
	return took, ctx.Err()
}

// write makes the request; the bare endpoint is sent the very same.
func (l *learner) write(w *wire) {
	now := time.Now()
	played := min(now.Sub(l.last).Milliseconds()-2, 15_000)
	b := append(w.body[:0], `{"token":"`...)
	b = append(b, l.token...)
	b = append(b, `","seq":`...)
	b = strconv.AppendInt(b, l.seq, 10)
	b = append(b, `,"state":"playing","visible":true,"spans":[`...)
	if to := l.at + played; played > 0 && to < lessonMS {
		b = append(b, `{"from_ms":`...)
		b = strconv.AppendInt(b, l.at, 10)
		b = append(b, `,"to_ms":`...)
		b = strconv.AppendInt(b, to, 10)
		b = append(b, `,"rate":1}`...)
	}
	w.body = append(b, `]}`...)
	o := append(w.out[:0], "POST "...)
	o = append(o, l.path...)
	o = append(o, " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nCookie: hourglass_session="...)
	o = append(o, l.cookie...)
	o = append(o, "\r\nContent-Length: "...)
	o = strconv.AppendInt(o, int64(len(w.body)), 10)
	o = append(o, "\r\n\r\n"...)
	w.out = append(o, w.body...)
}

func (l *learner) sendBare(w *wire) error {
	l.write(w)
	_, _, err := w.exchange()
	return err
}

func (l *learner) sendBeat(w *wire) error {
	l.write(w)
	sent := time.Now()
	status, answer, err := w.exchange()
	if err != nil {
		return err
	}
	if status != 200 {
		return fmt.Errorf("a beat was answered %d: %s", status, answer)
	}
	_, rest, _ := bytes.Cut(answer, []byte(`"token":"`))
	token, _, ok := bytes.Cut(rest, []byte(`"`))
	if !ok {
		return fmt.Errorf("an answer without a token: %s", answer)
	}
	l.token = string(token)
	l.seq++
	l.at += max(0, min(sent.Sub(l.last).Milliseconds()-2, 15_000))
	l.last = sent
	return nil
}

// exchange sends and reads one answer.
func (w *wire) exchange() (status int, body []byte, err error) {
	if _, err := w.conn.Write(w.out); err != nil {
		return 0, nil, err
	}
	length := 0
	for first := true; ; first = false {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if first {
			if status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return 0, nil, err
			}
		} else if n, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(n)); err != nil {
				return 0, nil, err
			}
		}
	}
	if cap(w.body) < length {
		w.body = make([]byte, 0, length)
	}
	body = w.body[:length]
	_, err = io.ReadFull(w.in, body)
	return status, body, err
}

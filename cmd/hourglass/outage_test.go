package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/embedded"
	"github.com/hourglass-lms/hourglass/storage/objects/objectstest"
	"github.com/hourglass-lms/hourglass/storage/pg/pgtest"
	"github.com/hourglass-lms/hourglass/storage/redis/redistest"
)

// While somebody studies, each server is killed in turn, and the program too.
// What is away is said with 503 and Retry-After, everything comes back by
// itself, and every acknowledged second is in PostgreSQL, once.
func TestOutagesLoseNothing(t *testing.T) {
	t.Parallel()
	w := buildWorld(t)
	l := w.learner(t)
	stop := l.study(t)
	l.advance(t, 3)

	t.Log("PostgreSQL is killed")
	w.pg.Kill()
	l.away(t, "/me/hours")
	w.notReady(t, "postgres")
	time.Sleep(2 * time.Second)
	must(t, w.pg.Start(t.Context()))
	l.advance(t, 3)

	t.Log("Redis is killed, with all it held")
	w.redis.Kill()
	l.awayOnBeat(t)
	w.notReady(t, "redis")
	time.Sleep(2 * time.Second)
	must(t, w.redis.Start())
	l.advance(t, 3)

	t.Log("the store is killed")
	w.store.Kill()
	l.away(t, "/media/"+w.asset+"/poster.jpg")
	w.notReady(t, "objects")
	w.store.Start(t)
	l.advance(t, 3)

	t.Log("the program is killed")
	_ = w.serve.cmd.Process.Kill()
	<-w.serve.ended
	time.Sleep(time.Second)
	w.serve = start(t, w.serveEnv, "serve")
	l.advance(t, 3)

	stop()
	l.call(http.MethodDelete, "/study-sessions/"+l.session, nil, http.StatusNoContent)
	w.compare(t, l)
}

type world struct {
	pg       *embedded.Postgres
	redis    *embedded.Redis
	store    *objectstest.Server
	env      []string
	serveEnv []string
	base     string
	serve    *running
	asset    string
	lesson   string
	course   string
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func buildWorld(t *testing.T) *world {
	t.Helper()
	w := &world{store: objectstest.MinIO(t)}
	var err error
	// Not the tests' shared server, which gives up safety for speed.
	w.pg, err = embedded.StartPostgres(t.Context(), embedded.PostgresOptions{Dir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { _ = w.pg.Close() })
	_, w.redis = redistest.NewServer(t)
	w.env = append(w.store.Env(), production(t, w.pg.URL(), w.redis.URL())...)
	run(t, w.env, "", "migrate")
	listen := freePort(t)
	w.base, w.serveEnv = "http://"+listen, append(w.env, "HOURGLASS_LISTEN="+listen)
	w.serve = start(t, w.serveEnv, "serve")
	worker := start(t, w.env, "worker")
	waitReady(t, w.base)
	publish(t, plant(t, w.env, []string{w.base}), 60)
	worker.stop(t)
	return w
}

// learner signs up and enrols.
func (w *world) learner(t *testing.T) *learner {
	t.Helper()
	p := newPerson(t, w.base)
	p.http.Timeout = 10 * time.Second
	p.post("/auth/sign-up", obj{"email": "steady@road.example", "password": "correct horse battery", "name": "沈知远", "locale": "zh-CN"}, http.StatusCreated)
	w.course = at[string](t, p.get("/courses"), "items", 0, "id")
	outline := p.get("/courses/" + w.course)
	w.lesson = at[string](t, outline, "chapters", 0, "lessons", 0, "id")
	p.post("/courses/"+w.course+"/enrolments", nil, http.StatusCreated)
	w.asset = strings.Split(at[string](t, p.get("/lessons/"+w.lesson), "poster_url"), "/")[4]
	s := p.post("/study-sessions", obj{"lesson_id": w.lesson}, http.StatusCreated)
	return &learner{
		person: p, session: str(s["id"]), token: str(s["token"]), opened: time.Now(),
		segments: p.playlist(at[string](t, s, "playlist_url")),
	}
}

func (w *world) notReady(t *testing.T, part string) {
	t.Helper()
	eventually(t, 20*time.Second, func() error {
		res, err := http.Get(w.base + "/readyz")
		if err != nil {
			return err
		}
		defer func() { _ = res.Body.Close() }()
		text, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(text), part) {
			return fmt.Errorf("readyz says %d %s", res.StatusCode, text)
		}
		return nil
	})
}

// compare holds what was acknowledged against what is kept.
func (w *world) compare(t *testing.T, l *learner) {
	t.Helper()
	db := pgtest.Open(t, w.pg.URL())
	var beats, last, credited, verified int64
	must(t, db.Pool().QueryRow(t.Context(), `
		SELECT count(*), max(seq), sum(credit_ms)::bigint, (SELECT max(verified_ms) FROM study_lessons) FROM study_beats`).Scan(&beats, &last, &credited, &verified))
	if acked := l.acked.Load(); beats != acked || last != acked || credited != acked*1000 || verified != credited {
		t.Errorf("%d beats of a second were acknowledged; kept are %d beats up to %d, %d ms of credit, %d ms verified", acked, beats, last, credited, verified)
	}
	if elapsed := time.Since(l.opened).Milliseconds(); verified > elapsed {
		t.Errorf("%d ms are verified of %d that passed", verified, elapsed)
	}
}

// learner is a client that keeps to the protocol whatever happens: it plays a
// second, reports it, and reports it again until it is acknowledged.
type learner struct {
	*person
	session, token string
	segments       []segment
	opened         time.Time
	acked          atomic.Int64 // beats
	unavailable    atomic.Int64 // answers 503 with Retry-After
	wrong          atomic.Value // string: an answer that should not have been
}

func (l *learner) study(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for seq := int64(1); l.wrong.Load() == nil && l.second(ctx, seq); seq++ {
			l.acked.Store(seq)
		}
	}()
	return func() {
		cancel()
		<-ended
		if w := l.wrong.Load(); w != nil {
			t.Errorf("the learner was answered %s", w)
		}
	}
}

// second plays and reports the second before seq; false when ctx ended.
// It stays within the first half minute, over and over: what counts here is the clock.
func (l *learner) second(ctx context.Context, seq int64) bool {
	from := float64((seq-1)%30) * 1000
	for _, x := range l.segments {
		for x.from < from+1000 && x.to > from {
			if done, ok := l.try(ctx, http.MethodGet, x.url, nil, nil); ok {
				break
			} else if !done {
				return false
			}
		}
	}
	time.Sleep(1010 * time.Millisecond)
	body := obj{"token": l.token, "seq": seq, "state": "playing", "visible": true, "spans": []obj{{"from_ms": from, "to_ms": from + 1000, "rate": 1}}}
	for {
		var answer struct{ Token string }
		done, ok := l.try(ctx, http.MethodPost, "/api/v1/study-sessions/"+l.session+"/beats", body, &answer)
		if ok {
			l.token = answer.Token
			return true
		}
		if !done {
			return false
		}
	}
}

// try asks once; done is false when ctx ended. Anything but success, a lost
// connection, 503 and 429 is wrong.
func (l *learner) try(ctx context.Context, method, path string, body, into any) (done, ok bool) {
	if ctx.Err() != nil {
		return false, false
	}
	data, _ := json.Marshal(body)
	address := path
	if !strings.HasPrefix(path, "http") {
		address = l.bases[0] + path
	}
	// A request under way is let finish: its answer may count.
	req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), method, address, bytes.NewReader(data))
	if err != nil {
		l.wrong.Store(err.Error())
		return false, false
	}
	res, err := l.http.Do(req)
	if err != nil {
		time.Sleep(100 * time.Millisecond)
		return true, false
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return true, false
	case res.StatusCode == http.StatusOK:
		return true, into == nil || json.Unmarshal(text, into) == nil
	case res.StatusCode == http.StatusServiceUnavailable || res.StatusCode == http.StatusTooManyRequests:
		if _, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
			l.unavailable.Add(1)
		} else if !strings.HasPrefix(path, "http") {
			l.wrong.Store("503 without Retry-After: " + string(text))
			return false, false
		}
		time.Sleep(100 * time.Millisecond)
		return true, false
	}
	l.wrong.Store(fmt.Sprintf("%s %s: %d %s", method, path, res.StatusCode, text))
	return false, false
}

// advance waits for so many more acknowledged beats.
func (l *learner) advance(t *testing.T, n int64) {
	t.Helper()
	goal := l.acked.Load() + n
	eventually(t, 60*time.Second, func() error {
		if w := l.wrong.Load(); w != nil {
			t.Fatalf("the learner was answered %s", w)
		}
		if now := l.acked.Load(); now < goal {
			return fmt.Errorf("%d beats are acknowledged, not %d", now, goal)
		}
		return nil
	})
}

// away expects 503 and when to come back.
func (l *learner) away(t *testing.T, path string) {
	t.Helper()
	eventually(t, 20*time.Second, func() error {
		res, text := l.raw(http.MethodGet, path, "", nil)
		after, err := strconv.Atoi(res.Header.Get("Retry-After"))
		if res.StatusCode != http.StatusServiceUnavailable || err != nil || after < 1 {
			return fmt.Errorf("%s answers %d, Retry-After %q: %s", path, res.StatusCode, res.Header.Get("Retry-After"), text)
		}
		return nil
	})
}

// awayOnBeat waits until the learner's own requests are told so.
func (l *learner) awayOnBeat(t *testing.T) {
	t.Helper()
	before := l.unavailable.Load()
	eventually(t, 20*time.Second, func() error {
		if l.unavailable.Load() == before {
			return fmt.Errorf("nobody was told that Redis is away")
		}
		return nil
	})
}

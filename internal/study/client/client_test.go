package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hourglass-lms/hourglass/internal/study/client"
)

// serve answers requests in turn and remembers their bodies.
func serve(t *testing.T, answers ...http.HandlerFunc) (*client.Client, *[]string) {
	t.Helper()
	var bodies []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		if len(bodies) > len(answers) {
			t.Errorf("one request too many: %s %s", r.Method, r.URL)
			return
		}
		answers[len(bodies)-1](w, r)
	}))
	t.Cleanup(s.Close)
	return &client.Client{Base: s.URL, SignIn: "who", Pause: time.Millisecond}, &bodies
}

func say(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func silent(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }

const opened = `{"id":"s1","token":"t1","seq":1,"playlist_url":"/api/v1/study-sessions/s1/playlist.m3u8"}`

func open(t *testing.T, c *client.Client) *client.Session {
	t.Helper()
	s, err := c.Open(t.Context(), "lesson")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestABeatIsSentAgainAsItWasUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	c, bodies := serve(t, say(201, opened), silent, say(503, "", "Retry-After", "0"), say(502, "<html>"), say(200, `{"token":"t2","seq":1,"verified_s":5}`), say(200, `{"token":"t3","seq":2}`))
	s := open(t, c)
	a, err := s.Beat(t.Context(), client.Beat{State: client.Playing, Visible: true, Spans: []client.Span{{FromMS: 0, ToMS: 5000, Rate: 1}}})
	if err != nil || a.VerifiedS != 5 {
		t.Fatal(a, err)
	}
	for _, b := range (*bodies)[1:5] {
		if b != `{"token":"t1","seq":1,"state":"playing","visible":true,"spans":[{"from_ms":0,"to_ms":5000,"rate":1}]}` {
			t.Errorf("a beat was sent as %s", b)
		}
	}
	if _, err := s.Beat(t.Context(), client.Beat{State: client.Paused}); err != nil {
		t.Fatal(err)
	}
	if b := (*bodies)[5]; b != `{"token":"t2","seq":2,"state":"paused","visible":false,"spans":[]}` {
		t.Errorf("the next beat was sent as %s", b)
	}
}

func TestARefusalIsAProblemAndNotSentAgain(t *testing.T) {
	t.Parallel()
	problem := `{"type":"/problems/too-fast","status":422,"detail":"no","errors":[{"location":"body.spans","message":"add up"}]}`
	c, _ := serve(t, say(201, opened), say(422, problem, "Content-Type", "application/problem+json", "Retry-After", "7"))
	s := open(t, c)
	_, err := s.Beat(t.Context(), client.Beat{State: client.Playing})
	var p *client.Problem
	if !errors.As(err, &p) || p.Code != client.TooFast || p.Status != 422 || p.RetryAfter != 7*time.Second || len(p.Errors) != 1 || client.CodeOf(err) != client.TooFast {
		t.Fatalf("%+v, %v", p, err)
	}
	if seq, token := s.Next(); seq != 1 || token != "t1" {
		t.Errorf("the next beat is %d with %s", seq, token)
	}
}

func TestABeatEndsWithItsContext(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, say(201, opened), say(503, "", "Retry-After", "60"))
	s := open(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Beat(ctx, client.Beat{State: client.Playing}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

func TestAPlaylistIsReadToTheMillisecondAndTheSignInStaysAtHome(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != "" {
			t.Error("the store of files was told the sign-in")
		}
		_, _ = io.WriteString(w, "media")
	}))
	t.Cleanup(other.Close)
	media := "#EXTM3U\n#EXT-X-MAP:URI=\"/init\"\n#EXTINF:2.3334,\n" + other.URL + "/api/v1/0\n#EXTINF:2.3334,\n/1\n#EXTINF:2.3334,\n/2\n"
	c, _ := serve(t, say(201, opened), say(200, "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n480p/index.m3u8\n"), func(w http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie("hourglass_session"); err != nil || cookie.Value != "who" || r.URL.Path != "/api/v1/study-sessions/s1/480p/index.m3u8" {
			t.Errorf("%s with %v", r.URL, r.Cookies())
		}
		_, _ = io.WriteString(w, media)
	})
	s := open(t, c)
	p, err := s.Playlist(t.Context())
	if err != nil || p.Init.URL != "/init" || len(p.Segments) != 3 || p.Segments[2].ToMS != 7000 {
		t.Fatalf("%+v, %v", p, err)
	}
	if between := p.Between(2400, 4700); len(between) != 2 || between[0].URL != "/1" {
		t.Errorf("%+v", between)
	}
	if data, err := s.Fetch(t.Context(), p.Segments[0]); err != nil || string(data) != "media" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestAnAnswerWithoutEndIsCut(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, say(201, fmt.Sprintf(`{"id":"%s"}`, strings.Repeat("x", 2<<20))))
	if _, err := c.Open(t.Context(), "lesson"); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Fatal(err)
	}
}

func TestWhatIsSaidToBeUndeliveredIsFetchedOnceMoreAndClaimedAgain(t *testing.T) {
	t.Parallel()
	forgotten := say(422, `{"type":"/problems/not-delivered"}`, "Content-Type", "application/problem+json")
	beat := client.Beat{State: client.Playing, Visible: true, Spans: []client.Span{{FromMS: 3000, ToMS: 5000, Rate: 1}}}
	playlist := client.Playlist{Segments: []client.Segment{{"/0", 0, 2000}, {"/1", 2000, 4000}, {"/2", 4000, 6000}}}
	c, bodies := serve(t, say(201, opened), forgotten, say(200, "media"), say(503, ""), say(200, "media"), say(200, `{"token":"t2","seq":1}`))
	a, anew, err := open(t, c).Report(t.Context(), playlist, beat)
	if err != nil || !anew || a.Token != "t2" {
		t.Fatal(a, anew, err)
	}
	if (*bodies)[5] != (*bodies)[1] || (*bodies)[1] == "" {
		t.Errorf("the beat was sent as %s, then as %s", (*bodies)[1], (*bodies)[5])
	}
	answers := []http.HandlerFunc{say(201, opened)}
	for range 3 {
		answers = append(answers, forgotten, say(200, "media"), say(200, "media"))
	}
	c, _ = serve(t, append(answers, forgotten)...)
	if _, _, err := open(t, c).Report(t.Context(), playlist, beat); client.CodeOf(err) != client.NotDelivered {
		t.Errorf("what is never delivered ends with %v", err)
	}
}

// Package client speaks the protocol of study time (docs/study-time.md): it
// opens a session, fetches the video, reports what was played, and closes.
//
//	c := client.Client{Base: "https://hours.example", SignIn: token}
//	s, err := c.Open(ctx, lesson)
//	p, err := s.Playlist(ctx)
//	_, err = s.Fetch(ctx, p.Segments[0])
//	_, _, err = s.Report(ctx, p, client.Beat{State: client.Playing, Visible: true, Spans: []client.Span{{FromMS: 0, ToMS: 5000, Rate: 1}}})
//	err = s.Close(ctx)
//
// What the server refuses is a *Problem.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	api        = "/api/v1"
	cookieName = "hourglass_session"
	// Bounds of what is read of one answer, so that no server can fill the memory.
	maxJSON     = 1 << 20
	maxPlaylist = 8 << 20
	maxSegment  = 256 << 20
)

// Client is one signed-in person at a server. Base is required.
type Client struct {
	Base   string       // e.g. https://hours.example
	SignIn string       // value of the sign-in cookie; empty: HTTP brings a cookie jar of its own
	HTTP   *http.Client // nil: http.DefaultClient
	// Pause is the first pause before a beat is sent again, doubled up to
	// MaxPause, when the server names none; zero: 250 ms and 15 s.
	Pause, MaxPause time.Duration
}

// Open opens a session in a lesson. While another one of the person is live it
// is refused with LeaseHeld.
func (c *Client) Open(ctx context.Context, lesson string) (*Session, error) {
	return c.open(ctx, lesson, false)
}

// TakeOver is Open, and ends the person's live session elsewhere for good.
func (c *Client) TakeOver(ctx context.Context, lesson string) (*Session, error) {
	return c.open(ctx, lesson, true)
}

func (c *Client) open(ctx context.Context, lesson string, takeOver bool) (*Session, error) {
	s := &Session{client: c}
	body := struct {
		LessonID string `json:"lesson_id"`
		TakeOver bool   `json:"take_over"`
	}{lesson, takeOver}
	if err := c.json(ctx, http.MethodPost, api+"/study-sessions", body, &s.Opened); err != nil {
		return nil, fmt.Errorf("open a study session: %w", err)
	}
	s.seq, s.token = s.Opened.Seq, s.Opened.Token
	return s, nil
}

// json sends a value and reads one; both may be nil.
func (c *Client) json(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	data, err := c.do(ctx, method, path, body, maxJSON)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("the answer of %s %s: %w", method, path, err)
	}
	return nil
}

// do sends a request and reads at most limit bytes of its answer.
func (c *Client) do(ctx context.Context, method, address string, body []byte, limit int64) ([]byte, error) {
	req, err := c.request(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	h := c.HTTP
	if h == nil {
		h = http.DefaultClient
	}
	res, err := h.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode >= http.StatusMultipleChoices {
		return nil, problemOf(res)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("the answer of %s is longer than %d bytes", req.URL.Path, limit)
	}
	return data, err
}

func (c *Client) request(ctx context.Context, method, address string, body []byte) (*http.Request, error) {
	base, err := url.Parse(c.Base)
	if err != nil {
		return nil, err
	}
	target, err := base.Parse(address)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	// The sign-in is for this server alone, whatever a playlist points at.
	if c.SignIn != "" && target.Host == base.Host && strings.HasPrefix(target.Path, api+"/") {
		req.AddCookie(&http.Cookie{Name: cookieName, Value: c.SignIn})
	}
	return req, nil
}

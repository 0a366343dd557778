package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Playing states of a beat.
const (
	Playing   = "playing"
	Paused    = "paused"
	Buffering = "buffering"
	Ended     = "ended"
)

// Opened is what the server says of a session when it opens.
type Opened struct {
	ID            string   `json:"id"`
	Token         string   `json:"token"`
	Seq           int64    `json:"seq"`
	Fence         int64    `json:"fence"`
	BeatIntervalS int      `json:"beat_interval_s"`
	PlaylistURL   string   `json:"playlist_url"`
	ResumeAtMS    int64    `json:"resume_at_ms"`
	DurationMS    int64    `json:"duration_ms"`
	Covered       [][2]int `json:"covered"`
	VerifiedS     int      `json:"verified_s"`
	PendingS      int      `json:"pending_s"`
	Completed     bool     `json:"lesson_completed"`
	ForfeitedS    int      `json:"forfeited_s"`
	Policy        Policy   `json:"policy"`
	Presence      *Check   `json:"presence"` // owed from an earlier session
}

// Check asks whether somebody is there.
type Check struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"` // confirm or question
	Prompt    string     `json:"prompt"`
	Choices   []string   `json:"choices"`
	Multiple  bool       `json:"multiple"`
	AnswerBy  *time.Time `json:"answer_by"` // nil: no deadline, study is paused
	WindowS   int        `json:"window_s"`
	Paused    bool       `json:"paused"`
	CanExtend bool       `json:"can_extend"`
}

// Reply answers a check by the numbers of its choices, or asks for more time.
type Reply struct {
	ID       string
	Answer   []int
	MoreTime bool
}

// MarshalJSON gives a reply that asks for no more time an answer, if an empty one.
func (r Reply) MarshalJSON() ([]byte, error) {
	if r.MoreTime {
		return json.Marshal(map[string]any{"id": r.ID, "more_time": true})
	}
	return json.Marshal(map[string]any{"id": r.ID, "answer": append([]int{}, r.Answer...)})
}

// Policy is what a client needs of the rules.
type Policy struct {
	MaxRate       float64 `json:"max_rate"`
	LookAheadS    int     `json:"look_ahead_s"`
	LeaseGraceS   int     `json:"lease_grace_s"`
	CompleteShare float64 `json:"complete_share"`
	WindowS       int     `json:"presence_window_s"`
}

// Span is media played: [FromMS, ToMS) at a rate.
type Span struct {
	FromMS int64   `json:"from_ms"`
	ToMS   int64   `json:"to_ms"`
	Rate   float64 `json:"rate"`
}

// Beat is what was played since the last one; the session adds sequence and token.
type Beat struct {
	State   string
	Visible bool
	Spans   []Span
	Reply   *Reply // to the open check
}

// Answer is the verdict on a beat.
type Answer struct {
	Token     string   `json:"token"`
	Seq       int64    `json:"seq"`
	VerifiedS int      `json:"verified_s"`
	PendingS  int      `json:"pending_s"`
	Covered   [][2]int `json:"covered"`
	Pending   [][2]int `json:"pending"` // covered, and not confirmed yet
	Completed bool     `json:"lesson_completed"`
	// ForfeitedS was lost to missed checks.
	ForfeitedS int    `json:"forfeited_s"`
	Presence   *Check `json:"presence"`         // the open check
	Outcome    string `json:"presence_outcome"` // passed, wrong, missed, extended, or nothing
}

// Session is an open study session. It is for one goroutine at a time: beats
// follow one another.
type Session struct {
	Opened Opened
	client *Client
	seq    int64
	token  string
}

// Next is the sequence and the token of the next beat.
func (s *Session) Next() (seq int64, token string) { return s.seq, s.token }

// Path is where the session is, below the server's address.
func (s *Session) Path() string { return api + "/study-sessions/" + s.Opened.ID }

// Beat reports what was played. While no answer comes, or the server is not
// available, it sends the same beat again until ctx ends: it counts once.
// After any other refusal the next beat keeps the sequence and the token.
func (s *Session) Beat(ctx context.Context, b Beat) (Answer, error) {
	if b.Spans == nil {
		b.Spans = []Span{} // the field is required, and null is no list
	}
	// Written once: a repetition must be the same beat.
	body, err := json.Marshal(struct {
		Token   string `json:"token"`
		Seq     int64  `json:"seq"`
		State   string `json:"state"`
		Visible bool   `json:"visible"`
		Spans   []Span `json:"spans"`
		Reply   *Reply `json:"presence,omitempty"`
	}{s.token, s.seq, b.State, b.Visible, b.Spans, b.Reply})
	if err != nil {
		return Answer{}, err
	}
	a, err := s.insist(ctx, body)
	if err != nil {
		return Answer{}, fmt.Errorf("beat %d: %w", s.seq, err)
	}
	s.token, s.seq = a.Token, a.Seq+1
	return a, nil
}

func (s *Session) insist(ctx context.Context, body []byte) (a Answer, err error) {
	err = s.client.Insist(ctx, func() error {
		data, err := s.client.do(ctx, http.MethodPost, s.Path()+"/beats", body, maxJSON)
		if err != nil {
			return err
		}
		return json.Unmarshal(data, &a)
	})
	return a, err
}

// refetches bounds how often one beat's parts are fetched once more.
const refetches = 3

// Report is Beat for what was fetched from p, as it should be used: a server
// that died may have taken along that it had sent a part a moment before. What
// is refused as not delivered is therefore fetched once more, and the same
// beat is sent again. anew says whether that was needed.
func (s *Session) Report(ctx context.Context, p Playlist, b Beat) (a Answer, anew bool, err error) {
	for range refetches {
		a, err = s.Beat(ctx, b)
		if CodeOf(err) != NotDelivered {
			return a, anew, err
		}
		anew = true
		for _, span := range b.Spans {
			for _, x := range p.Between(span.FromMS, span.ToMS) {
				if err := s.client.Insist(ctx, func() error { _, err := s.Fetch(ctx, x); return err }); err != nil {
					return a, anew, err
				}
			}
		}
	}
	a, err = s.Beat(ctx, b)
	return a, anew, err
}

// Insist does something that may be done twice until it is answered: again
// after silence, and while the server or a proxy before it is away or asks to
// come later. Any other refusal, and the end of ctx, ends it.
func (c *Client) Insist(ctx context.Context, do func() error) error {
	pause, most := c.Pause, c.MaxPause
	if pause <= 0 {
		pause = 250 * time.Millisecond
	}
	if most <= 0 {
		most = 15 * time.Second
	}
	for ; ; pause = min(2*pause, most) {
		err := do()
		if err == nil {
			return nil
		}
		wait, again := retry(err, pause)
		if !again {
			return err
		}
		if waitErr := sleep(ctx, wait); waitErr != nil {
			return errors.Join(err, waitErr)
		}
	}
}

// retry says whether the same request is to be sent again, and after what pause.
func retry(err error, pause time.Duration) (time.Duration, bool) {
	var p *Problem
	if !errors.As(err, &p) {
		return pause, true
	}
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		return max(pause, p.RetryAfter), true
	}
	return 0, false
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Close ends the session.
func (s *Session) Close(ctx context.Context) error {
	if err := s.client.json(ctx, http.MethodDelete, s.Path(), nil, nil); err != nil {
		return fmt.Errorf("close the study session: %w", err)
	}
	return nil
}

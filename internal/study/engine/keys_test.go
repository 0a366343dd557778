package engine_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/media"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
	"github.com/hourglass-lms/hourglass/internal/study/studyredis"
)

// with is a server on the same stores that signs with the first of these keys.
func (h *house) with(names ...string) *engine.Engine {
	h.t.Helper()
	all := make([]study.Key, len(names))
	for i, name := range names {
		all[i] = study.Key{ID: name, Secret: bytes.Repeat([]byte(name[:1]), 32)}
	}
	keys, err := study.NewKeys(all...)
	if err != nil {
		h.t.Fatal(err)
	}
	p := study.Policy{}.OrDefaults()
	e := engine.New(engine.Options{
		Hot: studyredis.New(h.redis, p), Evidence: h.store, Keys: keys, Policy: p, Now: h.now,
		Manifest: func(context.Context, uuid.UUID) (media.Manifest, error) { return h.course.Manifest, nil },
	})
	h.t.Cleanup(e.Stop)
	return e
}

// A key is rotated as docs/operations.md says: told everywhere, then signing
// everywhere, then the old one taken away. Nobody notices until then, and
// whoever does loses nothing.
func TestKeysRotateUnderAnOpenSession(t *testing.T) {
	t.Parallel()
	h := build(t, 120_000)
	before, told, turned, after := h.with("old"), h.with("old", "new"), h.with("new", "old"), h.with("new")
	h.engine = before
	p := h.mustOpen(0)
	p.mustPlay(6000)
	for name, e := range map[string]*engine.Engine{"a server that was told": told, "one that was not yet": before} {
		if p.e = e; p.mustPlay(3000).State.Seq == 0 {
			t.Error(name)
		}
	}
	list, err := before.Playlist(t.Context(), p.person.Person, p.id)
	if err != nil {
		t.Fatal(err)
	}
	proof, expires := list.Sign("720p", 0)
	fetch := func(e *engine.Engine) error {
		_, err := e.Deliver(t.Context(), engine.SegmentRequest{Session: p.id, Rendition: "720p", Number: 0, Expires: expires, Proof: proof})
		return err
	}
	// The new key signs; the token and the address of the old one still hold.
	p.e = turned
	a := p.mustPlay(3000)
	if err := fetch(turned); err != nil {
		t.Error("an address of the old key, while it is listed:", err)
	}
	if _, err := before.Beat(t.Context(), p.person.Person, p.id, study.Report{Token: a.Token, Seq: p.seq, Visible: true}); codeOf(err) != "wrong-token" {
		t.Error("the token is not of the new key:", err)
	}
	p.e = told
	p.mustPlay(3000) // signs with the old key once more
	// The old key is gone: a clear refusal, which leaves the session as it was.
	p.e = after
	if err := fetch(after); err == nil {
		t.Error("an address of a key that is gone holds")
	}
	h.pass(4000)
	p.last = study.Report{Token: p.token, Seq: p.seq, State: study.Playing, Visible: true, Spans: []study.Span{{FromMS: p.at - 3000, ToMS: p.at, Rate: 100}}}
	if _, err := p.send(); codeOf(err) != "wrong-token" {
		t.Fatalf("a token of a key that is gone: %v", err)
	}
	// So the client opens another, taking over its own, and claims there what was not acknowledged.
	h.engine = after
	again, err := h.open(0, true)
	if err != nil {
		t.Fatal(err)
	}
	if again.at != 18_000 {
		t.Errorf("it goes on at %d ms", again.at)
	}
	again.mustPlay(6000)
	h.expect(h.people[0], 24_000, 24, 6)
}

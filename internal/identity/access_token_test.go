package identity_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/hourglass-lms/hourglass/internal/audit/auditdb"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identitydb"
)

func (h *house) tokens(throttle identity.Throttle) *identity.AccessTokens {
	return identity.NewAccessTokens(identity.AccessTokenOptions{Store: identitydb.NewAccessTokens(h.db, auditdb.Append), Throttle: throttle, Now: h.now})
}

// owner is a person who signed in at this moment.
func (h *house) owner(person uuid.UUID) *identity.Actor {
	return &identity.Actor{PersonID: person, SignIn: uuid.New(), ProvedAt: h.now()}
}

var script = identity.NewAccessToken{Name: " 夜间脚本 ", Scopes: []identity.TokenScope{identity.LearningRead, identity.ProfileRead, identity.LearningRead}, Days: 30}

func TestAnAccessTokenIsItsOwnersUntilItEnds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		end  func(h *house, s *identity.AccessTokens, person, id uuid.UUID) error
	}{
		{"by its expiry", func(h *house, _ *identity.AccessTokens, _, _ uuid.UUID) error {
			h.later(30 * 24 * time.Hour)
			return nil
		}},
		{"by its revocation", func(_ *house, s *identity.AccessTokens, person, id uuid.UUID) error {
			return errors.Join(s.Revoke(t.Context(), person, id), s.Revoke(t.Context(), person, id))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := build(t, nil)
			person := h.signUp(t).Profile.PersonID
			s := h.tokens(nil)
			made, text, err := s.Create(t.Context(), h.owner(person), script)
			if err != nil || made.Name != "夜间脚本" || len(made.Scopes) != 2 || made.Scopes[0] != identity.ProfileRead {
				t.Fatalf("%+v %v", made, err)
			}
			h.later(30*24*time.Hour - time.Second)
			actor, scopes, err := s.Authenticate(t.Context(), text, "192.0.2.9")
			if err != nil || actor.PersonID != person || len(scopes) != 2 {
				t.Fatalf("%+v %v %v", actor, scopes, err)
			}
			if list, err := s.List(t.Context(), person); err != nil || len(list) != 1 || list[0].UsedAt == nil || list[0].UsedFrom != "192.0.2.9" {
				t.Errorf("%+v %v", list, err)
			}
			h.later(-30 * 24 * time.Hour / 2)
			if err := tc.end(h, s, person, made.ID); err != nil {
				t.Fatal(err)
			}
			if actor, _, err := s.Authenticate(t.Context(), text, ""); actor != nil || fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("it still signs in %v, %v", actor, err)
			}
		})
	}
}

func TestNothingOfATokenIsKeptThatCouldBeUsed(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	person := h.signUp(t).Profile.PersonID
	made, text, err := h.tokens(nil).Create(t.Context(), h.owner(person), script)
	if err != nil {
		t.Fatal(err)
	}
	kept := h.one(t, `SELECT (SELECT string_agg(t::text, '') FROM access_tokens t) || (SELECT string_agg(e::text, '') FROM audit_events e)`)
	for i := range len(text) - 12 {
		if part := text[i : i+12]; strings.Contains(kept, part) {
			t.Fatalf("the database holds %q of the token", part)
		}
	}
	if n := h.one(t, `SELECT count(*)::text FROM audit_events WHERE action = 'access-token.create' AND actor_id = '`+person.String()+`' AND object_id = '`+made.ID.String()+`'`); n != "1" {
		t.Errorf("made %s times in the trail", n)
	}
}

func TestAStrangersTokenCannotBeRevoked(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	s := h.tokens(nil)
	made, text, err := s.Create(t.Context(), h.owner(h.signUp(t).Profile.PersonID), script)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Revoke(t.Context(), uuid.New(), made.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a stranger revokes it: %v", err)
	}
	if _, _, err := s.Authenticate(t.Context(), text, ""); err != nil {
		t.Errorf("it ended: %v", err)
	}
}

func TestAPersonHoldsSoManyTokens(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	person, s := h.signUp(t).Profile.PersonID, h.tokens(nil)
	failed := make(chan error)
	for range identity.MaxLiveTokens + 3 {
		go func() {
			_, _, err := s.Create(t.Context(), h.owner(person), script)
			failed <- err
		}()
	}
	refused := 0
	for range identity.MaxLiveTokens + 3 {
		if err := <-failed; err != nil {
			if e, ok := fault.Of(err); !ok || e.Code != "too-many-tokens" {
				t.Error(err)
			}
			refused++
		}
	}
	if refused != 3 {
		t.Errorf("%d were refused, want 3", refused)
	}
}

func TestWhatATokenMayNotBe(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	person := h.signUp(t).Profile.PersonID
	for _, tc := range []struct {
		name  string
		n     identity.NewAccessToken
		place string
	}{
		{"without a name", identity.NewAccessToken{Name: " ", Scopes: script.Scopes, Days: 1}, "body.name"},
		{"with a name that turns its direction", identity.NewAccessToken{Name: "a\u202eb", Scopes: script.Scopes, Days: 1}, "body.name"},
		{"with a name too long", identity.NewAccessToken{Name: strings.Repeat("名", 61), Scopes: script.Scopes, Days: 1}, "body.name"},
		{"for nothing", identity.NewAccessToken{Name: "a", Days: 1}, "body.scopes"},
		{"for what there is not", identity.NewAccessToken{Name: "a", Scopes: []identity.TokenScope{"root"}, Days: 1}, "body.scopes"},
		{"for what is never chosen", identity.NewAccessToken{Name: "a", Scopes: []identity.TokenScope{"any"}, Days: 1}, "body.scopes"},
		{"for ever", identity.NewAccessToken{Name: "a", Scopes: script.Scopes, Days: 366}, "body.days"},
		{"for no time", identity.NewAccessToken{Name: "a", Scopes: script.Scopes}, "body.days"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := h.tokens(nil).Create(t.Context(), h.owner(person), tc.n)
			if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Path != tc.place {
				t.Errorf("%v", err)
			}
		})
	}
}

// counted is a throttle that lets so many through.
type counted struct {
	identity.Throttle
	left int
}

func (c *counted) Take(_ context.Context, _ string, _ identity.Limit) (time.Duration, error) {
	if c.left--; c.left < 0 {
		return 7 * time.Second, nil
	}
	return 0, nil
}

func TestOnlyTheVeryTokenIsTakenAndWrongOnesAreSlowedDown(t *testing.T) {
	t.Parallel()
	h := build(t, nil)
	_, text, err := h.tokens(nil).Create(t.Context(), h.owner(h.signUp(t).Profile.PersonID), script)
	if err != nil {
		t.Fatal(err)
	}
	s := h.tokens(nil)
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(text)
		at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
		b[at] = rapid.Byte().Filter(func(c byte) bool { return c != text[at] }).Draw(t, "byte")
		if actor, _, err := s.Authenticate(context.Background(), string(b), ""); actor != nil || fault.KindOf(err) != fault.Unauthenticated {
			t.Fatalf("%q is taken: %v", b, err)
		}
	})
	slow := h.tokens(&counted{left: 2})
	for i, want := range []fault.Kind{fault.Unauthenticated, fault.Unauthenticated, fault.TooMany} {
		if _, _, err := slow.Authenticate(t.Context(), "hgt_wrong", "192.0.2.9"); fault.KindOf(err) != want {
			t.Errorf("wrong token %d: %v", i, err)
		}
	}
	if _, _, err := slow.Authenticate(t.Context(), text, "192.0.2.9"); err != nil {
		t.Errorf("the right one is refused with them: %v", err)
	}
}

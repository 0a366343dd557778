package httpapi

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// IdempotencyStore remembers the first answer to a request that carried a key.
type IdempotencyStore interface {
	// Begin takes the key for this request: nil means go on, an answer means it
	// was given before. Another body under the same key is Invalid, the same
	// request still under way is Conflict.
	Begin(ctx context.Context, k identity.IdempotencyKey, bodyHash [32]byte, now time.Time) (*identity.FirstAnswer, error)
	// Finish keeps the answer; Abandon gives the key back when nothing was done.
	Finish(ctx context.Context, k identity.IdempotencyKey, a identity.FirstAnswer) error
	Abandon(ctx context.Context, k identity.IdempotencyKey) error
}

const idempotencyHeader = "Idempotency-Key"

var idempotencyParam = &huma.Param{
	Name: idempotencyHeader, In: "header",
	Description: "The same key and body return the first answer; the same key with another body is refused (422)",
	Schema:      &huma.Schema{Type: huma.TypeString, MinLength: new(1), MaxLength: new(200)},
}

// ownSequence lists the operations that repeat safely by their own means and
// whose answers or bodies hold a secret that must not lie in a table, or a
// cookie, which is not kept for a repeat.
var ownSequence = map[string]bool{
	"open-study-session": true, "beat": true, "create-access-token": true,
	"confirm-owner": true, "begin-totp": true, "confirm-totp": true, "ask-new-passkey": true, "add-passkey": true, "renew-recovery-codes": true,
	"begin-sign-in-link": true,
}

func idempotent(right identity.Right, op huma.Operation) bool {
	return op.Method == http.MethodPost && right != identity.Public && !ownSequence[op.OperationID]
}

// answerOnce lets a POST that carries a key happen once a person and key.
func (s *Server) answerOnce(a huma.API, operation string) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		key, actor := ctx.Header(idempotencyHeader), identity.ActorFrom(ctx.Context())
		if key == "" || actor == nil || s.svc.Idempotency == nil {
			next(ctx)
			return
		}
		if len(key) > 200 || saneKey(key) != key {
			writeProblem(a, ctx, fault.New(fault.Invalid, "the key is not usable", fault.Field{Path: "header." + idempotencyHeader, Message: "must be 1 to 200 printable ASCII characters"}))
			return
		}
		k := identity.IdempotencyKey{Person: actor.PersonID, Key: key, Operation: operation}
		if err := s.once(ctx, next, k); err != nil {
			writeProblem(a, ctx, err)
		}
	}
}

func (s *Server) once(ctx huma.Context, next func(huma.Context), k identity.IdempotencyKey) error {
	c := humafiber.Unwrap(ctx)
	first, err := s.svc.Idempotency.Begin(ctx.Context(), k, requestHash(c.Path(), c.Body()), s.now())
	if err != nil {
		return fmt.Errorf("take idempotency key: %w", err)
	}
	if first != nil {
		replay(ctx, first)
		return nil
	}
	kept := false
	// The answer is kept even when the client's time has run out: what happened must not happen again.
	keep := context.WithoutCancel(ctx.Context())
	defer func() {
		if !kept { // a refusal, a failure of ours or a panic
			_ = s.svc.Idempotency.Abandon(keep, k)
		}
	}()
	next(ctx)
	res := c.Response()
	// A refusal changed nothing: the same key may try again and be judged anew.
	if status := res.StatusCode(); status < http.StatusBadRequest {
		answer := identity.FirstAnswer{Status: status, Headers: keptHeaders(res.Header.Peek), Body: append([]byte(nil), res.Body()...)}
		if err := s.svc.Idempotency.Finish(keep, k, answer); err != nil {
			requestFrom(ctx.Context()).cause = fmt.Errorf("keep first answer: %w", err)
		}
		kept = true
	}
	return nil
}

// requestHash covers the path too: the same key for another course is another request.
func requestHash(path string, body []byte) [32]byte {
	h := sha256.New()
	h.Write([]byte(strconv.Itoa(len(path)) + ":" + path))
	h.Write(body)
	return [32]byte(h.Sum(nil))
}

func keptHeaders(peek func(string) []byte) map[string]string {
	out := map[string]string{}
	for _, name := range []string{"Content-Type", "ETag", "Location"} {
		if v := peek(name); len(v) > 0 {
			out[name] = string(v)
		}
	}
	return out
}

func replay(ctx huma.Context, first *identity.FirstAnswer) {
	for name, value := range first.Headers {
		ctx.SetHeader(name, value)
	}
	ctx.SetHeader("Idempotent-Replayed", "true")
	ctx.SetStatus(first.Status)
	_, _ = ctx.BodyWriter().Write(first.Body)
}

func saneKey(key string) string {
	for _, r := range key {
		if r < 0x21 || r > 0x7e {
			return ""
		}
	}
	return key
}

package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
)

// flowCookie ties a sign-in at a provider to the browser that began it. Each
// sign-in has one of its own, so that two tabs do not end each other's.
func flowCookie(state string) string { return "hourglass_flow_" + state[:min(len(state), 12)] }

func (s *Server) flowCookieOf(state, value string, age time.Duration) http.Cookie {
	c := http.Cookie{Name: flowCookie(state), Value: value, Path: Base + "/auth/organisations", MaxAge: int(age.Seconds()), HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	if age <= 0 {
		c.MaxAge = -1
	}
	return c
}

func (s *Server) beginSignIn(ctx context.Context, in *BeginInput) (*BegunSignIn, error) {
	return s.begin(ctx, in, nil)
}

func (s *Server) beginLink(ctx context.Context, in *BeginInput) (*BegunSignIn, error) {
	return s.begin(ctx, in, identity.ActorFrom(ctx))
}

func (s *Server) begin(ctx context.Context, in *BeginInput, asking *identity.Actor) (*BegunSignIn, error) {
	b, err := s.svc.Providers.Begin(ctx, in.ID, in.Body.Back, asking, clientOf(ctx))
	if err != nil {
		return nil, err
	}
	out := &BegunSignIn{SetCookie: s.flowCookieOf(b.State, b.Browser, oidc.FlowLife)}
	out.Body.URL = b.URL
	return out, nil
}

// finishSignIn takes what the browser brings back from the provider. It always
// answers with a page of ours: somebody who comes back wants to read, not JSON.
func (s *Server) finishSignIn(c *fiber.Ctx) error {
	if credentialIn(c).token {
		return identity.RequireScope(nil, identity.Public, http.MethodGet, ProviderCallback)
	}
	r := oidc.Return{State: bounded(c.Query("state")), Code: bounded(c.Query("code")), Issuer: bounded(c.Query("iss")), Error: bounded(c.Query("error"))}
	orgID, err := idIn(c, "id")
	if err != nil {
		return s.explain(c, uuid.Nil, "/", err)
	}
	r.Org, r.Browser = orgID, c.Cookies(flowCookie(r.State))
	s.setCookie(c, s.flowCookieOf(r.State, "", 0))
	ctx := withOrigin(c.UserContext())
	// Who is signed in matters to a link alone.
	actor, err := s.authenticate(ctx, c.Cookies(cookieName))
	if err != nil {
		return s.explain(c, orgID, "/", err)
	}
	asking := uuid.Nil
	if actor != nil {
		asking = actor.PersonID
	}
	done, err := s.svc.Providers.Finish(ctx, r, asking, clientOf(ctx))
	if step := (*identity.SecondStep)(nil); errors.As(err, &step) {
		s.setCookie(c, s.stepCookie(step))
		q := url.Values{"step": {strings.Join(factorsOf(step.Factors), ",")}, "to": {oidc.Back(done.Back)}}
		return c.Redirect("/sign-in?"+q.Encode(), http.StatusSeeOther)
	}
	if err != nil {
		return s.explain(c, orgID, done.Back, err)
	}
	if !done.Linked {
		if err := s.replaceSignIn(ctx, c); err != nil {
			return s.explain(c, orgID, done.Back, err)
		}
		s.setCookie(c, s.cookie(done.SignedIn.Token, 1))
	}
	return c.Redirect(oidc.Back(done.Back), http.StatusSeeOther)
}

// replaceSignIn ends the sign-in that was there: its token is no longer
// anybody's, and its study is over.
func (s *Server) replaceSignIn(ctx context.Context, c *fiber.Ctx) error {
	if old := c.Cookies(cookieName); old != "" {
		return s.endSignIn(ctx, old)
	}
	return nil
}

// bounded is text of a query, "" for more than any provider needs.
func bounded(text string) string {
	if len(text) > 2048 {
		return ""
	}
	return text
}

// explain sends the browser to the page that says what went wrong and what to do.
func (s *Server) explain(c *fiber.Ctx, orgID uuid.UUID, back string, err error) error {
	code, r := "unavailable", requestFrom(c.UserContext())
	if e, ok := fault.Of(err); ok && e.Code != "" {
		code = e.Code
		// Whoever looks after the provider asks what exactly was not right; the page does not say it.
		s.log.InfoContext(c.UserContext(), "a sign-in at a provider failed", "request_id", r.id, "org", orgID, "error", err)
	} else {
		r.cause = err
	}
	q := url.Values{"problem": {code}, "to": {oidc.Back(back)}, "ref": {r.id}}
	if orgID != uuid.Nil {
		q.Set("org", orgID.String())
	}
	return c.Redirect("/sign-in/organisation?"+q.Encode(), http.StatusSeeOther)
}

// setCookie writes a cookie as net/http does; Fiber's own drops some of it.
func (s *Server) setCookie(c *fiber.Ctx, cookie http.Cookie) {
	if text := cookie.String(); text != "" && !strings.ContainsAny(text, "\r\n") {
		c.Response().Header.Add(fiber.HeaderSetCookie, text)
	}
}

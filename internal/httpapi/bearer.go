package httpapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// AccessTokens makes and revokes personal access tokens, and knows whose one is.
type AccessTokens interface {
	Create(ctx context.Context, a *identity.Actor, n identity.NewAccessToken) (identity.AccessToken, string, error)
	List(ctx context.Context, person uuid.UUID) ([]identity.AccessToken, error)
	Revoke(ctx context.Context, person, id uuid.UUID) error
	// Authenticate is an error, never nil, for a token that does not hold.
	Authenticate(ctx context.Context, token, address string) (*identity.Actor, []identity.TokenScope, error)
}

// bearerOf is the access token of an Authorization header; false for any other
// scheme, such as the password that a proxy in front asks for.
func bearerOf(header string) (string, bool) {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimSpace(token), true
}

// credential is what a request says of who sent it.
type credential struct {
	cookie string // of a browser's sign-in
	bearer string // a program's access token
	token  bool   // there is a bearer, be it empty
}

func credentialOf(cookie, authorization string) credential {
	c := credential{cookie: cookie}
	c.bearer, c.token = bearerOf(authorization)
	return c
}

func credentialIn(c *fiber.Ctx) credential {
	return credentialOf(c.Cookies(cookieName), c.Get(fiber.HeaderAuthorization))
}

var errTwoCredentials = fault.Coded(fault.Unauthenticated, "two-credentials", "Send a cookie or an access token, not both.")

// actorFor is who asks for an operation, nil for nobody, and an error for who
// may not. A browser has its roles; a token besides only its scopes.
func (s *Server) actorFor(ctx context.Context, c credential, right identity.Right, op *huma.Operation) (actor *identity.Actor, err error) {
	if !c.token {
		if actor, err = s.authenticate(ctx, c.cookie); err != nil {
			return nil, err
		}
		return actor, actor.Permits(right)
	}
	// Never both: the origin of a request with a token is not checked, so its cookie must count for nothing.
	if c.cookie != "" {
		return nil, errTwoCredentials
	}
	actor, scopes, err := s.authenticateToken(ctx, c.bearer)
	if err == nil {
		err = identity.RequireScope(scopes, right, op.Method, op.Path)
	}
	if err == nil {
		err = actor.Permits(right)
	}
	return actor, err
}

func (s *Server) authenticateToken(ctx context.Context, token string) (*identity.Actor, []identity.TokenScope, error) {
	if s.svc.AccessTokens == nil {
		return nil, nil, fault.New(fault.Unauthenticated, "access tokens are not taken here")
	}
	return s.svc.AccessTokens.Authenticate(ctx, token, requestFrom(ctx).address)
}

// bySignIn is who a credential signs in at this moment; nil for nobody.
func (s *Server) bySignIn(ctx context.Context, c credential) (*identity.Actor, error) {
	if !c.token {
		return s.authenticate(ctx, c.cookie)
	}
	actor, _, err := s.authenticateToken(ctx, c.bearer)
	if fault.KindOf(err) == fault.Unauthenticated {
		return nil, nil
	}
	return actor, err
}

// name tells sign-ins apart without giving them away.
func (c credential) name() []byte {
	if c.token {
		return identity.StudyName("bearer " + c.bearer)
	}
	return identity.StudyName(c.cookie)
}

// challenge tells a program what its token lacks (RFC 6750, section 3).
func challenge(p *ProblemDocument) string {
	switch {
	case p.Status == http.StatusUnauthorized && p.Type == "/problems/wrong-token":
		return `Bearer error="invalid_token"`
	case p.Type == "/problems/insufficient-scope" || p.Type == "/problems/closed-to-tokens":
		return `Bearer error="insufficient_scope"`
	case p.Status == http.StatusUnauthorized:
		return "Bearer"
	}
	return ""
}

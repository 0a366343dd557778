package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
)

// AccessToken is a personal access token as its owner sees it, without the token itself.
type AccessToken struct {
	ID        uuid.UUID  `json:"id"`
	Name      string     `json:"name"`
	Scopes    []string   `json:"scopes"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"Last, to the minute"`
	UsedFrom  string     `json:"used_from,omitempty" doc:"Address of the last use"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	State     string     `json:"state" enum:"live,expired,revoked"`
}

// MadeAccessToken is a fresh token; its text is told this once.
type MadeAccessToken struct {
	AccessToken
	Token string `json:"token" doc:"Send it as Authorization: Bearer; it is not shown again"`
}

// AccessTokenList is a person's tokens, the newest first.
type AccessTokenList struct {
	Items []AccessToken `json:"items"`
}

// MakeAccessTokenInput asks for a token.
type MakeAccessTokenInput struct {
	Body struct {
		Name   string   `json:"name" minLength:"1" maxLength:"60" doc:"What it is for"`
		Scopes []string `json:"scopes" minItems:"1" maxItems:"7" enum:"profile:read,learning:read,learning:write,authoring,review,people:read,people:write" doc:"What it may do, within what your roles allow"`
		Days   int      `json:"days" minimum:"1" maximum:"365" doc:"How long it holds"`
	}
}

func (s *Server) registerAccessTokens(a huma.API) {
	tags := []string{"Accounts"}
	register(a, identity.Own, huma.Operation{OperationID: "list-access-tokens", Method: http.MethodGet, Path: "/me/access-tokens", Tags: tags, Summary: "One's personal access tokens, those that ended within a month too"}, s.listAccessTokens)
	register(a, identity.Own, huma.Operation{OperationID: "create-access-token", Method: http.MethodPost, Path: "/me/access-tokens", Tags: tags, Summary: "Make a personal access token", DefaultStatus: http.StatusCreated, MaxBodyBytes: 16 << 10}, s.createAccessToken)
	register(a, identity.Own, huma.Operation{OperationID: "revoke-access-token", Method: http.MethodDelete, Path: "/me/access-tokens/{id}", Tags: tags, Summary: "Revoke a token; it ends at once"}, s.revokeAccessToken)
}

func (s *Server) listAccessTokens(ctx context.Context, _ *struct{}) (*Body[AccessTokenList], error) {
	tokens, err := s.svc.AccessTokens.List(ctx, identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	out := AccessTokenList{Items: []AccessToken{}}
	for _, t := range tokens {
		out.Items = append(out.Items, s.accessTokenOf(t))
	}
	return &Body[AccessTokenList]{out}, nil
}

func (s *Server) createAccessToken(ctx context.Context, in *MakeAccessTokenInput) (*Body[MadeAccessToken], error) {
	scopes := make([]identity.TokenScope, len(in.Body.Scopes))
	for i, name := range in.Body.Scopes {
		scopes[i] = identity.TokenScope(name)
	}
	n := identity.NewAccessToken{Name: in.Body.Name, Scopes: scopes, Days: in.Body.Days}
	t, text, err := s.svc.AccessTokens.Create(ctx, identity.ActorFrom(ctx), n)
	if err != nil {
		return nil, err
	}
	return &Body[MadeAccessToken]{MadeAccessToken{s.accessTokenOf(t), text}}, nil
}

func (s *Server) revokeAccessToken(ctx context.Context, in *IDPath) (*Empty, error) {
	return &Empty{}, s.svc.AccessTokens.Revoke(ctx, identity.ActorFrom(ctx).PersonID, in.ID)
}

func (s *Server) accessTokenOf(t identity.AccessToken) AccessToken {
	out := AccessToken{ID: t.ID, Name: t.Name, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt, UsedAt: t.UsedAt, UsedFrom: t.UsedFrom, RevokedAt: t.RevokedAt, State: "live"}
	for _, scope := range t.Scopes {
		out.Scopes = append(out.Scopes, string(scope))
	}
	switch {
	case t.RevokedAt != nil:
		out.State = "revoked"
	case !t.ExpiresAt.After(s.now()):
		out.State = "expired"
	}
	return out
}

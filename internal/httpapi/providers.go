package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/oidc"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Providers signs people in with their organisation's OpenID Connect provider.
type Providers interface {
	Begin(ctx context.Context, orgID uuid.UUID, back string, asking *identity.Actor, from identity.Client) (oidc.Begun, error)
	Finish(ctx context.Context, r oidc.Return, asking uuid.UUID, from identity.Client) (oidc.Finished, error)
	Settings(ctx context.Context, a *identity.Actor, orgID uuid.UUID) (set oidc.Settings, confirms bool, err error)
	Save(ctx context.Context, a *identity.Actor, orgID uuid.UUID, revision int64, c oidc.Change) (oidc.Settings, error)
	Confirm(ctx context.Context, a *identity.Actor, orgID uuid.UUID, domains []string) (oidc.Settings, error)
	Offered(ctx context.Context, query string) ([]oidc.Settings, error)
	Links(ctx context.Context, person uuid.UUID) ([]oidc.Link, error)
	Unlink(ctx context.Context, person, id uuid.UUID) error
}

// ProviderCallback is where providers send people back to.
const ProviderCallback = "/auth/organisations/{id}/callback"

// SignInProvider is an organisation's OpenID Connect provider.
type SignInProvider struct {
	Org         OrgRef         `json:"org"`
	Enabled     bool           `json:"enabled"`
	Issuer      string         `json:"issuer"`
	ClientID    string         `json:"client_id"`
	HasSecret   bool           `json:"has_secret" doc:"The secret itself is never told"`
	Claim       string         `json:"claim" doc:"Names what tells the role; empty: everybody who signs in is a professional"`
	Rules       []ProviderRule `json:"rules"`
	Domains     []string       `json:"domains" doc:"Confirmed by a department above: the provider vouches for addresses in them"`
	CallbackURL string         `json:"callback_url" doc:"To be entered at the provider"`
	MayConfirm  bool           `json:"may_confirm" doc:"Whether you may confirm domains"`
	MayChange   bool           `json:"may_change" doc:"Whether you may change the provider"`
}

// ProviderRule gives a role to whom the claim holds the value, alone or in a list.
type ProviderRule struct {
	Value string `json:"value" maxLength:"200"`
	Role  string `json:"role" enum:"professional,instructor"`
}

// SaveProviderInput sets an organisation's provider.
type SaveProviderInput struct {
	IDPath
	EditInput
	Body struct {
		Enabled      bool           `json:"enabled" doc:"Only a provider that answers, and is who it says, can be switched on"`
		Issuer       string         `json:"issuer" maxLength:"255"`
		ClientID     string         `json:"client_id" maxLength:"255"`
		ClientSecret *string        `json:"client_secret,omitempty" maxLength:"512" doc:"Left out: as it was, unless the issuer is another; empty: none"`
		Claim        string         `json:"claim" maxLength:"100"`
		Rules        []ProviderRule `json:"rules" maxItems:"20"`
	}
}

// ConfirmDomainsInput confirms whose addresses a provider may vouch for.
type ConfirmDomainsInput struct {
	IDPath
	Body struct {
		Domains []string `json:"domains" maxItems:"20"`
	}
}

// OfferedInput looks for an organisation to sign in with.
type OfferedInput struct {
	Query string `query:"q" minLength:"1" maxLength:"100" required:"true" doc:"Part of the name"`
}

// OfferedList are organisations one can sign in with, ten at most.
type OfferedList struct {
	Items []OrgRef `json:"items"`
}

// BeginInput starts a sign-in with an organisation.
type BeginInput struct {
	IDPath
	Body struct {
		Back string `json:"back,omitempty" maxLength:"500" doc:"Page of ours to go to afterwards"`
	}
}

// BegunSignIn says where the browser is to go.
type BegunSignIn struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      struct {
		URL string `json:"url" doc:"The provider's page"`
	}
}

// SignInLink is a person's account at an organisation's provider.
type SignInLink struct {
	ID        uuid.UUID  `json:"id"`
	Org       OrgRef     `json:"org"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty"`
	Works     bool       `json:"works" doc:"False when the organisation changed or ended its sign-in"`
}

// SignInLinkList is a person's links.
type SignInLinkList struct {
	Items []SignInLink `json:"items"`
}

func (s *Server) registerProviders(a huma.API) {
	tags := []string{"Accounts"}
	register(a, identity.Public, huma.Operation{OperationID: "find-sign-in-organisations", Method: http.MethodGet, Path: "/auth/organisations", Tags: tags, Summary: "Organisations one can sign in with, by part of the name"}, s.offered)
	register(a, identity.Public, huma.Operation{OperationID: "begin-organisation-sign-in", Method: http.MethodPost, Path: "/auth/organisations/{id}/sign-in", Tags: tags, Summary: "Begin to sign in at an organisation's provider", MaxBodyBytes: 16 << 10}, s.beginSignIn)
	s.addRaw(a, identity.Public, huma.Operation{OperationID: "finish-organisation-sign-in", Method: http.MethodGet, Path: ProviderCallback, Tags: tags, Summary: "Where the provider sends the browser back to; answers with a redirect to a page of ours"}, s.finishSignIn)
	register(a, identity.Own, huma.Operation{OperationID: "list-sign-in-links", Method: http.MethodGet, Path: "/me/sign-in-links", Tags: tags, Summary: "One's accounts at organisations' providers"}, s.signInLinks)
	register(a, identity.Own, huma.Operation{OperationID: "begin-sign-in-link", Method: http.MethodPost, Path: "/me/sign-in-links/{id}", Tags: tags, Summary: "Begin to link one's account at an organisation's provider", MaxBodyBytes: 16 << 10}, s.beginLink)
	register(a, identity.Own, huma.Operation{OperationID: "end-sign-in-link", Method: http.MethodDelete, Path: "/me/sign-in-links/{id}", Tags: tags, Summary: "End a link"}, s.endLink)
	register(a, identity.ManageMembers, huma.Operation{OperationID: "get-sign-in-provider", Method: http.MethodGet, Path: "/organisations/{id}/sign-in-provider", Tags: tags, Summary: "An organisation's sign-in provider"}, s.getProvider)
	register(a, identity.ManageMembers, huma.Operation{OperationID: "save-sign-in-provider", Method: http.MethodPut, Path: "/organisations/{id}/sign-in-provider", Tags: tags, Summary: "Set an organisation's sign-in provider", MaxBodyBytes: 64 << 10}, s.saveProvider)
	register(a, identity.ManageOrgs, huma.Operation{OperationID: "confirm-sign-in-domains", Method: http.MethodPut, Path: "/organisations/{id}/sign-in-domains", Tags: tags, Summary: "Confirm, as a department above, whose addresses the organisation's provider may vouch for", MaxBodyBytes: 16 << 10}, s.confirmDomains)
}

func (s *Server) offered(ctx context.Context, in *OfferedInput) (*Body[OfferedList], error) {
	found, err := s.svc.Providers.Offered(ctx, in.Query)
	if err != nil {
		return nil, err
	}
	out := OfferedList{Items: []OrgRef{}}
	for _, f := range found {
		out.Items = append(out.Items, orgRefOf(f.Org))
	}
	return &Body[OfferedList]{out}, nil
}

func (s *Server) signInLinks(ctx context.Context, _ *struct{}) (*Body[SignInLinkList], error) {
	links, err := s.svc.Providers.Links(ctx, identity.ActorFrom(ctx).PersonID)
	if err != nil {
		return nil, err
	}
	out := SignInLinkList{Items: []SignInLink{}}
	for _, l := range links {
		out.Items = append(out.Items, SignInLink{ID: l.ID, Org: orgRefOf(l.Org.Org), CreatedAt: l.Created, UsedAt: l.Used, Works: l.Org.Enabled})
	}
	return &Body[SignInLinkList]{out}, nil
}

func (s *Server) endLink(ctx context.Context, in *IDPath) (*Empty, error) {
	return &Empty{}, s.svc.Providers.Unlink(ctx, identity.ActorFrom(ctx).PersonID, in.ID)
}

func (s *Server) getProvider(ctx context.Context, in *IDPath) (*Tagged[SignInProvider], error) {
	a := identity.ActorFrom(ctx)
	set, confirms, err := s.svc.Providers.Settings(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	return providerOf(a, set, confirms), nil
}

func (s *Server) saveProvider(ctx context.Context, in *SaveProviderInput) (*Tagged[SignInProvider], error) {
	revision, err := in.Revision()
	if err != nil {
		return nil, err
	}
	b, a := in.Body, identity.ActorFrom(ctx)
	c := oidc.Change{Enabled: b.Enabled, Issuer: b.Issuer, ClientID: b.ClientID, Secret: b.ClientSecret, Claim: b.Claim}
	for _, r := range b.Rules {
		c.Rules = append(c.Rules, oidc.Rule{Value: r.Value, Role: org.Role(r.Role)})
	}
	set, err := s.svc.Providers.Save(ctx, a, in.ID, revision, c)
	if err != nil {
		return nil, atIssuer(err)
	}
	_, confirms, err := s.svc.Providers.Settings(ctx, a, in.ID)
	if err != nil {
		return nil, err
	}
	return providerOf(a, set, confirms), nil
}

// atIssuer puts what is wrong with a provider beside the field that names it.
func atIssuer(err error) error {
	e, ok := fault.Of(err)
	if !ok || e.Kind != fault.Invalid || len(e.Fields) > 0 || e.Code == "" {
		return err
	}
	return fault.Coded(e.Kind, e.Code, e.Msg, fault.Field{Path: "body.issuer", Message: e.Msg})
}

func (s *Server) confirmDomains(ctx context.Context, in *ConfirmDomainsInput) (*Tagged[SignInProvider], error) {
	a := identity.ActorFrom(ctx)
	set, err := s.svc.Providers.Confirm(ctx, a, in.ID, in.Body.Domains)
	if err != nil {
		return nil, err
	}
	return providerOf(a, set, true), nil
}

func providerOf(a *identity.Actor, set oidc.Settings, confirms bool) *Tagged[SignInProvider] {
	out := SignInProvider{
		Org: orgRefOf(set.Org), Enabled: set.Enabled, Issuer: set.Issuer, ClientID: set.ClientID, HasSecret: set.HasSecret, Claim: set.Claim,
		Rules: []ProviderRule{}, Domains: append([]string{}, set.Domains...), CallbackURL: set.Callback, MayConfirm: confirms,
		MayChange: a.RequireIn(identity.ManageMembers, set.Lineage) == nil,
	}
	for _, r := range set.Rules {
		out.Rules = append(out.Rules, ProviderRule{Value: r.Value, Role: string(r.Role)})
	}
	return &Tagged[SignInProvider]{ETag: etagOf(set.Revision), Body: out}
}

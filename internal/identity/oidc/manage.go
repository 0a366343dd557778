package oidc

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
)

// Link ties a person to an account at a provider.
type Link struct {
	ID      uuid.UUID
	Org     Settings // its name, and whether its provider is still the one
	Created time.Time
	Used    *time.Time
}

var errNoOrg = fault.New(fault.NotFound, "there is no such thing here, or it is not yours to see")

// seen is the settings of an organisation to somebody who manages its members
// or confirms its domains.
func (s *Service) seen(ctx context.Context, a *identity.Actor, orgID uuid.UUID) (Settings, error) {
	set, err := s.o.Store.Settings(ctx, orgID)
	if err != nil {
		return Settings{}, err
	}
	if a.RequireIn(identity.ManageMembers, set.Lineage) != nil && !s.confirms(a, set) {
		return Settings{}, errNoOrg
	}
	set.Callback, set.HasSecret = s.callback(orgID), set.Sealed != nil
	return set, nil
}

// confirms says whether the actor answers for a department above: an
// organisation that could name its own domains could name anybody's.
func (s *Service) confirms(a *identity.Actor, set Settings) bool {
	above := set.Lineage[1:]
	if len(above) == 0 {
		above = set.Lineage // nobody stands above the highest
	}
	return a.RequireIn(identity.ManageOrgs, above) == nil
}

// Settings are an organisation's, and whether the actor may confirm its domains.
func (s *Service) Settings(ctx context.Context, a *identity.Actor, orgID uuid.UUID) (set Settings, confirms bool, err error) {
	set, err = s.seen(ctx, a, orgID)
	return set, err == nil && s.confirms(a, set), err
}

// Save sets an organisation's provider, which must answer and be who it says
// before it can be switched on.
func (s *Service) Save(ctx context.Context, a *identity.Actor, orgID uuid.UUID, revision int64, c Change) (Settings, error) {
	set, err := s.seen(ctx, a, orgID)
	if err != nil {
		return Settings{}, err
	}
	if err := a.RequireIn(identity.ManageMembers, set.Lineage); err != nil {
		return Settings{}, err
	}
	if c, err = c.check(set.Org.Kind, s.o.PlainLoopback); err != nil {
		return Settings{}, err
	}
	if c.Enabled {
		if err := s.o.Provider.Check(ctx, c.Issuer); err != nil {
			return Settings{}, err
		}
	}
	switch {
	case c.Secret == nil && c.Issuer != set.Issuer:
		// A secret that was made for one provider is not told to another.
		set.Sealed = nil
	case c.Secret != nil && *c.Secret == "":
		set.Sealed = nil
	case c.Secret != nil:
		if set.Sealed, err = s.o.Box.Seal(ctx, purpose(orgID), []byte(*c.Secret)); err != nil {
			return Settings{}, fmt.Errorf("seal the client's secret: %w", err)
		}
	}
	set.Enabled, set.Issuer, set.ClientID, set.Claim, set.Rules, set.Revision = c.Enabled, c.Issuer, c.ClientID, c.Claim, c.Rules, revision
	if set, err = s.o.Store.SaveSettings(ctx, a.PersonID, set, s.o.Now().UTC()); err != nil {
		return Settings{}, err
	}
	set.Callback, set.HasSecret = s.callback(orgID), set.Sealed != nil
	return set, nil
}

// Confirm sets the domains whose addresses the organisation's provider may vouch for.
func (s *Service) Confirm(ctx context.Context, a *identity.Actor, orgID uuid.UUID, domains []string) (Settings, error) {
	set, err := s.seen(ctx, a, orgID)
	if err != nil {
		return Settings{}, err
	}
	if !s.confirms(a, set) {
		return Settings{}, fault.Coded(fault.Forbidden, "confirmed-above", "Domains are confirmed by the department above the organisation.")
	}
	if domains, err = checkDomains(domains); err != nil {
		return Settings{}, err
	}
	if set, err = s.o.Store.SaveDomains(ctx, a.PersonID, orgID, domains, s.o.Now().UTC()); err != nil {
		return Settings{}, err
	}
	set.Callback, set.HasSecret = s.callback(orgID), set.Sealed != nil
	return set, nil
}

// Offered are organisations one can sign in with, by part of a name, ten at most.
func (s *Service) Offered(ctx context.Context, query string) ([]Settings, error) {
	return s.o.Store.Offered(ctx, query)
}

// Links are a person's accounts at providers.
func (s *Service) Links(ctx context.Context, person uuid.UUID) ([]Link, error) {
	return s.o.Store.Links(ctx, person)
}

// Unlink ends one of a person's links.
func (s *Service) Unlink(ctx context.Context, person, id uuid.UUID) error {
	return s.o.Store.Unlink(ctx, person, id, s.o.Now().UTC())
}

package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/httpapi"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/identity/identityredis"
	"github.com/hourglass-lms/hourglass/internal/registry/registrydb"
	"github.com/hourglass-lms/hourglass/internal/search"
	"github.com/hourglass-lms/hourglass/internal/search/searchdb"
	"github.com/hourglass-lms/hourglass/internal/workspace/workspacedb"
)

// addShells plugs in what the workspaces' pages read.
func (a *App) addShells(s *httpapi.Services, hours *registrydb.Store) {
	s.Workspaces = workspacedb.New(a.parts.db, time.Now)
	s.Staff = registrydb.NewPeople(hours)
	s.Search = &searchService{searchdb.New(a.parts.db, time.Now), identityredis.New(a.parts.redis)}
}

// searchService bounds how often one person searches: faster than anybody
// types, slower than a program would list names.
type searchService struct {
	store    *searchdb.Store
	throttle identity.Throttle
}

var searches = identity.Limit{Burst: 40, Every: 300 * time.Millisecond}

// Find searches unless this person has searched too often. While the counter
// is away people may search: the queries themselves are bounded.
func (s *searchService) Find(ctx context.Context, by uuid.UUID, q search.Query) (search.Found, error) {
	if wait, err := s.throttle.Take(ctx, "search "+by.String(), searches); err == nil && wait > 0 {
		return search.Found{}, fault.Later(fault.TooMany, wait, "Too many searches. Please wait a moment and try again.")
	}
	return s.store.Find(ctx, q)
}

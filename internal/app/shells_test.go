package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/search"
	"github.com/hourglass-lms/hourglass/internal/search/searchdb"
)

// tap lets so many tries through.
type tap struct {
	left int
	err  error
}

func (t *tap) Take(context.Context, string, identity.Limit) (time.Duration, error) {
	if t.left--; t.left < 0 {
		return time.Second, t.err
	}
	return 0, t.err
}

func (t *tap) GiveBack(context.Context, string, identity.Limit) error { return nil }

func TestASearchIsRefusedWhenThereWereTooMany(t *testing.T) {
	t.Parallel()
	s := searchService{searchdb.New(nil, nil), &tap{left: 1}} // an empty search asks no database
	if _, err := s.Find(t.Context(), uuid.New(), search.Query{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Find(t.Context(), uuid.New(), search.Query{}); fault.KindOf(err) != fault.TooMany {
		t.Errorf("the second: %v", err)
	}
	s.throttle = &tap{err: errors.New("away")}
	if _, err := s.Find(t.Context(), uuid.New(), search.Query{}); err != nil {
		t.Errorf("while nobody counts: %v", err)
	}
}
